"""Outcomes of what was sent, by what the API shows afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.applying.averaging_count import keep_count
from reconciler.applying.endings import end, end_with
from reconciler.applying.preconditions import find_edits, is_done
from reconciler.applying.trade_checks import NO_REASON_GIVEN, describe_end, has_ended, has_failed, is_protected
from reconciler.applying.work import Work
from reconciler.codec.digests import entry_digest
from reconciler.codec.note import read_note
from reconciler.codec.numbers import is_near
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, FieldChange, Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Step, Terms

# What a stop, or steps, that execute at once end with. Source: SmartTradesV2 page, statuses.
_CLOSED = frozenset({TradeStatus.STOP_LOSS_FINISHED, TradeStatus.FINISHED})
# How far a held size may be from the one that was asked for, as a share of it: fees in base currency make it smaller.
_HELD_TOLERANCE = Decimal("0.02")


def is_interrupted_replace(operation: Operation, live: LiveTrade) -> bool:
    """Return whether this replace was begun before: the old trade is cancelled, unfilled, marked for the new entry."""
    if operation.action is not Action.REPLACE or operation.after is None:
        return False
    marker = live.reading.marker
    return (
        live.status == TradeStatus.CANCELLED
        and live.was_never_filled
        and marker is not None
        and marker.entry.pending == entry_digest(operation.after)
    )


def judge_create(operation: Operation, live: LiveTrade, *, is_listed: bool = True) -> Outcome:
    """Make the outcome of a create whose trade has settled, or did not in time.

    Args:
        operation: What was carried out.
        live: The new trade.
        is_listed: Whether lists show it; to a plan made before they do it does not exist.
    """
    if has_failed(live):
        error = live.error or NO_REASON_GIVEN
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.CREATE_FAILED, live_id=live.id, error=error)
    if live.phase is Phase.BUSY:
        code = OutcomeReason.CREATE_BUSY
        return end(operation, OutcomeKind.FAILED, live.id, code, live_id=live.id, status=live.status)
    if not is_protected(live):
        code = OutcomeReason.CREATE_UNPROTECTED
        return end(operation, OutcomeKind.FAILED, live.id, code, live_id=live.id, status=live.stop_status)
    if read_note(operation.note_after).marker != live.reading.marker:
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.CREATE_WITHOUT_MARKER, live_id=live.id)
    if not is_listed:
        outcome = end(operation, OutcomeKind.APPLIED, live.id, OutcomeReason.CREATE_UNLISTED, live_id=live.id)
        return replace(outcome, is_listed=False)
    return end_with(operation, OutcomeKind.APPLIED, live.id, describe_end(live) if has_ended(live) else None)


def find_missed_fill(after: LiveTrade, terms: Terms) -> Reason | None:
    """Find that the old entry was filled right before its change, so that the new one does not apply; else None.

    Args:
        after: The trade as the answer to the change shows it.
        terms: What the change asked for.
    """
    if after.phase is Phase.ENTERING or is_near(after.terms.entry.units, terms.entry.units, _HELD_TOLERANCE):
        return None
    held, wanted = Amount(after.terms.entry.units, after.terms.unit), Amount(terms.entry.units, terms.unit)
    return reason(OutcomeReason.ENTRY_FILLED, live_id=after.id, held=held, wanted=wanted)


def judge_update(operation: Operation, live: LiveTrade, differs: Sequence[FieldChange]) -> Outcome:
    """Make the outcome of an update that was taken.

    Args:
        operation: What was carried out.
        live: The trade, read afterwards.
        differs: Which inputs are others than the update asked for, rounding aside.
    """
    if operation.closes and live.status in _CLOSED:
        code = OutcomeReason.ENDED_AS_PLANNED
        return end(operation, OutcomeKind.APPLIED, live.id, code, end=describe_end(live))
    if has_ended(live):
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.ENDED_WHILE_UPDATED, status=live.status)
    if not is_protected(live):
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.UPDATE_UNPROTECTED, status=live.stop_status)
    if differs:
        paths = tuple(change.path for change in differs)
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.UPDATE_DIFFERS, paths=paths)
    return end(operation, OutcomeKind.APPLIED, live.id)


def judge_note(operation: Operation, before: LiveTrade, after: LiveTrade) -> Outcome:
    """Make the outcome of a note that was written.

    Args:
        operation: Set note or release.
        before: The trade before.
        after: The trade as the answer shows it.
    """
    if after.note != keep_count(operation.note_after or "", after):
        return end(operation, OutcomeKind.FAILED, after.id, OutcomeReason.NOTE_DIFFERS)
    if has_ended(after):
        return end(operation, OutcomeKind.APPLIED, after.id, OutcomeReason.ENDED_MEANWHILE, status=after.status)
    edits = find_edits(after, before.terms)
    if edits:
        return end(operation, OutcomeKind.APPLIED, after.id, OutcomeReason.EDITED_TOO, edits=edits)
    return end(operation, OutcomeKind.APPLIED, after.id)


def judge_cancelled_step(work: Work, after: LiveTrade) -> Outcome:
    """Make the outcome of the cancel of a take-profit step.

    Args:
        work: What was read before.
        after: The trade, read afterwards.
    """
    operation, live, step = work.operation, work.live, work.step
    if after.status != live.status:
        code = OutcomeReason.STATUS_AFTER_STEP
        return end(operation, OutcomeKind.FAILED, live.id, code, live_id=live.id, status=after.status)
    if step is None or not is_done(operation, after):
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.STEP_STILL_THERE)
    edits = find_edits(after, replace(live.terms, steps=after.terms.steps))
    if not edits and _count_steps(after) != _count_steps(live) - Counter([step.terms]):
        edits = (reason(OutcomeReason.OTHER_STEPS_EDITED),)
    elif not edits and after.note != live.note:
        edits = (reason(OutcomeReason.NOTE_WAS_EDITED),)
    if edits:
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.STEP_GONE_EDITED, edits=edits)
    return end(operation, OutcomeKind.APPLIED, live.id)


def _count_steps(live: LiveTrade) -> Counter[Step]:
    """Count the steps that were not taken away: what executes meanwhile stays among them."""
    return Counter(step.terms for step in live.steps if not step.is_cancelled)
