"""Which inputs of a live trade are not what they were made to be, progress told apart."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One input that differs.

    Attributes:
        path: The input, in the shape of the API body; a whole step or the whole stop where it came or went.
        before: What it was made to be, or None where it is new.
        after: What it is, or None where it is gone.
    """

    path: str
    before: Part
    after: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """All inputs that differ.

    Attributes:
        stated: The live inputs with progress undone.
        entry: Those of account, pair, kind and position.
        exits: Those of leverage, take profit and stop loss.
    """

    stated: Terms
    entry: tuple[Edit, ...]
    exits: tuple[Edit, ...]


def find_edits(live: LiveTrade, wanted: Terms, rates: Rates | None, ignored: Collection[str] = ()) -> Edits:
    """What differs between a live trade and what it was made to be.

    Args:
        live: The trade; not ended.
        wanted: What it was made to be.
        rates: Limits of the pair for lot and tick rounding; without them no rounding is assumed.
        ignored: Fields that the digests in the marker leave out.
    """
    difference = compare(live, wanted, rates, ignored)
    steps = _compare_steps(live, difference.live.steps, wanted) if difference.steps else ()
    return Edits(
        stated=difference.live,
        entry=tuple(_compare_entry(difference, wanted)),
        exits=(*_compare_leverage(difference, wanted), *steps, *_compare_stop(difference.live, wanted)),
    )


def _compare_entry(difference: Difference, wanted: Terms) -> Iterator[Edit]:
    if difference.entry:
        bare = replace(difference.live, leverage=None, steps=(), stop_loss=None)
        yield from _explain(replace(wanted, leverage=None, steps=(), stop_loss=None), bare)


def _compare_leverage(difference: Difference, wanted: Terms) -> Iterator[Edit]:
    if difference.leverage:
        yield from _explain(wanted, replace(wanted, leverage=difference.live.leverage))


def _compare_stop(stated: Terms, wanted: Terms) -> Iterator[Edit]:
    found, asked = stated.stop_loss, wanted.stop_loss
    if found == asked:
        return
    if found is None or asked is None:
        yield Edit(path=STOP_PATH, before=asked, after=found)
        return
    if _had_trailed(found, asked, wanted.entry.side):
        found = replace(found, trigger=asked.trigger)
    yield from _explain(wanted, replace(wanted, stop_loss=found))


def _had_trailed(found: StopLoss, asked: StopLoss, side: Side) -> bool:
    """Whether the trigger may have trailed before the trailing was edited: then only the trailing was."""
    now, before = found.trigger.value, asked.trigger.value
    if asked.trailing_pct is None or asked.trailing_pct == found.trailing_pct or now is None or before is None:
        return False
    is_nearer = now > before if side is Side.BUY else now < before
    return is_nearer and found.trigger.price_type is asked.trigger.price_type


def _compare_steps(live: LiveTrade, found: Sequence[Step], wanted: Terms) -> tuple[Edit, ...]:
    """Steps that were edited, taken away or added.

    A step has no identity that survives an update, so those that are as they were are paired first, and what is left
    is paired by likeness.
    """
    executed = list(live.executed_terms)
    missing = list(enumerate(wanted.steps))
    extra: list[tuple[int, Step]] = []
    for place, step in enumerate(found):
        same = next((each for each in missing if each[1] == step), None)
        if same is not None:
            missing.remove(same)
        else:
            extra.append((place, step))
    edits: list[Edit] = []
    while missing and extra:
        gone, came = min(((old, new) for old in missing for new in extra), key=lambda pair: _unlikeness(*pair))
        missing.remove(gone)
        extra.remove(came)
        edits += _explain_step(wanted, gone, came)
    edits += (Edit(path=f"{_STEPS_PATH}[{place}]", before=step, after=None) for place, step in missing)
    # A file may leave out steps that were executed: they are history.
    edits += (
        Edit(path=f"{_STEPS_PATH}[{place}]", before=None, after=step) for place, step in extra if step not in executed
    )
    return tuple(sorted(edits, key=lambda edit: int(edit.path.removeprefix(f"{_STEPS_PATH}[").partition("]")[0])))


def _unlikeness(gone: tuple[int, Step], came: tuple[int, Step]) -> tuple[int, Decimal, int]:
    """How much two steps differ: first in how many inputs, then in their levels, then in their places."""
    (place, old), (new_place, new) = gone, came
    differing = (
        old.order_type != new.order_type,
        old.level != new.level,
        old.volume_pct != new.volume_pct,
        old.trailing_pct != new.trailing_pct,
    )
    return sum(differing), abs(_height(old.level) - _height(new.level)), abs(place - new_place)


def _height(level: Level) -> Decimal:
    return level.percent or Decimal(0) if level.value is None else level.value


def _explain_step(wanted: Terms, gone: tuple[int, Step], came: tuple[int, Step]) -> Iterator[Edit]:
    place, before = gone
    for edit in _explain(replace(wanted, steps=(before,)), replace(wanted, steps=(came[1],))):
        yield replace(edit, path=edit.path.replace(f"{_STEPS_PATH}[0]", f"{_STEPS_PATH}[{place}]"))


def _explain(before: Terms, after: Terms) -> Iterator[Edit]:
    for change in explain(before, after):
        yield Edit(path=change.path, before=change.before, after=change.after)
