"""Amounts of a trade in its currencies."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.reasons import Amount
from reconciler.model.terms import Leverage, LeverageType
from reconciler.planning.amounts import in_base, in_percent, in_quote, level_of, leverage_of, step_levels, worth_of
from reconciler.rendering.reasons import describe
from tests.support import builders

TERMS = builders.terms()


def test_a_size_is_in_base_currency_and_a_price_in_quote_currency() -> None:
    assert in_base(Decimal("0.01"), TERMS) == Amount(Decimal("0.01"), "BTC")
    assert in_quote(Decimal(60000), TERMS) == Amount(Decimal(60000), "USDT")
    assert in_percent(Decimal(50)) == Amount(Decimal(50), "%")


def test_the_worth_of_a_size_needs_a_price() -> None:
    assert worth_of(Decimal("0.01"), Decimal(60000), TERMS) == Amount(Decimal(600), "USDT")
    assert worth_of(Decimal("0.01"), None, TERMS) is None


def test_a_level_is_a_price_or_else_a_percentage() -> None:
    assert level_of(builders.level(58500), TERMS) == Amount(Decimal(58500), "USDT")
    assert level_of(builders.level(None, percent=3), TERMS) == Amount(Decimal(3), "%")
    assert [level.value for level in step_levels(TERMS)] == [63000, 66000]


def test_leverage_has_a_margin_type_and_perhaps_a_factor() -> None:
    assert describe(leverage_of(None)) == "none"
    assert describe(leverage_of(Leverage(type=LeverageType.CROSS, value=None))) == "cross"
    assert describe(leverage_of(Leverage(type=LeverageType.ISOLATED, value=Decimal(3)))) == "isolated 3"
