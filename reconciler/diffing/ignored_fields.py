"""`lifecycle.ignore_changes`: a file as if it said what stands already, wherever it does not care."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.codec.note import NOTE_LIMIT_CHARS, write_marker
from reconciler.diffing.compare import compare
from reconciler.matching.sighting import owned_marker
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import FieldChange
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import OrderType, StopLoss, Terms

# A notice is one line: more differences than this are only counted, longer texts are cut.
_MOST_SHOWN = 3
_LONGEST_SHOWN = 40
_SWITCH = ".enabled"
_ON_OFF = {"true": "on", "false": "off", None: "off"}


def leave_ignored(spec: TradeSpec, live: LiveTrade, rates: Rates | None = None) -> TradeSpec:
    """The spec with what stands already in all fields that it ignores.

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


def notice_ignored(spec: TradeSpec, effective: TradeSpec, live: LiveTrade, rates: Rates | None) -> tuple[Notice, ...]:
    """What is different and left so.

    Args:
        spec: What the file wants.
        effective: The same with what stands already in ignored fields.
        live: The trade as it is.
        rates: Limits of the pair, for rounding.
    """
    if effective == spec:
        return ()
    ignored = spec.lifecycle.ignored
    left = set(compare(live, effective.terms, rates, ignored).all)
    skipped = [change for change in compare(live, spec.terms, rates, ignored).all if change not in left]
    if effective.note != spec.note:
        skipped.append(FieldChange(path="note", before=effective.note or None, after=spec.note or None))
    notices = []
    if live.phase is Phase.OPEN and spec.terms.stop_loss is not None and effective.terms.stop_loss is None:
        text = "the position is open and has no stop; its file has one, and lifecycle.ignore_changes leaves it so"
        notices.append(Notice(kind=NoticeKind.LOSS, trade=spec.name, live_id=live.id, text=text))
    if skipped:
        text = _describe(skipped)
        notices.append(Notice(kind=NoticeKind.IGNORED, trade=spec.name, live_id=live.id, text=text))
    return tuple(notices)


def _fit_note(spec: TradeSpec, live: LiveTrade) -> str:
    """The live text, as far as it fits beside a marker that may have become longer."""
    marker = owned_marker(live)
    longer = max(len(spec.name) - len(marker.name), 0)
    return live.reading.text[: NOTE_LIMIT_CHARS - len(write_marker(marker)) - longer - 1].strip()


def take_ignored(wanted: Terms, stated: Terms, ignored: frozenset[Ignored]) -> Terms:
    """What is wanted, with what stands already in ignored fields.

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
    """The stop of the file, with ignored parts of the live one; whether there is a stop at all is no part of it."""
    stop, live = wanted.stop_loss, stated.stop_loss
    if stop is None or live is None:
        return stop
    if ignored & {Ignored.TRIGGER, Ignored.TRIGGER_PRICE}:
        stop = replace(stop, trigger=live.trigger)
    # A limit stop cannot trail, and a market stop has no limit price.
    if ignored & {Ignored.TRIGGER, Ignored.TRIGGER_TRAILING} and stop.order_type is OrderType.MARKET:
        stop = replace(stop, trailing_pct=live.trailing_pct)
    if Ignored.STOP_PRICE in ignored and stop.order_type is live.order_type:
        stop = replace(stop, limit_price=live.limit_price)
    if Ignored.TIMEOUT in ignored:
        stop = replace(stop, timeout_s=live.timeout_s)
    if Ignored.BREAKEVEN in ignored:
        stop = replace(stop, breakeven=live.breakeven)
    return stop


def _describe(skipped: Iterable[FieldChange]) -> str:
    shown = [
        f"{change.path.removesuffix('.value')} {_cut(change.after)} (file) / {_cut(change.before)} (live)"
        for change in _join_switched(list(skipped))
    ]
    more = f"; and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    return "; ".join(shown[:_MOST_SHOWN]) + more


def _join_switched(skipped: list[FieldChange]) -> list[FieldChange]:
    """A group that only one side has, as one change instead of one for each of its fields."""
    switched = [change for change in skipped if change.path.endswith(_SWITCH)]
    groups = [change.path.removesuffix(_SWITCH) for change in switched]
    whole = [
        FieldChange(path=group, before=_ON_OFF[change.before], after=_ON_OFF[change.after])
        for group, change in zip(groups, switched, strict=True)
        if not any(group.startswith(f"{other}.") for other in groups)
    ]
    return whole + [change for change in skipped if not any(change.path.startswith(f"{group}.") for group in groups)]


def _cut(text: str | None) -> str:
    if text is None:
        return "none"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
