"""Terms against prices: the parts of a trade that would act at once, and the way a conditional entry would wait.

Used twice: with the prices that the reviewer saw, and with those right before a write. An operation is not sent if a
part would act at once now but not in the review, or if it executes at market and the price has moved too far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, WAITS_FOR_FALL, WAITS_FOR_RISE, Fire, FireKind
from reconciler.model.live import Prices
from reconciler.model.terms import Entry, Level, OrderType, PriceType, Side, Step, Terms


def find_fires(terms: Terms, prices: Prices, *, is_entered: bool, executed: Iterable[Step] = ()) -> tuple[Fire, ...]:
    """Find the parts of a trade that would act at once.

    Args:
        terms: The trade.
        prices: The present prices.
        is_entered: Whether the position is held already, so that exits are active.
        executed: Steps of the terms that were executed already and do not act again.

    Returns:
        Entry, stop and steps, in this order. For a conditional entry that does not act at once: which way it waits,
        since the API fixes that when it takes the order.
    """
    fires: list[Fire] = []
    if not is_entered and not terms.skip_enter_step:
        entry = _find_entry_fire(terms.entry, prices)
        fires += [entry] if entry is not None else []
        if entry != ENTRY_FIRES:
            return tuple(fires)
    stop = terms.stop_loss
    if stop is not None and _is_reached(terms, stop.trigger, prices, is_gain=False):
        fires.append(STOP_FIRES)
    history = Counter(executed)
    for index, step in enumerate(terms.steps):
        if history[step] > 0:
            history[step] -= 1
        elif is_step_reached(terms, step, prices):
            fires.append(Fire(FireKind.STEP, index))
    return tuple(fires)


def is_step_reached(terms: Terms, step: Step, prices: Prices) -> bool:
    """Return whether a take-profit step would act at these prices; a level in percent never counts as reached."""
    return _is_reached(terms, step.level, prices, is_gain=True)


def is_stop_reached(terms: Terms, prices: Prices) -> bool:
    """Return whether the stop of a held position would act at these prices; a level in percent never does."""
    return terms.stop_loss is not None and _is_reached(terms, terms.stop_loss.trigger, prices, is_gain=False)


def is_order_reached(order: AveragingOrder, side: Side, prices: Prices) -> bool:
    """Return whether an averaging order would execute at once.

    Args:
        order: The order.
        side: Side of the entry, which is its own, too.
        prices: The present prices.
    """
    return prices.ask <= order.price if side is Side.BUY else prices.bid >= order.price


def pick_price(prices: Prices, price_type: PriceType) -> Decimal:
    """Return the price that is watched."""
    return {PriceType.BID: prices.bid, PriceType.ASK: prices.ask, PriceType.LAST: prices.last}[price_type]


def find_certain_fires(terms: Terms) -> tuple[Fire, ...]:
    """Find the parts of a new trade that act at once at any price: an entry at market."""
    entry = terms.entry
    is_market = entry.condition is None and (entry.order_type is OrderType.MARKET or entry.price is None)
    return (ENTRY_FIRES,) if is_market and not terms.skip_enter_step else ()


def _find_entry_fire(entry: Entry, prices: Prices) -> Fire | None:
    if entry.condition is not None:
        watched = pick_price(prices, entry.condition.price_type)
        if watched == entry.condition.price:
            return ENTRY_FIRES
        return WAITS_FOR_RISE if entry.condition.price > watched else WAITS_FOR_FALL
    if entry.order_type is OrderType.MARKET or entry.price is None:
        return ENTRY_FIRES
    is_marketable = prices.ask <= entry.price if entry.side is Side.BUY else prices.bid >= entry.price
    return ENTRY_FIRES if is_marketable else None


def _is_reached(terms: Terms, level: Level, prices: Prices, *, is_gain: bool) -> bool:
    if level.value is None:
        return False
    watched = pick_price(prices, level.price_type)
    is_above = (terms.entry.side is Side.BUY) == is_gain
    return watched >= level.value if is_above else watched <= level.value
