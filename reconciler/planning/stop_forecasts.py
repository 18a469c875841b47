"""Forecast of another stop: whether it protects more or less than the one before."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.forecasts import Forecast
from reconciler.model.operations import Effect
from reconciler.model.reasons import Reason, reason
from reconciler.model.terms import Level, OrderType, PriceType, Side, StopLoss, Terms
from reconciler.planning.amounts import level_of

# bid <= last <= ask: when the price falls, a stop that watches the bid acts first, when it rises one that watches the
# ask.
_REACHED_FIRST = {
    Side.BUY: (PriceType.BID, PriceType.LAST, PriceType.ASK),
    Side.SELL: (PriceType.ASK, PriceType.LAST, PriceType.BID),
}


def forecast_stop(before: Terms, after: Terms) -> tuple[Effect, Reason]:
    """Forecast the change of a stop.

    Args:
        before: The terms before; they have another stop, or none.
        after: The terms afterwards.
    """
    old, new = before.stop_loss, after.stop_loss
    if new is None:
        level = level_of(old.trigger, before) if old else None
        return Effect.UNPROTECTS, reason(Forecast.STOP_REMOVED, before=level)
    if old is None:
        return Effect.PROTECTS, reason(Forecast.STOP_ADDED, level=level_of(new.trigger, after))
    effect = Effect.UNPROTECTS if _is_weaker(old, new, before.entry.side) else Effect.PROTECTS
    return effect, _describe_move(before, after, old.trigger, new.trigger)


def _describe_move(before: Terms, after: Terms, old: Level, new: Level) -> Reason:
    level = level_of(new, after)
    if old == new:
        return reason(Forecast.STOP_ACTS_DIFFERENTLY, level=level)
    if old == replace(new, price_type=old.price_type):
        return reason(
            Forecast.STOP_WATCHES, level=level, watched=new.price_type.value, watched_before=old.price_type.value
        )
    return reason(Forecast.STOP_MOVED, level=level, before=level_of(old, before))


def _is_weaker(old: StopLoss, new: StopLoss, side: Side) -> bool:
    """Return whether a stop protects less than before in any respect."""
    return any(
        (
            _trails_less(old, new),
            old.breakeven and not new.breakeven,
            (new.timeout_s or 0) > (old.timeout_s or 0),
            old.order_type is OrderType.MARKET and new.order_type is OrderType.LIMIT,
            old.trigger != new.trigger and _is_further(old.trigger, new.trigger, side),
            _is_harder_to_fill(old, new, side),
        )
    )


def _trails_less(old: StopLoss, new: StopLoss) -> bool:
    """Return whether a stop no longer trails, or farther from the price; farther if one distance is not known."""
    if not old.is_trailing or not new.is_trailing:
        return old.is_trailing
    if old.trailing_pct is None or new.trailing_pct is None:
        return old.trailing_pct != new.trailing_pct
    return new.trailing_pct > old.trailing_pct


def _is_harder_to_fill(old: StopLoss, new: StopLoss, side: Side) -> bool:
    """Return whether the limit order of a stop gives the price less room between its trigger and its limit."""
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
