"""The takeover: a trade that manages what is left of one that was filled while it was being cancelled."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.applying.trade_checks import filled_units
from reconciler.codec.numbers import plain, truncate
from reconciler.diffing.firing import find_fires, is_step_reached
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Amount, reason
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Entry, Level, OrderType, Side, Step, StopLoss, Terms

_HUNDRED = Decimal(100)
# Shares of the position are rounded to this many percent; the first step takes the rest.
_VOLUME_STEP = Decimal("0.01")
# Source: SmartTrade docs, stop_loss.breakeven: it moves when the first step has finished and others are left.
_BREAKEVEN_STEPS = 2


def is_filled_meanwhile(operation: Operation, live: LiveTrade) -> bool:
    """Return whether a cancel that was to free an order has left a position instead.

    Args:
        operation: A cancel or a replace of a trade that had entered nothing.
        live: Its trade, cancelled.
    """
    frees = operation.action is Action.REPLACE or (
        operation.action is Action.CANCEL and operation.effect is Effect.FREES
    )
    return frees and live.status == TradeStatus.CANCELLED and filled_units(live) > 0


def end_filled(operation: Operation, live: LiveTrade, rates: Rates | None) -> Outcome:
    """Make the outcome of a cancel that left a position, with the trade that takes it over.

    Args:
        operation: The cancel or replace.
        live: Its trade, cancelled.
        rates: Prices and limits of the pair, or None if they cannot be read.
    """
    return Outcome(
        operation=operation,
        kind=OutcomeKind.FILLED_WHILE_CANCELLING,
        live_id=live.id,
        reason=reason(
            OutcomeReason.FILLED_UNPROTECTED,
            units=Amount(filled_units(live), live.terms.unit),
            price=plain(live.average_price or Decimal(0)),
        ),
        takeover=take_over(live, operation.precondition.terms if operation.precondition else live.terms, rates),
    )


def take_over(live: LiveTrade, reviewed: Terms, rates: Rates | None) -> Terms:
    """Make an own-funds trade for what an ended trade left, with those of its steps and its stop that still make sense.

    What the price has passed would act at once and is left out; so is a level in percent that cannot be worked out.

    Args:
        live: The ended trade; it need not show its steps any more.
        reviewed: Its inputs when the plan was made.
        rates: Prices and limits of the pair, or None if they cannot be read.
    """
    average = live.average_price or reviewed.entry.price or Decimal(0)
    entry = Entry(
        side=reviewed.entry.side, order_type=OrderType.MARKET, units=filled_units(live), price=average, condition=None
    )
    held = replace(reviewed, skip_enter_step=True, instant=False, entry=entry, steps=(), stop_loss=None)
    prices = rates.prices if rates else live.prices
    steps = tuple(step for each in reviewed.steps if (step := _fix_step(each, entry, rates)) is not None)
    if prices is not None:
        steps = tuple(step for step in steps if not is_step_reached(held, step, prices))
    steps = _share_out(steps)
    stop = _fix_stop(reviewed.stop_loss, entry, rates, can_break_even=len(steps) >= _BREAKEVEN_STEPS)
    if prices is not None and find_fires(replace(held, stop_loss=stop), prices, is_entered=True):
        stop = None
    return replace(held, steps=steps, stop_loss=stop)


def _fix_step(step: Step, entry: Entry, rates: Rates | None) -> Step | None:
    level = _fix_level(step.level, entry, rates, is_gain=True)
    return None if level is None else replace(step, level=level)


def _fix_stop(stop: StopLoss | None, entry: Entry, rates: Rates | None, *, can_break_even: bool) -> StopLoss | None:
    level = None if stop is None else _fix_level(stop.trigger, entry, rates, is_gain=False)
    if stop is None or level is None:
        return None
    return replace(stop, trigger=level, breakeven=stop.breakeven and can_break_even)


def _fix_level(level: Level, entry: Entry, rates: Rates | None, *, is_gain: bool) -> Level | None:
    """Return a level as a price. Source: create page, a percentage counts from the average entry price."""
    if level.value is not None:
        return replace(level, percent=None)
    if level.percent is None or rates is None or entry.price is None:
        return None
    is_above = (entry.side is Side.BUY) == is_gain
    share = abs(level.percent) / _HUNDRED
    price = entry.price * (1 + share if is_above else 1 - share)
    return replace(level, value=truncate(price, rates.price_step), percent=None)


def _share_out(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Scale the shares of the steps so that they add up to 100 again."""
    total = sum((step.volume_pct for step in steps), Decimal(0))
    if not steps or total == _HUNDRED:
        return steps
    shares = [truncate(step.volume_pct * _HUNDRED / total, _VOLUME_STEP) for step in steps]
    shares[0] += _HUNDRED - sum(shares)
    return tuple(replace(step, volume_pct=share) for step, share in zip(steps, shares, strict=True))
