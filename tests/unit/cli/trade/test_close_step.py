"""`trade close-step`."""

from __future__ import annotations

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("held")
def test_steps_are_closed_and_cancelled_by_number_and_by_id(cli: Cli) -> None:
    closed = cli("trade", "close-step", "btc-dip", "1", "--auto-approve")
    assert closed.code == 0
    assert "step 1 of btc-dip #30000001; sells 0.005 BTC at market, about 299.5 USDT" in closed.err
    assert closed.out == "[1/1] btc-dip: close step #30000001: done: holds 0.005 BTC\n"
    last = cli("trade", "cancel-step", "btc-dip", "2", "--auto-approve")
    assert (last.code, "cancels the whole trade" in last.err) == (12, True)
