"""Orders of a trade are read as values, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.errors import UnreadableAnswer
from reconciler.live.orders import read_order, read_orders
from tests.unit.live.wire import Answer, Wire, open_api

ORDER = {
    "id": 7,
    "trade_purpose": "take_profit",
    "order_side": "SELL",
    "order_type": "LIMIT",
    "status": "Active",
    "initial_amount": "0.01",
    "order_price": "63000",
    "trigger_price": "62000",
    "realised_amount": None,
    "cancelable": True,
}


def test_an_order_is_read_with_its_own_price_before_its_trigger() -> None:
    order = read_order(ORDER)
    assert (order.id, order.purpose, order.side, order.order_type) == (7, "take_profit", "sell", "limit")
    assert (order.status, order.cancelable) == ("Active", True)
    assert (order.units, order.price, order.filled_units) == (Decimal("0.01"), Decimal(63000), Decimal(0))
    assert read_order({**ORDER, "order_price": None}).price == Decimal(62000)


def test_what_is_absent_is_empty() -> None:
    order = read_order({"id": 7})
    assert (order.purpose, order.status, order.units, order.price, order.cancelable) == ("", "", None, None, False)


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (None, "id is missing"),
        ([], "id is missing"),
        ({"id": "7"}, "id is missing"),
        ({"id": True}, "id is missing"),
        ({**ORDER, "initial_amount": "much"}, "order 7 of the trade cannot be read"),
    ],
)
def test_an_order_that_cannot_be_read_is_an_error(entity: object, message: str) -> None:
    with pytest.raises(UnreadableAnswer, match=message):
        read_order(entity)


def test_one_unreadable_order_makes_the_list_unreadable() -> None:
    assert [order.id for order in read_orders(open_api(Wire(Answer(200, [ORDER, {"id": 8}]))), 5)] == [7, 8]
    with pytest.raises(UnreadableAnswer):
        read_orders(open_api(Wire(Answer(200, [ORDER, {}]))), 5)
