"""Updates and notes: what may be sent to a trade that goes on living."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.model.live import Phase
from reconciler.model.operations import FieldChange
from reconciler.planning import operations
from reconciler.planning.decisions import Decision, block_changes
from reconciler.planning.operations import Subject, changes_trigger

_HUNDRED = Decimal(100)


def plan_update(subject: Subject, changes: Sequence[FieldChange], *, is_last: bool = True) -> Decision:
    """An update, or why the API would refuse it.

    Args:
        subject: The trade.
        changes: Which inputs change.
        is_last: Whether the note may say afterwards that the whole file was applied.
    """
    obstacle = find_update_obstacle(subject, changes)
    return obstacle or Decision(operations=(operations.update(subject, changes, is_last=is_last),))


def plan_note(subject: Subject) -> Decision:
    """Nothing differs but perhaps the marker or the user's text."""
    if subject.live.note == subject.wanted_note:
        return Decision()
    return Decision(operations=(operations.set_note(subject),))


def find_update_obstacle(subject: Subject, changes: Sequence[FieldChange]) -> Decision | None:
    """Why the API would refuse an update, or None.

    An update sends all steps, changed or not, and the API takes only steps that make 100.
    """
    live, wanted = subject.live, subject.spec.terms
    if not live.flags.editable:
        return block_changes(subject, f"3Commas does not offer to edit it while {live.status}", "plan again later")
    changes_steps = any(change.path.startswith("take_profit") for change in changes)
    listed = [step.terms for step in live.steps if not step.is_cancelled]
    steps = wanted.steps if changes_steps else listed
    if steps and sum(step.volume_pct for step in steps) != _HUNDRED:
        if changes_steps:
            return block_changes(
                subject,
                "an update needs 100 in its steps, and `unallocated` leaves some out",
                "restate the volumes so that they make 100; take steps away once the position is open",
            )
        hint = "restate the volumes of the steps to 100, then the rest can be changed too"
        if live.executed_terms:
            hint = "after a step was executed only 3Commas itself can do this: change it there, then plan again"
        return block_changes(subject, "the live steps do not make 100, so an update would be refused", hint)
    levels = [step.level for step in wanted.steps] if changes_steps else []
    if wanted.stop_loss is not None and changes_trigger(subject, changes):
        levels.append(wanted.stop_loss.trigger)
    if live.phase is Phase.OPEN and any(level.value is None for level in levels):
        return block_changes(
            subject,
            "3Commas takes levels in percent only while the entry trails, and the position is open",
            "state all steps, or the stop, as prices",
        )
    return None
