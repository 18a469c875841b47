"""`sandbox show` and `reset`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.program import Cli


def show(cli: Cli) -> Any:
    return json.loads(cli("sandbox", "show").out)


def test_the_sandbox_moves_only_when_told(cli: Cli, workspace: Path) -> None:
    assert json.loads(cli("sandbox", "show").out)["prices"]["USDT_BTC"]["last"] == "63802.44"
    assert "59900" in cli("sandbox", "price", "USDT_BTC", "59900").out
    before = json.loads(cli("sandbox", "show").out)
    assert "2026-01-01T00:01:30" in cli("sandbox", "advance", "90s").out
    assert json.loads(cli("sandbox", "show").out)["prices"] == before["prices"]
    assert cli("sandbox", "reset").code == 0
    assert json.loads(cli("sandbox", "show").out)["prices"]["USDT_BTC"]["last"] == "63802.44"
