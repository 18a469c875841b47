"""`lifecycle.ignore_changes`: a file as if it stated the live values of all fields that it ignores."""

from __future__ import annotations

from dataclasses import replace

from reconciler.codec.note import NOTE_LIMIT_CHARS, write_marker
from reconciler.diffing.compare import compare
from reconciler.matching.sighting import owned_marker
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import OrderType, StopLoss, Terms


def leave_ignored(spec: TradeSpec, live: LiveTrade, rates: Rates | None = None) -> TradeSpec:
    """Return the spec with the live values of all fields that it ignores.

    Args:
        spec: What the file wants.
        live: The trade as it is; not ended.
        rates: Limits of the pair, for rounding.
    """
    ignored = spec.lifecycle.ignored
    if not ignored:
        return spec
    stated = compare(live, spec.terms, rates, ignored).live
    note = _fit_note(spec, live) if Ignored.NOTE in ignored else spec.note
    return replace(spec, terms=take_ignored(spec.terms, stated, ignored), note=note)


def _fit_note(spec: TradeSpec, live: LiveTrade) -> str:
    """Return the live text, shortened so that it fits beside a marker that may have become longer."""
    marker = owned_marker(live)
    longer = max(len(spec.name) - len(marker.name), 0)
    return live.reading.text[: NOTE_LIMIT_CHARS - len(write_marker(marker)) - longer - 1].strip()


def take_ignored(wanted: Terms, stated: Terms, ignored: frozenset[Ignored]) -> Terms:
    """Return what is wanted, with the live values of ignored fields.

    Args:
        wanted: What a file says, or said when it was applied.
        stated: The live inputs with progress undone.
        ignored: Fields that are left as they are.
    """
    return replace(
        wanted,
        leverage=stated.leverage if Ignored.LEVERAGE in ignored else wanted.leverage,
        steps=stated.steps if Ignored.TAKE_PROFIT in ignored else wanted.steps,
        stop_loss=stated.stop_loss if Ignored.STOP_LOSS in ignored else _take_stop(wanted, stated, ignored),
    )


def _take_stop(wanted: Terms, stated: Terms, ignored: frozenset[Ignored]) -> StopLoss | None:
    """Combine the stop of the file with ignored parts of the live one; whether there is a stop is never ignored."""
    stop, live = wanted.stop_loss, stated.stop_loss
    if stop is None or live is None:
        return stop
    if ignored & {Ignored.TRIGGER, Ignored.TRIGGER_PRICE}:
        stop = replace(stop, trigger=live.trigger)
    # A limit stop cannot trail, and a market stop has no limit price.
    if ignored & {Ignored.TRIGGER, Ignored.TRIGGER_TRAILING} and stop.order_type is OrderType.MARKET:
        stop = stop.with_trailing_of(live)
    if Ignored.STOP_PRICE in ignored and stop.order_type is live.order_type:
        stop = replace(stop, limit_price=live.limit_price)
    if Ignored.TIMEOUT in ignored:
        stop = replace(stop, timeout_s=live.timeout_s)
    if Ignored.BREAKEVEN in ignored:
        stop = replace(stop, breakeven=live.breakeven)
    return stop
