"""Inputs of a live trade that differ from the last applied ones, without progress."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.diffing.compare import Difference, compare, explain
from reconciler.model.drift import Part
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.terms import Level, Side, Step, StopLoss, Terms

_STEPS_PATH = "take_profit.steps"
STOP_PATH = "stop_loss"
# A take-profit step with its index.
_PlacedStep = tuple[int, Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One input that differs.

    Attributes:
        path: The input, in the shape of the API body; a whole step or the whole stop if it was added or removed.
        applied: Its last applied value, or None if it had none.
        live: Its value now, or None if it has none.
        step: Index of the take-profit step that it is about, else None.
    """

    path: str
    applied: Part
    live: Part
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """All inputs that differ.

    Attributes:
        stated: The live inputs with progress undone.
        entry: Differences of account, pair, kind and position.
        exits: Differences of leverage, take profit and stop loss.
    """

    stated: Terms
    entry: tuple[Edit, ...]
    exits: tuple[Edit, ...]


def find_edits(live: LiveTrade, applied: Terms, rates: Rates | None, ignored: Collection[str] = ()) -> Edits:
    """Find the differences between a live trade and its last applied terms.

    Args:
        live: The trade; not ended.
        applied: Its last applied terms.
        rates: Limits of the pair for lot and tick rounding; without them no rounding is assumed.
        ignored: Fields that the digests in the marker leave out.
    """
    difference = compare(live, applied, rates, ignored)
    steps = _compare_steps(live, difference.live.steps, applied) if difference.steps else ()
    return Edits(
        stated=difference.live,
        entry=tuple(_compare_entry(difference, applied)),
        exits=(*_compare_leverage(difference, applied), *steps, *_compare_stop(difference.live, applied)),
    )


def _compare_entry(difference: Difference, applied: Terms) -> Iterator[Edit]:
    if difference.entry:
        bare = replace(difference.live, leverage=None, steps=(), stop_loss=None)
        yield from _explain(replace(applied, leverage=None, steps=(), stop_loss=None), bare)


def _compare_leverage(difference: Difference, applied: Terms) -> Iterator[Edit]:
    if difference.leverage:
        yield from _explain(applied, replace(applied, leverage=difference.live.leverage))


def _compare_stop(stated: Terms, applied: Terms) -> Iterator[Edit]:
    now, before = stated.stop_loss, applied.stop_loss
    if now == before:
        return
    if now is None or before is None:
        yield Edit(path=STOP_PATH, applied=before, live=now)
        return
    if _had_trailed(now, before, applied.entry.side):
        now = replace(now, trigger=before.trigger)
    yield from _explain(applied, replace(applied, stop_loss=now))


def _had_trailed(now: StopLoss, before: StopLoss, side: Side) -> bool:
    """Return whether the trigger may have trailed before somebody edited the trailing: then only that is an edit."""
    price, old_price = now.trigger.value, before.trigger.value
    is_same = now.with_trailing_of(before) == now
    if not before.is_trailing or is_same or price is None or old_price is None:
        return False
    is_nearer = price > old_price if side is Side.BUY else price < old_price
    return is_nearer and now.trigger.price_type is before.trigger.price_type


def _compare_steps(live: LiveTrade, found: Sequence[Step], applied: Terms) -> tuple[Edit, ...]:
    """Steps that were edited, removed or added.

    A step has no identity that survives an update, so equal steps are paired first, and the others by similarity.
    """
    removed, added = _drop_equal(applied.steps, found)
    edits: list[Edit] = []
    while removed and added:
        old, new = min(((old, new) for old in removed for new in added), key=lambda pair: _unlikeness(*pair))
        removed.remove(old)
        added.remove(new)
        edits += _explain_step(applied, old, new)
    edits += (_whole_step(index, applied=step) for index, step in removed)
    # A file may leave out steps that were executed: they are history.
    executed = live.executed_terms
    edits += (_whole_step(index, live=step) for index, step in added if step not in executed)
    return tuple(sorted(edits, key=lambda edit: edit.step or 0))


def _drop_equal(applied: Sequence[Step], live: Sequence[Step]) -> tuple[list[_PlacedStep], list[_PlacedStep]]:
    """Find the applied steps and the live steps, with their indexes, that have no equal on the other side."""
    removed = list(enumerate(applied))
    added: list[_PlacedStep] = []
    for index, step in enumerate(live):
        equal = next((each for each in removed if each[1] == step), None)
        if equal is None:
            added.append((index, step))
        else:
            removed.remove(equal)
    return removed, added


def _unlikeness(old: _PlacedStep, new: _PlacedStep) -> tuple[int, Decimal, int]:
    """Return the distance of two steps: the number of different inputs, then of their levels, then of their indexes."""
    (old_index, before), (new_index, after) = old, new
    differing = (
        before.order_type != after.order_type,
        before.level != after.level,
        before.volume_pct != after.volume_pct,
        before.trailing_pct != after.trailing_pct,
    )
    return sum(differing), abs(_height(before.level) - _height(after.level)), abs(old_index - new_index)


def _height(level: Level) -> Decimal:
    return level.percent or Decimal(0) if level.value is None else level.value


def _whole_step(index: int, *, applied: Step | None = None, live: Step | None = None) -> Edit:
    return Edit(path=f"{_STEPS_PATH}[{index}]", applied=applied, live=live, step=index)


def _explain_step(applied: Terms, old: _PlacedStep, new: _PlacedStep) -> Iterator[Edit]:
    index, before = old
    for edit in _explain(replace(applied, steps=(before,)), replace(applied, steps=(new[1],))):
        yield replace(edit, path=edit.path.replace(f"{_STEPS_PATH}[0]", f"{_STEPS_PATH}[{index}]"), step=index)


def _explain(applied: Terms, live: Terms) -> Iterator[Edit]:
    for change in explain(live, applied):
        yield Edit(path=change.path, applied=change.wanted, live=change.live)
