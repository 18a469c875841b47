"""Changes of a position after a take-profit step was executed.

An update sends all steps, so executed ones are repeated as they are. Whether 3Commas takes that is not documented: it
is tried, the protective part first, and a refusal is remembered. Stop and leverage are then sent without the steps.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from reconciler.codec.numbers import is_near
from reconciler.model.live import LiveStep, LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.reasons import reason
from reconciler.model.terms import Step, Terms
from reconciler.planning import operations
from reconciler.planning.decisions import Decision, block_changes
from reconciler.planning.operations import Subject
from reconciler.planning.updates import find_update_obstacle

# How far what was closed may be from the size of the executed steps, as a share of it: fees and lots.
_CLOSED_TOLERANCE = Decimal("0.02")


def plan_executed(subject: Subject) -> Decision:
    """Plan changes of steps, and of what else differs, of a position of which a part was closed.

    Stop and leverage come first, in an update of their own: a refusal of the steps holds back no protection.
    """
    first = _plan_protection(subject)
    obstacle = _find_obstacle(subject) or find_update_obstacle(subject, subject.difference.steps)
    if obstacle is not None:
        return dataclasses.replace(first, blocked=first.blocked or obstacle.blocked)
    if first.blocked:
        return first
    steps = _change_steps(subject)
    if first.operations:
        # The first update is not an edit from outside.
        steps = dataclasses.replace(steps, cause=first.operations[0].cause)
    return Decision(operations=(*first.operations, steps))


def find_update_refusal(subject: Subject) -> Decision | None:
    """Find that 3Commas has refused the stop and leverage of the file in every form, or None."""
    wanted = subject.spec.terms
    found = next((refused for refused in subject.refused if refused.refuses_protection(wanted)), None)
    if found is None or not subject.live.finished_steps:
        return None
    why = reason(BlockReason.UPDATES_REFUSED, message=found.message)
    return block_changes(subject, why, reason(BlockHint.CHANGE_IN_3COMMAS))


def _plan_protection(subject: Subject) -> Decision:
    changes = subject.difference.leverage + subject.difference.stop
    if not changes:
        return Decision()
    obstacle = find_update_refusal(subject) or find_update_obstacle(subject, changes)
    return obstacle or Decision(operations=(operations.update(subject, changes, is_last=False),))


def _find_obstacle(subject: Subject) -> Decision | None:
    """Find why the steps cannot be changed, or None."""
    live, wanted = subject.live, subject.spec.terms
    settled = [filed for step, filed in _pair_steps(subject) if step.is_finished]
    are_listed = all(wanted.steps.count(filed) >= settled.count(filed) for filed in settled)
    if not live.finished_steps or not are_listed or not _was_closed_by_steps(live):
        return block_changes(subject, reason(BlockReason.PARTLY_CLOSED), reason(BlockHint.KEEP_EXECUTED_STEPS))
    found = next((refused for refused in subject.refused if refused.refuses_steps(_repeat_executed(subject))), None)
    if found is None:
        return None
    why = reason(BlockReason.STEPS_REFUSED, message=found.message)
    return block_changes(subject, why, reason(BlockHint.CHANGE_IN_3COMMAS))


def _was_closed_by_steps(live: LiveTrade) -> bool:
    """Return whether executed steps alone closed what was closed: none in part, and nothing by reducing the trade."""
    units = [step.units for step in live.finished_steps]
    known = sum((each for each in units if each is not None), Decimal(0))
    return None not in units and is_near(live.closed_units, known, _CLOSED_TOLERANCE)


def _pair_steps(subject: Subject) -> list[tuple[LiveStep, Step]]:
    """Pair the live steps with their form in the file; without one with their own."""
    listed = [step for step in subject.live.steps if not step.is_cancelled]
    return list(zip(listed, subject.difference.live.steps, strict=True))


def _repeat_executed(subject: Subject) -> Terms:
    """Return the terms of the file with executed steps exactly as the API shows them, for the echo."""
    steps = list(subject.spec.terms.steps)
    for step, filed in _pair_steps(subject):
        if step.is_finished and filed in steps:
            steps[steps.index(filed)] = step.terms
    return dataclasses.replace(subject.spec.terms, steps=tuple(steps))


def _change_steps(subject: Subject) -> Operation:
    """Plan the update of the steps, which starts from what the update before it leaves."""
    spec, live, difference = subject.spec, subject.live, subject.difference
    if difference.leverage or difference.stop:
        live = dataclasses.replace(live, terms=_protect(live.terms, spec.terms))
        stated = _protect(difference.live, spec.terms)
        difference = dataclasses.replace(difference, live=stated, leverage=(), stop=())
    wanted = dataclasses.replace(spec, terms=_repeat_executed(subject))
    later = dataclasses.replace(subject, spec=wanted, live=live, difference=difference)
    made = operations.update(later, difference.steps)
    precondition = operations.precondition_of(subject.live)
    return dataclasses.replace(made, note_after=subject.wanted_note, precondition=precondition)


def _protect(terms: Terms, wanted: Terms) -> Terms:
    return dataclasses.replace(terms, leverage=wanted.leverage, stop_loss=wanted.stop_loss)
