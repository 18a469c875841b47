"""The state of a trade after an operation on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.field_groups import FieldGroup
from reconciler.model.live import Rates
from reconciler.model.operations import Action, Operation
from reconciler.model.terms import Step
from reconciler.risk.state import OpenStep, TradeState, number_steps, state_of_terms

_ZERO = Decimal(0)


def change_state(
    before: TradeState | None, operation: Operation, adds: Sequence[AveragingOrder] = (), rates: Rates | None = None
) -> TradeState | None:
    """Return the state of a trade after an operation; None if it is not there any more, or not ours.

    Args:
        before: The state before; None if it is not there.
        operation: What is done.
        adds: Averaging orders that its file plans, of a trade that is opened.
        rates: Prices and grids of its pair, or None if they were not read.
    """
    if operation.opens:
        return None if operation.after is None else state_of_terms(operation.after, adds, rates)
    if before is None or operation.action is Action.RELEASE or operation.destroys:
        return None
    if operation.action is Action.UPDATE:
        return _update(before, operation)
    if operation.action is Action.CANCEL_STEP:
        return replace(before, steps=_drop_step(before.steps, operation.step))
    if operation.action is Action.ADD_FUNDS and operation.averaging is not None:
        return replace(before, adds=(*before.adds, operation.averaging))
    if operation.action is Action.CANCEL_AVERAGING and operation.averaging is not None:
        return replace(before, adds=drop_order(before.adds, operation.averaging))
    return before


def drop_order(orders: Sequence[AveragingOrder], gone: AveragingOrder) -> tuple[AveragingOrder, ...]:
    """Return averaging orders without one, which may be filled in part."""
    same = next((each for each in orders if each.price == gone.price and each.units <= gone.units), None)
    place = -1 if same is None else orders.index(same)
    return tuple(each for index, each in enumerate(orders) if index != place)


def _update(before: TradeState, operation: Operation) -> TradeState:
    """Take over the groups that an update changes; the entry only while it waits, or of own funds."""
    after = operation.after
    if after is None:
        return before
    groups = {change.group for change in operation.changes}
    is_entry_new = FieldGroup.POSITION in groups and (before.terms.skip_enter_step or not before.is_held)
    entry = after.entry if is_entry_new else before.terms.entry
    state = replace(
        before,
        terms=after if after.entry == entry else replace(after, entry=entry),
        stop=after.stop_loss if FieldGroup.STOP_LOSS in groups and not before.is_filling else before.stop,
        steps=_find_open(before, after.steps) if FieldGroup.TAKE_PROFIT in groups else before.steps,
        # What the API names counts for the leverage before.
        liquidation_price=None if FieldGroup.LEVERAGE in groups else before.liquidation_price,
    )
    if not is_entry_new:
        return state
    if after.skip_enter_step:
        return replace(state, opened_units=entry.units, opened_total=after.market.worth_of(entry.units, entry.price))
    return replace(state, waiting_units=entry.units)


def _find_open(before: TradeState, wanted: Sequence[Step]) -> tuple[OpenStep, ...]:
    """Return the steps that an update leaves open: those that were executed stay executed.

    The API may show an executed step with other values than the file, so one of the same volume counts as the same.
    """
    steps = list(number_steps(wanted))
    for executed in before.executed:
        same = [each for each in steps if each.terms == executed]
        alike = [each for each in steps if each.terms.volume_pct == executed.volume_pct]
        if same or alike:
            steps.remove((same or alike)[0])
    return tuple(steps)


def _drop_step(steps: Sequence[OpenStep], gone: Step | None) -> tuple[OpenStep, ...]:
    place = next((index for index, each in enumerate(steps) if each.terms == gone), -1)
    return tuple(each for index, each in enumerate(steps) if index != place)
