"""Amounts of a trade: sizes in its base currency or in contracts, worth and prices in its quote currency."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.forecasts import Forecast
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.terms import Level, Leverage, Terms

_PERCENT = "%"
FACTOR = "x"


def in_base(units: Decimal, terms: Terms) -> Amount:
    """Return a size in base currency, or in contracts."""
    return Amount(units, terms.unit)


def in_quote(price: Decimal, terms: Terms) -> Amount:
    """Return a price, or the worth of something, in quote currency."""
    return Amount(price, terms.quote)


def in_percent(share: Decimal) -> Amount:
    """Return a share in percent."""
    return Amount(share, _PERCENT)


def worth_of(units: Decimal, price: Decimal | None, terms: Terms) -> Amount | None:
    """Return what a size is worth at a price, in quote currency; None if price or size of a contract is not known."""
    worth = terms.market.worth_of(units, price)
    return None if worth is None else in_quote(worth, terms)


def margin_of(total: Amount | None, terms: Terms) -> Amount | None:
    """Return the part of a total that is bound as margin; None without a leverage whose factor is known."""
    leverage = None if terms.market.ignores_leverage else terms.leverage
    if total is None or leverage is None or not leverage.value or total.unit != terms.quote:
        return None
    return Amount(total.value / leverage.value, total.unit)


def level_of(level: Level, terms: Terms) -> Amount:
    """Return where a step or a stop acts: a price in quote currency, else a distance in percent."""
    return in_quote(level.value, terms) if level.value is not None else in_percent(level.percent or Decimal(0))


def step_levels(terms: Terms) -> tuple[Amount, ...]:
    """Return where all take-profit steps act."""
    return tuple(level_of(step.level, terms) for step in terms.steps)


def leverage_of(leverage: Leverage | None) -> Reason:
    """Return margin type and factor."""
    if leverage is None:
        return reason(Forecast.NO_LEVERAGE)
    factor = None if leverage.value is None else Amount(leverage.value, FACTOR)
    return reason(Forecast.LEVERAGE, margin=leverage.type.value, factor=factor)
