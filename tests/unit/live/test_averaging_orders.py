"""Averaging orders among the sub-trades: told apart from entry, steps and stop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.errors import UnreadableAnswer
from reconciler.live.averaging_orders import _pick
from reconciler.model.live import LiveTrade, Phase
from tests.support import builders
from tests.support.averaging_orders import order

LIVE = builders.live(phase=Phase.OPEN)
OWN = replace(LIVE, terms=replace(LIVE.terms, skip_enter_step=True))


def sub(number: int, **changes: object) -> dict[str, object]:
    usual = {
        "id": number,
        "trade_purpose": "position",
        "order_side": "buy",
        "order_type": "limit",
        "status": "order_placed",
        "initial_amount": "0.005",
        "initial_price": "57000.0",
        "order_price": "57000.0",
        "realised_amount": "0.0",
        "cancelable": True,
    }
    return usual | changes


ENTRY = sub(1, status="finished", order_price="60000.0", initial_amount="0.01")


def ids(live: LiveTrade, *subs: dict[str, object]) -> list[int]:
    return [sent.id for sent in _pick(subs, live)]


def test_the_oldest_position_order_is_the_entry_wherever_it_stands() -> None:
    assert ids(LIVE, sub(9), sub(5), ENTRY) == [5, 9]


def test_exits_orders_at_market_and_orders_of_the_other_side_are_none() -> None:
    others = [
        sub(2, trade_purpose="take_profit", order_side="sell"),
        sub(3, trade_purpose="stop_loss", order_side="sell"),
        sub(4, trade_purpose="reduce_funds", order_side="sell"),
        sub(5, order_type="market", order_price=None),
        sub(6, order_side="sell"),
    ]
    assert ids(LIVE, ENTRY, *others, sub(7, order_side="Buy")) == [7]


def test_a_purpose_that_is_not_known_may_be_an_averaging_order() -> None:
    assert ids(LIVE, ENTRY, sub(2, trade_purpose="averaging")) == [2]


def test_own_funds_have_an_entry_or_none() -> None:
    assert ids(OWN, sub(1, status="smart_sell"), sub(2)) == [2]
    assert ids(OWN, sub(2)) == [2]
    assert ids(OWN) == []


@pytest.mark.parametrize(
    ("status", "is_pending", "is_executed"),
    [
        ("idle", True, False),
        ("order_placed", True, False),
        ("pending_cancellation", True, False),
        ("a word of tomorrow", True, False),
        ("finished", False, True),
        ("cancelled", False, False),
        ("failed", False, False),
    ],
)
def test_what_is_not_known_to_be_over_may_still_be_filled(status: str, *, is_pending: bool, is_executed: bool) -> None:
    (sent,) = _pick([ENTRY, sub(2, status=status)], LIVE)
    assert (sent.is_pending, sent.is_executed) == (is_pending, is_executed)
    assert sent.order == order(57000)


def test_an_order_without_a_limit_price_has_the_one_that_was_asked_for() -> None:
    (sent,) = _pick([ENTRY, sub(2, order_price=None, realised_amount=None)], LIVE)
    assert (sent.order, sent.filled_units) == (order(57000), Decimal(0))


@pytest.mark.parametrize("broken", [sub(2, id=None), sub(2, initial_amount="much"), sub(2, initial_amount=None)])
def test_an_order_that_cannot_be_read_is_no_order_that_is_not_there(broken: dict[str, object]) -> None:
    with pytest.raises((UnreadableAnswer, ValueError)):
        _pick([ENTRY, broken], LIVE)
