from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.sandbox.requests.grid import cut_change, cut_entry, cut_funds, cut_trade
from reconciler.sandbox.values.terms import ChangeTerms, EntryType, FundsTerms, OrderType, TradeTerms
from tests.unit.sandbox.trades import BTC, build_entry, build_step, build_stop

OFF = Decimal("100.129")
CUT = Decimal("100.12")


def test_an_entry_keeps_its_trigger_and_an_own_price() -> None:
    entry = build_entry(EntryType.CONDITIONAL, units=Decimal("0.123456"), price=OFF, trigger=OFF)
    cut = cut_entry(entry, BTC, has_own_price=False)

    assert (cut.units, cut.price, cut.trigger) == (Decimal("0.12345"), CUT, OFF)
    assert cut_entry(entry, BTC, has_own_price=True).price == OFF


def test_a_stop_keeps_its_trigger() -> None:
    stop = replace(build_stop("100.129").terms, limit_price=OFF)
    change = ChangeTerms(units=Decimal(1), price=OFF, steps=(build_step("100.129").terms,), stop=stop)
    cut = cut_change(change, BTC, has_own_price=False)

    assert cut.steps is not None
    assert cut.stop is not None
    assert (cut.price, cut.steps[0].price, cut.stop.trigger, cut.stop.limit_price) == (CUT, CUT, OFF, CUT)
    assert cut_change(change, BTC, has_own_price=True).price == OFF


def test_groups_that_are_missing_stay_missing() -> None:
    terms = TradeTerms(
        account_id=1,
        pair=BTC.name,
        is_instant=True,
        skip_enter_step=False,
        entry=build_entry(),
        steps=None,
        stop=None,
        note=None,
    )

    assert cut_trade(terms, BTC) == terms


def test_what_lies_on_the_grid_keeps_its_digits_and_what_is_negative_is_left_to_the_checks() -> None:
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.5"), price=Decimal("-0.001"))
    cut = cut_funds(terms, BTC)

    assert (str(cut.units), cut.price) == ("0.5", Decimal("-0.001"))
