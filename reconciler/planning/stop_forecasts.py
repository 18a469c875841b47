"""Whether another stop protects more or less than the one before, and the words for it."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.operations import Effect
from reconciler.model.terms import Level, OrderType, PriceType, Side, StopLoss, Terms
from reconciler.planning.amounts import describe_level

# Of a falling price the bid is the lowest, of a rising one the ask the highest: whose stop watches it is out first.
_REACHED_FIRST = {
    Side.BUY: (PriceType.BID, PriceType.LAST, PriceType.ASK),
    Side.SELL: (PriceType.ASK, PriceType.LAST, PriceType.BID),
}


def describe_stop(before: Terms, after: Terms) -> tuple[Effect, str]:
    """Effect of another stop, and its words.

    Args:
        before: The terms before.
        after: The terms afterwards.
    """
    old, new = before.stop_loss, after.stop_loss
    if new is None:
        return Effect.UNPROTECTS, f"no stop any more, was at {describe_level(old.trigger) if old else 'no level'}"
    if old is None:
        return Effect.PROTECTS, f"stop at {describe_level(new.trigger)}, none before"
    words = f"stop at {describe_level(new.trigger)} instead of {describe_level(old.trigger)}"
    if old.trigger == new.trigger:
        words = f"stop at {describe_level(new.trigger)} acts differently"
    elif old.trigger == replace(new.trigger, price_type=old.trigger.price_type):
        watched = f"{new.trigger.price_type} instead of {old.trigger.price_type}"
        words = f"stop at {describe_level(new.trigger)} watches {watched}"
    is_weaker = _is_weaker(old, new, before.entry.side)
    return (Effect.UNPROTECTS if is_weaker else Effect.PROTECTS), words


def _is_weaker(old: StopLoss, new: StopLoss, side: Side) -> bool:
    """Whether a stop protects less than before in any respect."""
    return any(
        (
            old.trailing_pct is not None and (new.trailing_pct is None or new.trailing_pct > old.trailing_pct),
            old.breakeven and not new.breakeven,
            (new.timeout_s or 0) > (old.timeout_s or 0),
            old.order_type is OrderType.MARKET and new.order_type is OrderType.LIMIT,
            old.trigger != new.trigger and _is_further(old.trigger, new.trigger, side),
            _is_harder_to_fill(old, new, side),
        )
    )


def _is_harder_to_fill(old: StopLoss, new: StopLoss, side: Side) -> bool:
    """Whether the limit order of a stop gives the price less room between its trigger and its limit."""
    rooms = [
        stop.trigger.value - stop.limit_price
        for stop in (old, new)
        if stop.limit_price is not None and stop.trigger.value is not None
    ]
    if len(rooms) == 2:
        return rooms[1] < rooms[0] if side is Side.BUY else rooms[1] > rooms[0]
    return old.limit_price != new.limit_price and None not in (old.limit_price, new.limit_price)


def _is_further(old: Level, new: Level, side: Side) -> bool:
    reached_first = _REACHED_FIRST[side]
    if reached_first.index(new.price_type) > reached_first.index(old.price_type):
        return True
    if old.value is not None and new.value is not None:
        return new.value < old.value if side is Side.BUY else new.value > old.value
    if old.percent is not None and new.percent is not None:
        return new.percent > old.percent
    return True
