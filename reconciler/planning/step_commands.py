"""Operations by hand on one take-profit step, or on one order of added or reduced funds.

The last step that is open, the stop and a waiting entry are never cancelled like this: the API would cancel the whole
trade. Source: cancel trade page.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.diffing.firing import is_step_reached
from reconciler.errors import CommandRefused
from reconciler.model.commands import Command
from reconciler.model.forecasts import Forecast
from reconciler.model.live import LiveStep, LiveTrade, Phase
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.orders import STEP_PURPOSE, STOP_PURPOSE, LiveOrder
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.planning import forecasts
from reconciler.planning.commands import Commands


def close_step(commands: Commands, number: int | None, step_id: int | None) -> Operation:
    """Execute one take-profit step at market.

    Args:
        commands: Those of its trade.
        number: Its number in order, from 1, or None.
        step_id: Its trade id, or None.

    Raises:
        CommandRefused: There is no such step, or it cannot be executed now.
    """
    live, step = commands.live, _find_step(commands, number, step_id)
    where = _describe_step(commands, step)
    _require(step, live, where, "close", is_offered=step.closable)
    effect, money = forecasts.forecast_close_step(live, step, live.prices)
    return commands.make(
        Action.CLOSE_STEP,
        effect,
        (_about(commands, step), *money),
        command=Command(live=commands.live, step_id=step.id),
    )


def cancel_step(
    commands: Commands, number: int | None, step_id: int | None, orders: Sequence[LiveOrder] = ()
) -> Operation:
    """Cancel one take-profit step, or an order that adds to the position or takes from it.

    Args:
        commands: Those of its trade.
        number: Number of the step in order, from 1, or None.
        step_id: Trade id, or None.
        orders: The orders of the trade, if no step has the id.

    Raises:
        CommandRefused: There is no such step, or it would take the whole trade with it.
    """
    order = next((order for order in orders if order.id == step_id), None)
    if order is not None and order.purpose != STEP_PURPOSE:
        return _cancel_order(commands, order)
    live, step = commands.live, _find_step(commands, number, step_id)
    where = _describe_step(commands, step)
    _require(step, live, where, "cancel", is_offered=step.cancelable)
    if not _find_staying(live, step.id):
        raise CommandRefused(
            f"{where} is the last one that would stay open, and cancelling that cancels the whole trade; disable"
            " take profit in the file, or use `trade cancel`"
        )
    effect, money = forecasts.forecast_cancel_step(live, step.terms)
    return commands.make(
        Action.CANCEL_STEP,
        effect,
        (_about(commands, step), *money),
        command=Command(live=commands.live, step_id=step.id),
    )


def _cancel_order(commands: Commands, order: LiveOrder) -> Operation:
    if order.purpose == STOP_PURPOSE:
        raise CommandRefused(
            f"{order.id} is the stop of {commands.subject}, and cancelling that cancels the whole trade; disable the"
            " stop in the file, or use `trade cancel`"
        )
    if commands.live.phase not in (Phase.OPEN, Phase.BUSY):
        raise CommandRefused(
            f"the entry of {commands.subject} is not over, and cancelling it cancels the whole trade:"
            " use `trade cancel`"
        )
    if not order.cancelable:
        raise CommandRefused(f"order {order.id} is {order.status}; 3Commas does not offer to cancel it now")
    cancelled = reason(
        Forecast.ORDER_CANCELLED,
        order_id=order.id,
        order_type=order.order_type,
        side=order.side,
        units=Amount(order.units or Decimal(0), commands.live.terms.unit),
    )
    return commands.make(
        Action.CANCEL_ORDER, Effect.FREES, (cancelled,), command=Command(live=commands.live, step_id=order.id)
    )


def _find_step(commands: Commands, number: int | None, step_id: int | None) -> LiveStep:
    steps = commands.live.steps
    for place, step in enumerate(steps, start=1):
        if number == place or (step_id is not None and step_id == step.id):
            return step
    known = ", ".join(f"{place} ({step.id})" for place, step in enumerate(steps, start=1)) or "none"
    wanted = f"step {number}" if number is not None else f"step with the id {step_id}"
    raise CommandRefused(f"{commands.subject} has no {wanted} and is {commands.live.status}; its steps are: {known}")


def _require(step: LiveStep, live: LiveTrade, where: str, verb: str, *, is_offered: bool) -> None:
    if live.phase is Phase.ENDED or not is_offered:
        raise CommandRefused(
            f"{where} is {step.status} and the trade {live.status}; 3Commas does not offer to {verb} it now"
        )


def _find_staying(live: LiveTrade, step_id: int) -> list[LiveStep]:
    """Find the open steps that would stay without one of them; for a position only those that would not act at once."""
    return [
        step
        for step in live.open_steps
        if step.id != step_id
        and step.status != "panic_sell_pending"
        and not (live.phase is Phase.OPEN and live.prices and is_step_reached(live.terms, step.terms, live.prices))
    ]


def _describe_step(commands: Commands, step: LiveStep) -> str:
    return f"step {commands.live.steps.index(step) + 1} of {commands.subject}"


def _about(commands: Commands, step: LiveStep) -> Reason:
    return reason(Forecast.STEP_NAMED, number=commands.live.steps.index(step) + 1, trade=commands.subject)
