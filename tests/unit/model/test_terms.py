"""Two trades ask for the same when their terms are equal, whatever was derived from them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.terms import Leverage, LeverageType
from tests.support.builders import entry, stop, terms

CROSS = Leverage(type=LeverageType.CROSS, value=Decimal(5))


def test_numbers_are_compared_by_value() -> None:
    assert terms(entered_by=entry(60000)) == terms(entered_by=entry("60000.00"))
    assert terms(entered_by=entry(60000)) != terms(entered_by=entry("60000.01"))
    assert terms(stop_loss=stop(58500)) != terms(stop_loss=None)


def test_a_pair_is_quote_and_base() -> None:
    wanted = terms(pair="USDT_BTC")
    assert (wanted.quote, wanted.base) == ("USDT", "BTC")


def test_what_was_derived_is_not_part_of_the_value_and_not_of_a_changed_copy() -> None:
    wanted = terms()
    wanted.derived["digest"] = "abcd"
    assert wanted == terms()
    assert "abcd" not in repr(wanted)
    assert replace(wanted, pair="USDT_ETH").derived == {}


def test_the_same_leverage_gives_the_very_same_terms() -> None:
    wanted = terms(leverage=CROSS)
    assert wanted.with_leverage(replace(CROSS)) is wanted
    changed = wanted.with_leverage(None)
    assert changed.leverage is None
    assert changed == terms()
