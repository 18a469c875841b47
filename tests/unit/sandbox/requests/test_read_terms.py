from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.requests.fields import Fields
from reconciler.sandbox.requests.read_terms import read_change_terms, read_funds_terms, read_note, read_trade_terms
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.refusals import RequestRefused
from reconciler.sandbox.values.terms import EntryType, LeverageType, OrderType, Side
from tests.unit.sandbox.bodies import OFF, conditional, limit, market, step, steps, trade


def test_a_create_is_read() -> None:
    terms = read_trade_terms(trade(position=limit("9000"), take_profit=steps(step("10000")), note="mine"))

    assert (terms.account_id, terms.pair, terms.note) == (1, "USDT_BTC", "mine")
    assert (terms.entry.side, terms.entry.order_type, terms.entry.price) == (Side.BUY, EntryType.LIMIT, Decimal(9000))
    assert terms.steps is not None
    assert (len(terms.steps), terms.stop) == (1, None)


def test_all_missing_fields_are_named_at_once() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_trade_terms({})

    assert refused.value.status == 400
    assert set(refused.value.attributes or {}) >= {"account_id", "pair", "position", "take_profit", "stop_loss"}


def test_an_instant_trade_has_no_exits_and_own_funds_are_not_instant() -> None:
    terms = read_trade_terms({"account_id": 1, "pair": "USDT_BTC", "instant": True, "position": market()})
    assert (terms.steps, terms.stop) == (None, None)
    with pytest.raises(RequestRefused):
        read_trade_terms({"account_id": 1, "pair": "USDT_BTC", "instant": True, "skip_enter_step": True})


@pytest.mark.parametrize(("side", "price_type"), [("buy", PriceType.ASK), ("sell", PriceType.BID)])
def test_the_trigger_of_an_entry_watches_the_price_of_its_side(side: str, price_type: PriceType) -> None:
    terms = read_trade_terms(trade(position=conditional("9000", side)))

    assert terms.entry.trigger_type is price_type


def test_the_retired_custom_leverage_is_isolated() -> None:
    terms = read_trade_terms(trade(leverage={"enabled": True, "type": "custom", "value": 3}))

    assert terms.leverage is not None
    assert (terms.leverage.type, terms.leverage.value) == (LeverageType.ISOLATED, Decimal(3))


def test_a_patch_replaces_only_the_groups_that_it_has() -> None:
    change = read_change_terms({"position": {"units": {"value": 1}}, "take_profit": OFF})

    assert (change.units, change.replaces_steps, change.steps) == (Decimal(1), True, None)
    assert (change.replaces_stop, change.replaces_trailing, change.replaces_leverage) == (False, False, False)


def test_a_patch_needs_units() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_change_terms({})

    assert "position[units][value]" in (refused.value.attributes or {})


def test_only_a_limit_order_of_funds_has_a_price() -> None:
    body = {"units": {"value": 1}, "price": {"value": 9000}}

    assert read_funds_terms({**body, "order_type": "limit"}).price == Decimal(9000)
    assert read_funds_terms({**body, "order_type": "market"}).price is None
    with pytest.raises(RequestRefused) as refused:
        read_funds_terms(body)
    assert refused.value.attributes == {"order_type": ["is missing", "does not have a valid value"]}


def test_the_order_type_of_funds_is_market_or_limit() -> None:
    assert read_funds_terms({"order_type": "market", "units": {"value": 1}}).order_type is OrderType.MARKET
    with pytest.raises(RequestRefused):
        read_funds_terms({"order_type": "conditional", "units": {"value": 1}})


@pytest.mark.parametrize(
    ("note", "problems"),
    [
        ("x" * 300, {}),
        ("x" * 301, {"note": ["too long. Max is 300 symbols"]}),
        ("", {"note": ["is empty"]}),
        (None, {"note": ["is missing"]}),
    ],
)
def test_a_note_has_one_to_three_hundred_characters(note: str | None, problems: dict[str, list[str]]) -> None:
    fields = Fields({"note": note})
    read_note(fields, required=True)

    assert fields.problems == problems
