"""Whether an operation still fits the live trade: ready, done already, or stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from reconciler.applying.averaging_count import keep_count
from reconciler.codec.digests import entry_digest
from reconciler.codec.note import NOTE_LIMIT_CHARS, read_note, write_note
from reconciler.diffing.compare import compare
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.marker import Digest
from reconciler.model.operations import Action, Operation, Precondition
from reconciler.model.terms import Step, Terms

_ENDED_AS_ASKED = {Action.CANCEL: frozenset({"cancelled"}), Action.CLOSE: frozenset({"panic_sold"})}


def is_done(operation: Operation, live: LiveTrade) -> bool:
    """Whether what the operation leads to holds already, so that a plan can be resumed.

    Args:
        operation: Any operation but a create.
        live: The trade that it works on, just read.
    """
    if operation.action in _ENDED_AS_ASKED:
        return live.status in _ENDED_AS_ASKED[operation.action]
    if live.phase is Phase.ENDED:
        return False
    if operation.action is Action.CANCEL_STEP:
        if find_foreign_steps(operation, live):
            return False
        return sum(step.terms == operation.step for step in live.open_steps) <= operation.copies_left
    has_note = operation.note_after is None or live.note == keep_count(operation.note_after, live)
    if operation.action in (Action.SET_NOTE, Action.RELEASE):
        return has_note
    if operation.action is Action.UPDATE and operation.after is not None:
        is_rearming = any(change.path == "stop_loss.status" for change in operation.changes)
        is_armed = live.phase is not Phase.OPEN or live.terms.stop_loss is None or live.is_stop_armed
        return has_note and (is_armed or not is_rearming) and not _find_undone(operation, operation.after, live)
    return False


def find_staleness(
    operation: Operation, live: LiveTrade, *, is_later: bool = False, left: LiveTrade | None = None
) -> str:
    """Why an operation does not fit the live trade any more, or empty where it does.

    Args:
        operation: An operation with a precondition.
        live: The trade that it works on, just read.
        is_later: Whether an earlier operation of the same run has changed this trade, so that only what that could not
            change is compared.
        left: What that operation left, where it was read: it must still be so.
    """
    expected = operation.precondition
    if expected is None:
        return ""
    if live.status != expected.status:
        return f"#{live.id} is {live.status} now, {expected.status} when planned"
    if operation.action is Action.CANCEL_STEP and find_foreign_steps(operation, live):
        return f"the steps of #{live.id} were edited since the plan was made"
    finished = len(live.finished_steps)
    if finished != expected.finished_steps:
        return f"#{live.id} has {finished} executed steps now, {expected.finished_steps} when planned"
    if operation.averaging is not None and is_later and left is None:
        # What an earlier operation wrote into the note is not known here; averaging looks at its count itself.
        return ""
    notes = {expected.note, _note_under_way(operation, expected)} | ({left.note} if left else set())
    if live.note not in {keep_count(note, live) for note in notes}:
        return f"the note of #{live.id} was edited since the plan was made"
    if is_later:
        edit = "" if left is None else describe_edit(live, left.terms, operation.ignored)
        return f"#{live.id} was edited while the plan was carried out: {edit}" if edit else ""
    return _find_edit(operation, live, expected)


def _find_undone(operation: Operation, after: Terms, live: LiveTrade) -> list[str]:
    """Fields of the groups that an update changes which are not yet as it leaves them."""
    groups = {change.path.partition(".")[0] for change in operation.changes}
    changes = compare(live, after, ignored=operation.ignored).all
    return [change.path for change in changes if change.path.partition(".")[0] in groups]


def write_under_way(note: str, terms: Terms) -> str:
    """A note whose marker says that its entry is on the way to other terms.

    A run that dies between this note and the end of the change can then be told from one that never began.

    Args:
        note: The present note; without a valid marker it is given back as it is.
        terms: Where the change leads.
    """
    reading = read_note(note)
    if reading.marker is None:
        return note
    pending = Digest(applied=reading.marker.entry.applied, pending=entry_digest(terms))
    return write_note(replace(reading.marker, entry=pending), reading.text)[:NOTE_LIMIT_CHARS].rstrip()


def _note_under_way(operation: Operation, expected: Precondition) -> str:
    """The note that this very operation leaves when it is interrupted."""
    return expected.note if operation.after is None else write_under_way(expected.note, operation.after)


def find_foreign_steps(operation: Operation, live: LiveTrade) -> Counter[Step]:
    """Steps of a trade that were not there when one of its steps was planned to be cancelled: all of them are new."""
    expected = operation.precondition.terms.steps if operation.precondition else ()
    return Counter(step.terms for step in live.open_steps) - Counter(expected)


def describe_edit(live: LiveTrade, expected: Terms, ignored: Collection[str] = ()) -> str:
    """Which inputs are others than expected, progress aside; empty where none is."""
    if live.terms == expected:
        return ""
    changes = compare(live, expected, ignored=ignored).all
    return ", ".join(f"{change.path} is {change.before}, was {change.after}" for change in changes[:3])


def _find_edit(operation: Operation, live: LiveTrade, expected: Precondition) -> str:
    """Which input is neither what was reviewed nor what the operation, interrupted, has made of it; progress aside."""
    edit, after = describe_edit(live, expected.terms, operation.ignored), operation.after
    if not edit or (after is not None and not compare(live, after, ignored=operation.ignored).all):
        return ""
    return f"#{live.id} was edited since the plan was made: {edit}"
