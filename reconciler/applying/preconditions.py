"""The check of an operation against its live trade: ready, done already, or stale."""

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
from reconciler.model.operations import ENDING_ACTIONS, Action, Operation, Precondition
from reconciler.model.outcome_codes import StaleReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Step, Terms
from reconciler.model.unreadable import CHANGE_PARTS

_ENDED_AS_ASKED = {
    Action.CANCEL: frozenset({TradeStatus.CANCELLED}),
    Action.CLOSE: frozenset({TradeStatus.PANIC_SOLD}),
}
# What needs no terms of the live trade.
_UNCOMPARED = ENDING_ACTIONS | {Action.SET_NOTE, Action.RELEASE}
_COMPARED = frozenset(Action) - _UNCOMPARED
# Of many edits so many are shown.
_MOST_EDITS = 3


def is_done(operation: Operation, live: LiveTrade) -> bool:
    """Return whether the trade is already as the operation leaves it, so that a plan can be resumed.

    Args:
        operation: Any operation but a create.
        live: The trade that it works on, just read.
    """
    if operation.action in _ENDED_AS_ASKED:
        return live.status in _ENDED_AS_ASKED[operation.action]
    if live.phase is Phase.ENDED or (operation.action in _COMPARED and live.find_unreadable(CHANGE_PARTS)):
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
        is_armed = live.phase is not Phase.OPEN or not live.lacks_active_stop
        return has_note and (is_armed or not is_rearming) and not _find_undone(operation, operation.after, live)
    return False


def find_staleness(
    operation: Operation, live: LiveTrade, *, is_later: bool = False, left: LiveTrade | None = None
) -> Reason | None:
    """Find why an operation does not fit the live trade any more; None if it fits.

    Args:
        operation: An operation with a precondition.
        live: The trade that it works on, just read.
        is_later: Whether an earlier operation of the same run has changed this trade, so that only what that could not
            change is compared.
        left: What that operation left, if it was read: it must still be so.
    """
    expected = operation.precondition
    if expected is None:
        return None
    unreadable = live.find_unreadable(CHANGE_PARTS)
    if unreadable is not None and operation.action not in _UNCOMPARED:
        return reason(StaleReason.UNREADABLE, live_id=live.id, problem=unreadable.problem)
    if live.status != expected.status:
        return reason(StaleReason.STATUS_CHANGED, live_id=live.id, now=live.status, before=expected.status)
    if operation.action is Action.CANCEL_STEP and find_foreign_steps(operation, live):
        return reason(StaleReason.STEPS_EDITED, live_id=live.id)
    finished = len(live.finished_steps)
    if finished != expected.finished_steps:
        return reason(StaleReason.STEPS_EXECUTED, live_id=live.id, now=finished, before=expected.finished_steps)
    if operation.averaging is not None and is_later and left is None:
        # What an earlier operation wrote into the note is not known here; averaging checks its count itself.
        return None
    notes = {expected.note, _note_under_way(operation, expected)} | ({left.note} if left else set())
    if live.note not in {keep_count(note, live) for note in notes}:
        return reason(StaleReason.NOTE_EDITED, live_id=live.id)
    if is_later:
        edits = () if left is None else find_edits(live, left.terms, operation.ignored)
        return reason(StaleReason.EDITED_MEANWHILE, live_id=live.id, fields=edits) if edits else None
    edits = _find_edits(operation, live, expected)
    return reason(StaleReason.EDITED, live_id=live.id, fields=edits) if edits else None


def _find_undone(operation: Operation, after: Terms, live: LiveTrade) -> list[str]:
    """Find fields of the groups that an update changes which are not yet as it leaves them."""
    groups = {change.path.partition(".")[0] for change in operation.changes}
    changes = compare(live, after, ignored=operation.ignored).all
    return [change.path for change in changes if change.path.partition(".")[0] in groups]


def write_under_way(note: str, terms: Terms) -> str:
    """Write a note whose marker says that its entry is being changed to other terms.

    A run that dies between this note and the end of the change then differs from one that never began.

    Args:
        note: The present note; without a valid marker it is given back as it is.
        terms: Terms after the change.
    """
    reading = read_note(note)
    if reading.marker is None:
        return note
    pending = Digest(applied=reading.marker.entry.applied, pending=entry_digest(terms))
    return write_note(replace(reading.marker, entry=pending), reading.text)[:NOTE_LIMIT_CHARS].rstrip()


def _note_under_way(operation: Operation, expected: Precondition) -> str:
    """Write the note that this very operation leaves when it is interrupted."""
    return expected.note if operation.after is None else write_under_way(expected.note, operation.after)


def find_foreign_steps(operation: Operation, live: LiveTrade) -> Counter[Step]:
    """Find steps of a trade that were not there when the cancel of one of its steps was planned."""
    expected = operation.precondition.terms.steps if operation.precondition else ()
    return Counter(step.terms for step in live.open_steps) - Counter(expected)


def find_edits(live: LiveTrade, expected: Terms, ignored: Collection[str] = ()) -> tuple[Reason, ...]:
    """Find which inputs are others than expected, progress aside; the first few of them.

    Args:
        live: The trade, just read.
        expected: The inputs that it should have.
        ignored: Fields that are left as they are on the live trade.
    """
    if live.terms == expected:
        return ()
    changes = compare(live, expected, ignored=ignored).all[:_MOST_EDITS]
    return tuple(
        reason(StaleReason.FIELD_DIFFERS, path=change.path, now=str(change.live), before=str(change.wanted))
        for change in changes
    )


def _find_edits(operation: Operation, live: LiveTrade, expected: Precondition) -> tuple[Reason, ...]:
    """Find inputs that are neither as reviewed nor as the operation, interrupted, has made them; progress aside."""
    edits, after = find_edits(live, expected.terms, operation.ignored), operation.after
    if not edits or (after is not None and not compare(live, after, ignored=operation.ignored).all):
        return ()
    return edits
