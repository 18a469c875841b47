"""Amounts and levels in the words of a sentence."""

from __future__ import annotations

from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.terms import Level, Leverage, Terms

# Amounts in sentences are for reading: this many significant digits; the exact inputs stand beside them.
_READABLE_DIGITS = 8


def describe_amount(amount: Decimal, currency: str) -> str:
    """An amount for reading."""
    return f"{readable(amount)} {currency}"


def describe_about(units: Decimal, price: Decimal | None, terms: Terms) -> str:
    """Worth of an order, as the end of a sentence; empty where no price is known."""
    return "" if price is None else f", about {describe_total(units, price, terms)}"


def describe_units(units: Decimal, terms: Terms) -> str:
    """A size in base currency."""
    return f"{readable(units)} {terms.base}"


def describe_total(units: Decimal, price: Decimal, terms: Terms) -> str:
    """Worth of a size at a price, in quote currency."""
    return f"{readable(units * price)} {terms.quote}"


def describe_levels(terms: Terms) -> str:
    """Levels of all take-profit steps."""
    return ", ".join(describe_level(step.level) for step in terms.steps)


def describe_level(level: Level) -> str:
    """Where a step or a stop acts."""
    return plain(level.value) if level.value is not None else f"{plain(level.percent or Decimal(0))} %"


def readable(number: Decimal) -> str:
    """A number with as many digits as a reader needs."""
    if number == 0:
        return "0"
    digits = max(_READABLE_DIGITS - number.adjusted() - 1, 2)
    return plain(Decimal(f"{number:.{digits}f}"))


def describe_leverage(leverage: Leverage | None) -> str:
    """Margin type and factor."""
    if leverage is None:
        return "none"
    return leverage.type.value if leverage.value is None else f"{leverage.type.value} {plain(leverage.value)}"
