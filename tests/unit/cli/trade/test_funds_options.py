"""How the size and the price of an order are given."""

from __future__ import annotations

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("waiting")
def test_a_limit_or_a_market_order_must_be_said(cli: Cli) -> None:
    for arguments in ((), ("--market", "--price", "1")):
        done = cli("trade", "add-funds", "btc-dip", "--units", "1", *arguments, "--auto-approve")
        assert (done.code, "--market" in done.err) == (64, True)
    for units in ("0", "-1", "many", "1e99999", "NaN"):
        done = cli("trade", "add-funds", "btc-dip", "--units", units, "--market", "--auto-approve")
        assert (done.code, "expected a number above zero" in done.err) == (64, True)
