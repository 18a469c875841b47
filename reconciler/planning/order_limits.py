"""Check the numbers of an order: prices off the tick, sizes off the lot, orders that are too small or too large.

Source: SmartTradesV2 page, limits of units, price and total, which come from currency_rates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from reconciler.codec.numbers import truncate
from reconciler.model.live import Rates
from reconciler.model.markets import MarketKind
from reconciler.model.plan_reasons import MarketReason
from reconciler.model.reasons import Amount, Reason, ReasonValue, reason
from reconciler.model.terms import Side, Terms
from reconciler.planning.amounts import FACTOR, in_base, in_percent, in_quote

_MOST_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class SizedOrder:
    """An order whose worth is checked.

    Attributes:
        field: Its place in the file, or what else names it.
        units: Size in base currency.
        price: Expected price in quote currency.
        is_market: Whether it is sent at market.
        share_pct: Share of the position in percent: take-profit steps only.
    """

    field: str
    units: Decimal
    price: Decimal
    is_market: bool
    share_pct: Decimal | None = None


def check_price(field: str, price: Decimal | None, terms: Terms, rates: Rates) -> Iterator[Reason]:
    """Check that a price is within the limits and on the tick.

    Args:
        field: Its place in the file, or what else names it.
        price: In quote currency; None if there is none.
        terms: The trade.
        rates: Limits of its pair.
    """
    if price is None:
        return
    limits, shown = rates.limits, in_quote(price, terms)
    if limits.min_price is not None and price < limits.min_price:
        smallest = in_quote(limits.min_price, terms)
        yield reason(MarketReason.PRICE_TOO_LOW, field=field, price=shown, limit=smallest)
    elif limits.max_price is not None and price > limits.max_price:
        largest = in_quote(limits.max_price, terms)
        yield reason(MarketReason.PRICE_TOO_HIGH, field=field, price=shown, limit=largest)
    elif truncate(price, rates.price_step) != price:
        near = _neighbours(price, rates.price_step, terms.quote)
        step = in_quote(rates.price_step, terms)
        yield reason(MarketReason.PRICE_OFF_TICK, field=field, price=shown, step=step, **near)


def check_units(field: str, units: Decimal, terms: Terms, rates: Rates) -> Iterator[Reason]:
    """Check that a size is within the limits and on the lot.

    Args:
        field: Its place in the file, or what else names it.
        units: In base currency.
        terms: The trade.
        rates: Limits of its pair.
    """
    limits, shown = rates.limits, in_base(units, terms)
    if limits.min_lot is not None and units < limits.min_lot:
        yield reason(MarketReason.UNITS_TOO_SMALL, field=field, units=shown, limit=in_base(limits.min_lot, terms))
    elif limits.max_lot is not None and units > limits.max_lot:
        yield reason(MarketReason.UNITS_TOO_LARGE, field=field, units=shown, limit=in_base(limits.max_lot, terms))
    elif truncate(units, rates.lot_step) != units:
        near = _neighbours(units, rates.lot_step, terms.unit)
        step = in_base(rates.lot_step, terms)
        yield reason(MarketReason.UNITS_OFF_LOT, field=field, units=shown, step=step, **near)


def check_total(order: SizedOrder, terms: Terms, rates: Rates) -> Iterator[Reason]:
    """Check that an order is neither too small nor too large in quote currency.

    Without the size of a contract, and for contracts that are paid in the coin, totals are not compared: in which
    currency the limits of the latter are is not known.

    Args:
        order: The order.
        terms: The trade.
        rates: Limits of its pair.
    """
    limits, market = rates.limits, terms.market
    total = market.worth_of(order.units, order.price)
    if total is None or market.kind is MarketKind.INVERSE:
        return
    is_market = order.is_market and limits.min_market_total is not None
    smallest = limits.min_market_total if is_market else limits.min_total
    values: dict[str, ReasonValue | None] = {
        "field": order.field,
        "share": None if order.share_pct is None else in_percent(order.share_pct),
        "units": in_base(order.units, terms),
        "total": in_quote(total, terms),
    }
    if smallest is not None and total < smallest:
        units = market.units_for(smallest, order.price)
        least = None if units is None else in_base(_round_up(units, rates.lot_step), terms)
        yield reason(MarketReason.TOTAL_TOO_SMALL, **values, limit=in_quote(smallest, terms), least=least)
    elif limits.max_total is not None and total > limits.max_total:
        units = market.units_for(limits.max_total, order.price)
        most = None if units is None else in_base(truncate(units, rates.lot_step), terms)
        yield reason(MarketReason.TOTAL_TOO_LARGE, **values, limit=in_quote(limits.max_total, terms), most=most)


def check_market_order(order: SizedOrder, side: Side, terms: Terms, rates: Rates) -> Iterator[Reason]:
    """Check that an order at market is neither too small nor too large for one.

    Args:
        order: The order; nothing is found if it is not one at market.
        side: Whether it buys or sells.
        terms: The trade.
        rates: Limits of its pair.
    """
    if not order.is_market:
        return
    limits = rates.limits
    smallest = limits.min_market_buy if side is Side.BUY else limits.min_market_sell
    largest = limits.max_market_buy if side is Side.BUY else limits.max_market_sell
    share = None if order.share_pct is None else in_percent(order.share_pct)
    values: dict[str, ReasonValue | None] = {
        "field": order.field,
        "share": share,
        "units": in_base(order.units, terms),
    }
    if smallest is not None and order.units < smallest:
        yield reason(MarketReason.MARKET_TOO_SMALL, **values, limit=in_base(smallest, terms))
    elif largest is not None and order.units > largest:
        yield reason(MarketReason.MARKET_TOO_LARGE, **values, limit=in_base(largest, terms))


def check_band(field: str, price: Decimal | None, side: Side, terms: Terms, rates: Rates) -> Iterator[Reason]:
    """Check that a limit price is not too far from the present one.

    Source: bid and ask multipliers of currency_rates; that they are of buys and of sells, and of which price they are
    multiples, is assumed, so what is found may be refused and need not be.

    Args:
        field: Its place in the file, or what else names it.
        price: In quote currency; None if there is none.
        side: Whether the order buys or sells.
        terms: The trade.
        rates: Limits of its pair, and the present price.
    """
    limits, now = rates.limits, rates.prices.last
    if price is None or now <= 0:
        return
    lowest = limits.lowest_buy if side is Side.BUY else limits.lowest_sell
    highest = limits.highest_buy if side is Side.BUY else limits.highest_sell
    values: dict[str, ReasonValue | None] = {
        "field": field,
        "price": in_quote(price, terms),
        "side": side.value,
        "now": in_quote(now, terms),
    }
    if lowest is not None and price < lowest * now:
        yield reason(MarketReason.PRICE_BELOW_BAND, **values, limit=in_quote(lowest * now, terms))
    elif highest is not None and price > highest * now:
        yield reason(MarketReason.PRICE_ABOVE_BAND, **values, limit=in_quote(highest * now, terms))


def check_leverage(terms: Terms, rates: Rates) -> Iterator[Reason]:
    """Check that the leverage is not above the largest one that the API names for its margin type.

    Args:
        terms: The trade.
        rates: Limits of its pair.
    """
    leverage, largest = terms.leverage, dict(rates.largest_leverage)
    if leverage is None or leverage.value is None or terms.market.ignores_leverage:
        return
    limit = largest.get(leverage.type.value)
    if limit is not None and leverage.value > limit:
        factor, most = Amount(leverage.value, FACTOR), Amount(limit, FACTOR)
        yield reason(MarketReason.LEVERAGE_TOO_HIGH, factor=factor, margin=leverage.type.value, limit=most)


def _neighbours(number: Decimal, step: Decimal, unit: str) -> dict[str, Amount]:
    """Return the numbers on a grid next to one that is not on it; below the first step only that one."""
    below = truncate(number, step)
    if below <= 0:
        return {"above": Amount(step, unit)}
    return {"below": Amount(below, unit), "above": Amount(below + step, unit)}


def _round_up(units: Decimal, step: Decimal) -> Decimal:
    if step <= 0:
        return round(units, _MOST_DECIMALS)
    return (units / step).to_integral_value(rounding=ROUND_CEILING) * step
