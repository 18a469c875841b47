"""`trade trades`: the orders of one trade."""

from __future__ import annotations

import json

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")
FIRST = "30000001"


@pytest.mark.usefixtures("held")
def test_trades_lists_the_orders_with_the_numbers_of_the_steps(cli: Cli) -> None:
    rows = [line.split() for line in cli("trade", "trades", "btc-dip").out.splitlines()]
    assert [(row[0], row[2]) for row in rows[1:]] == [
        ("-", "position"),
        ("1", "take_profit"),
        ("2", "take_profit"),
        ("-", "stop_loss"),
    ]
    listed = json.loads(cli("trade", "trades", "--id", FIRST, "--format", "json").out)
    assert [str(entity["id"]) for entity in listed] == [row[1] for row in rows[1:]]
