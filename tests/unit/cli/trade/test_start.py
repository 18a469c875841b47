"""`trade start`."""

from __future__ import annotations

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("waiting")
def test_start_enters_at_market(cli: Cli) -> None:
    done = cli("trade", "start", "btc-dip", typed="yes\n")
    assert done.code == 0
    assert "start btc-dip #30000001 (USDT_BTC): buys 0.01 BTC at market now, about 638.0245 USDT" in done.err
    assert done.out == "[1/1] btc-dip: start #30000001: done: holds 0.01 BTC at 63866.25\n"
    assert "No changes." in cli("plan").out
