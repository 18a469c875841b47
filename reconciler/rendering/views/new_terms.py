"""The terms of a trade that is opened."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.numbers import plain
from reconciler.model.plan_view import TermView
from reconciler.model.terms import Level, OrderType, PriceType, StopLoss, Terms
from reconciler.rendering.terms_text import describe_entry, describe_step, describe_stop


def view_terms(terms: Terms | None, *, has_ladder: bool) -> tuple[TermView, ...]:
    """Make the views of the terms of a new trade.

    Args:
        terms: The terms; None without any.
        has_ladder: Whether a ladder shows prices, shares and sizes, so that only the rest needs saying.
    """
    if terms is None:
        return ()
    return tuple(_list_terms(terms, is_whole=not has_ladder or terms.instant))


def _list_terms(terms: Terms, *, is_whole: bool) -> Iterator[TermView]:
    yield TermView(name="account_id", text=str(terms.account_id))
    if is_whole or terms.entry.condition is not None or terms.skip_enter_step:
        yield TermView(name="position", text=describe_entry(terms))
    if terms.leverage is not None:
        factor = f" {plain(terms.leverage.value)}" if terms.leverage.value is not None else ""
        ignored = " (ignored on a spot pair)" if terms.market.ignores_leverage else ""
        yield TermView(name="leverage", text=f"{terms.leverage.type.value}{factor}{ignored}")
    if not terms.instant:
        yield from _list_exits(terms, is_whole=is_whole)


def _list_exits(terms: Terms, *, is_whole: bool) -> Iterator[TermView]:
    for step in terms.steps:
        if is_whole or _is_special(step.level):
            yield TermView(name="take_profit", text=describe_step(step))
    if not terms.steps:
        yield TermView(name="take_profit", text="none")
    if terms.stop_loss is None or is_whole or _has_more(terms.stop_loss):
        yield TermView(name="stop_loss", text=describe_stop(terms.stop_loss) if terms.stop_loss else "none")


def _is_special(level: Level) -> bool:
    """Return whether a ladder, which shows a price, does not say all of a level."""
    return level.value is None or level.price_type is not PriceType.LAST


def _has_more(stop: StopLoss) -> bool:
    """Return whether a ladder, which shows the trigger, does not say all of a stop."""
    is_timed = stop.timeout_s is not None or stop.breakeven
    return is_timed or stop.order_type is OrderType.LIMIT or stop.has_unstated_distance or _is_special(stop.trigger)
