"""Decisions about a trade whose position is held: what protects it comes before everything else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from reconciler.codec.contracts import is_same_contract
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.numbers import is_near
from reconciler.diffing.firing import is_step_reached
from reconciler.matching.sighting import owned_marker
from reconciler.model.field_groups import FieldGroup
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import Terms
from reconciler.planning import operations
from reconciler.planning.decisions import PLAN_LATER, Decision, block_changes, notice
from reconciler.planning.executed_steps import find_update_refusal, plan_executed
from reconciler.planning.operations import Subject
from reconciler.planning.prevented import hold_back
from reconciler.planning.updates import find_update_obstacle, plan_note, plan_update

# How far a held size may be from the one that was asked for, as a share of it: fees in base currency make it smaller.
_HELD_TOLERANCE = Decimal("0.02")


def plan_position(subject: Subject) -> Decision:
    """Decide about a trade whose position is held."""
    decision = hold_back(_plan_exits(subject), subject.spec, subject.live)
    failed = _find_failed_steps(subject)
    if _is_stop_lost(subject):
        decision = _plan_lost_stop(subject, decision)
    return replace(decision, notices=(*decision.notices, *failed))


def is_unarmed(live: LiveTrade) -> bool:
    """Return whether a position is held whose stop is there and not active."""
    return live.phase is Phase.OPEN and live.lacks_active_stop


def notice_lost_stop(name: str, live: LiveTrade) -> Notice:
    """Make the notice of a position whose stop is not active, or gone.

    Args:
        name: Name of the trade.
        live: The trade.
    """
    found = reason(NoticeReason.STOP_GONE)
    if is_unarmed(live):
        found = reason(NoticeReason.STOP_NOT_ACTIVE, status=live.stop_status or None)
    return notice(NoticeKind.LOSS, name, live, found)


def _plan_exits(subject: Subject) -> Decision:
    difference = subject.difference
    obstacle = _find_entry_obstacle(subject)
    if obstacle is not None:
        return obstacle
    if difference.steps:
        return _plan_steps(subject)
    if difference.stop or difference.leverage:
        return _plan_stop(subject)
    return plan_note(subject)


def _find_entry_obstacle(subject: Subject) -> Decision | None:
    """Find why the held position is not the one that the file describes, or None if it is."""
    entry = owned_marker(subject.live).entry
    wanted = entry_digest(subject.spec.terms)
    if wanted not in (entry.applied, entry.pending):
        return block_changes(
            subject,
            reason(BlockReason.ENTRY_DIFFERS),
            reason(BlockHint.ENTRY_BACK),
        )
    if entry.pending is not None and not _may_be_entry(subject.live, subject.spec.terms):
        return block_changes(
            subject,
            reason(BlockReason.ENTRY_FILLED_WHILE_CHANGED),
            reason(BlockHint.ENTRY_BACK_AS_BEFORE),
        )
    return None


def _may_be_entry(live: LiveTrade, wanted: Terms) -> bool:
    """Return whether a held position may have come from an entry: its price and trigger cannot be seen any more."""
    found = live.terms
    is_same_kind = (
        (found.account_id, found.instant, found.skip_enter_step)
        == (wanted.account_id, wanted.instant, wanted.skip_enter_step)
        and is_same_contract(found.pair, wanted.pair)
        and found.entry.side is wanted.entry.side
        and found.entry.order_type is wanted.entry.order_type
    )
    return is_same_kind and is_near(live.entered_units or found.entry.units, wanted.entry.units, _HELD_TOLERANCE)


def _plan_steps(subject: Subject) -> Decision:
    difference, spec, live = subject.difference, subject.spec, subject.live
    dropped = difference.dropped
    if dropped and len(dropped) < len(live.open_steps) and spec.unallocated_pct:
        return _plan_cancel_steps(subject)
    if live.finished_steps and dropped and len(dropped) == len(live.open_steps):
        return block_changes(
            subject,
            reason(BlockReason.LAST_STEP),
            reason(BlockHint.KEEP_ONE_STEP),
        )
    # A step that was executed in part, or is listed no more, shows in what was closed.
    if live.finished_steps or live.closed_units:
        return plan_executed(subject)
    return plan_update(subject, difference.all)


def _plan_cancel_steps(subject: Subject) -> Decision:
    difference = subject.difference
    if not all(step.cancelable for step in difference.dropped):
        return block_changes(subject, reason(BlockReason.CANCEL_STEP_NOT_OFFERED), PLAN_LATER)
    if not _has_step_that_stays(subject):
        return block_changes(
            subject,
            reason(BlockReason.STEPS_THAT_STAY_REACHED),
            reason(BlockHint.WAIT_FOR_PRICE),
        )
    first = Decision()
    if difference.stop or difference.leverage:
        first = _plan_stop(subject, is_last=False)
        if first.blocked:
            return first
    copies = Counter(step.terms for step in subject.live.open_steps)
    cancels: list[Operation] = []
    for step in difference.dropped:
        copies[step.terms] -= 1
        cancels.append(operations.cancel_step(subject, step, copies_left=copies[step.terms]))
    return Decision(operations=(*first.operations, *cancels, operations.set_note(subject)))


def _has_step_that_stays(subject: Subject) -> bool:
    """Return whether a step that is to stay would not execute at once; a trailing one may wait beyond its level."""
    live, prices = subject.live, subject.prices
    stay = [step for step in live.open_steps if step not in subject.difference.dropped]
    return prices is None or any(not is_step_reached(live.terms, step.terms, prices) for step in stay)


def _plan_stop(subject: Subject, *, is_last: bool = True) -> Decision:
    """Plan an update of stop and leverage alone, which repeats the live steps."""
    changes = subject.difference.leverage + subject.difference.stop
    return find_update_refusal(subject) or plan_update(subject, changes, is_last=is_last)


def _is_stop_lost(subject: Subject) -> bool:
    """Return whether a position is held whose stop is not active, though the file as last applied asks for it."""
    live, wanted = subject.live, subject.spec.terms
    if wanted.stop_loss is None:
        return False
    if live.terms.stop_loss is None:
        return owned_marker(live).exits.applied == exits_digest(wanted, subject.spec.lifecycle.ignored)
    return is_unarmed(live)


def _plan_lost_stop(subject: Subject, decision: Decision) -> Decision:
    """Send the stop again, whatever else was decided; an update that was decided on includes it.

    If all else is blocked, the live stop is sent as it was, since the file's may belong to another position.
    """
    live = subject.live
    lost = notice_lost_stop(subject.spec.name, live)
    updates = [operation for operation in decision.operations if operation.action is Action.UPDATE]
    is_gone = live.terms.stop_loss is None
    # Once a step was executed, changed steps may be refused, and that must not hold back the stop.
    later = [operation for operation in updates if live.finished_steps and _changes_steps(operation)]
    updates = [operation for operation in updates if operation not in later]
    changes = updates[0].changes if updates else subject.difference.stop if is_gone else ()
    obstacle = find_update_obstacle(subject, changes)
    if obstacle is not None:
        return replace(decision, blocked=decision.blocked or obstacle.blocked, notices=(lost,))
    cancels = [operation for operation in decision.operations if operation.action is Action.CANCEL_STEP]
    rest = (*cancels, *later)
    again = operations.rearm(subject, changes, is_last=not rest and not decision.blocked)
    note = (operations.set_note(subject),) if cancels and not decision.blocked else ()
    return replace(decision, operations=(again, *rest, *note), notices=(lost,))


def _changes_steps(operation: Operation) -> bool:
    return any(change.group is FieldGroup.TAKE_PROFIT for change in operation.changes)


def _find_failed_steps(subject: Subject) -> tuple[Notice, ...]:
    """Find take-profit steps that the exchange refused: nothing is planned, but they will not act."""
    live = subject.live
    failed = [(number, step) for number, step in enumerate(live.steps, start=1) if step.status == OrderStatus.FAILED]
    return tuple(
        notice(
            NoticeKind.LOSS,
            subject.spec.name,
            live,
            reason(NoticeReason.STEP_FAILED, number=number, status=step.status),
        )
        for number, step in failed
    )
