"""Updates and notes of a trade that stays open: which changes may be sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.model.field_groups import FieldGroup
from reconciler.model.live import Phase
from reconciler.model.operations import FieldChange
from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.reasons import reason
from reconciler.planning import operations
from reconciler.planning.create_rules import LEAST_STEPS_WITH_BREAKEVEN
from reconciler.planning.decisions import PLAN_LATER, Decision, block_changes
from reconciler.planning.operations import Subject, changes_trigger

_HUNDRED = Decimal(100)


def plan_update(subject: Subject, changes: Sequence[FieldChange], *, is_last: bool = True) -> Decision:
    """Plan an update, or say why the API would refuse it.

    Args:
        subject: The trade.
        changes: Which inputs change.
        is_last: Whether the note may say afterwards that the whole file was applied.
    """
    obstacle = find_update_obstacle(subject, changes)
    return obstacle or Decision(operations=(operations.update(subject, changes, is_last=is_last),))


def plan_note(subject: Subject) -> Decision:
    """Plan the note of a trade of which nothing else differs."""
    if subject.live.note == subject.wanted_note:
        return Decision()
    return Decision(operations=(operations.set_note(subject),))


def find_update_obstacle(subject: Subject, changes: Sequence[FieldChange]) -> Decision | None:
    """Find why the API would refuse an update, or None."""
    if not subject.live.flags.editable:
        return block_changes(subject, reason(BlockReason.EDIT_NOT_OFFERED, status=subject.live.status), PLAN_LATER)
    obstacle = _find_volume_obstacle(subject, changes) or _find_breakeven_obstacle(subject, changes)
    return obstacle or _find_percent_obstacle(subject, changes)


def _find_volume_obstacle(subject: Subject, changes: Sequence[FieldChange]) -> Decision | None:
    """Check the sum of the steps: an update sends all of them, and the API accepts only steps that add up to 100 %."""
    live, changes_steps = subject.live, _changes_steps(changes)
    listed = [step.terms for step in live.steps if not step.is_cancelled]
    steps = subject.spec.terms.steps if changes_steps else listed
    if not steps or sum(step.volume_pct for step in steps) == _HUNDRED:
        return None
    if changes_steps:
        return block_changes(subject, reason(BlockReason.UPDATE_NOT_WHOLE), reason(BlockHint.MAKE_VOLUMES_WHOLE))
    if live.finished_steps:
        # Stop and leverage can go without the steps then.
        return None
    hint = BlockHint.CHANGE_IN_3COMMAS if live.executed_terms else BlockHint.MAKE_LIVE_VOLUMES_WHOLE
    return block_changes(subject, reason(BlockReason.LIVE_STEPS_NOT_WHOLE), reason(hint))


def _find_breakeven_obstacle(subject: Subject, changes: Sequence[FieldChange]) -> Decision | None:
    """Check the number of steps; what is live already may have fewer, and then its stop is moved all the same."""
    terms, live = subject.spec.terms, subject.live.terms.stop_loss
    has_breakeven = terms.stop_loss is not None and terms.stop_loss.breakeven
    changes_steps = _changes_steps(changes)
    sets_breakeven = live is None or any(change.path == "stop_loss.breakeven" for change in changes)
    listed = [step for step in subject.live.steps if not step.is_cancelled]
    count = len(terms.steps) if changes_steps else len(listed)
    if not has_breakeven or not (changes_steps or sets_breakeven) or count >= LEAST_STEPS_WITH_BREAKEVEN:
        return None
    return block_changes(subject, reason(BlockReason.UPDATE_BREAKEVEN), reason(BlockHint.ADD_A_STEP))


def _find_percent_obstacle(subject: Subject, changes: Sequence[FieldChange]) -> Decision | None:
    """Check the levels: for an open position they can only be sent as prices."""
    wanted = subject.spec.terms
    levels = [step.level for step in wanted.steps] if _changes_steps(changes) else []
    if wanted.stop_loss is not None and changes_trigger(subject, changes):
        levels.append(wanted.stop_loss.trigger)
    if subject.live.phase is Phase.OPEN and any(level.value is None for level in levels):
        return block_changes(subject, reason(BlockReason.PERCENT_AFTER_ENTRY), reason(BlockHint.WRITE_PRICES))
    return None


def _changes_steps(changes: Sequence[FieldChange]) -> bool:
    return any(change.group is FieldGroup.TAKE_PROFIT for change in changes)
