"""Trades that commands are given for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Cli


@pytest.fixture
def waiting(cli: Cli, workspace: Path) -> None:
    """One trade that waits for its entry."""
    assert cli("apply", "--auto-approve").code == 0


@pytest.fixture
def held(cli: Cli, waiting: None) -> None:
    """One trade that holds its position."""
    assert cli("sandbox", "price", "USDT_BTC", "59900").code == 0
