"""Where the exits of a trade act, and how much each of them closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import truncate
from reconciler.model.terms import Level
from reconciler.risk.position import Position, price_of_percent
from reconciler.risk.state import OpenStep, TradeState

_ONE, _ZERO, _HUNDRED = Decimal(1), Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepExit:
    """A take-profit step with its price and size.

    Attributes:
        step: The step.
        price: Where it acts; None if it is not known.
        least: Least price that it brings: behind its price if it trails.
        units: Size that it closes.
        value: What it brings at least, or costs at most, after fees; None if it is not known.
    """

    step: OpenStep
    price: Decimal | None
    least: Decimal | None
    units: Decimal
    value: Decimal | None


def find_steps(state: TradeState, position: Position) -> tuple[StepExit, ...]:
    """Find price and size of the steps that may still act.

    Args:
        state: The trade.
        position: Its position.
    """
    if not state.steps:
        return ()
    sizes = _find_sizes(state, position.units)
    return tuple(_place(state, position, step, units) for step, units in zip(state.steps, sizes, strict=True))


def find_stop_price(state: TradeState, position: Position) -> Decimal | None:
    """Find the price at which the stop closes: its trigger, or its limit; None without a stop, or if it is not known.

    A trailing stop, and one that breakeven will move, count with the trigger that they have now.
    """
    if state.stop is not None and state.stop.limit_price is not None:
        return state.stop.limit_price
    return find_stop_trigger(state, position)


def find_stop_trigger(state: TradeState, position: Position) -> Decimal | None:
    """Find the price at which the stop acts; None without a stop, or if it is not known."""
    return None if state.stop is None else _price_of(state.stop.trigger, state, position, is_gain=False)


def share_units(amount: Decimal, volumes: Sequence[Decimal], lot_step: Decimal, done_pct: Decimal) -> list[Decimal]:
    """Divide a size among steps in whole lots, the rest to the first one; if they cover all, nothing is left over.

    Args:
        amount: The size.
        volumes: Share of each step, in percent of the whole position.
        lot_step: Lot size; 0 if it is not known.
        done_pct: Share of the steps that were executed, in percent.

    Source: published examples (14.91 units, lot 1, 50/25/25 are 8.0 / 3.0 / 3.0; 35/35 of 20 are 7.0 / 7.0).
    """
    whole = _HUNDRED - done_pct
    if whole <= 0:
        return [_ZERO for _ in volumes]
    total = truncate(amount, lot_step)
    units = [truncate(total * volume / whole, lot_step) for volume in volumes]
    covered = sum(volumes, _ZERO)
    if covered == whole:
        units[0] += total - sum(units, _ZERO)
        units[-1] += amount - total
    elif lot_step:
        units[0] += truncate(total * covered / whole, lot_step) - sum(units, _ZERO)
    return units


def _find_sizes(state: TradeState, amount: Decimal) -> list[Decimal]:
    """Return the size of each step: as the API shows it if that agrees with the size of the position."""
    volumes = [step.terms.volume_pct for step in state.steps]
    shown = [step.units for step in state.steps if step.units is not None]
    covers_all = sum(volumes, _ZERO) + state.done_pct == _HUNDRED
    total = sum(shown, _ZERO)
    if len(shown) == len(volumes) and not state.adds and (total == amount if covers_all else total <= amount):
        return shown
    return share_units(amount, volumes, state.lot_step, state.done_pct)


def _place(state: TradeState, position: Position, step: OpenStep, units: Decimal) -> StepExit:
    price = _price_of(step.terms.level, state, position, is_gain=True)
    least = _trail(price, step.terms.trailing_pct, position)
    return StepExit(step=step, price=price, least=least, units=units, value=position.value_of(units, least))


def _trail(price: Decimal | None, trailing_pct: Decimal | None, position: Position) -> Decimal | None:
    if price is None or trailing_pct is None:
        return price
    share = abs(trailing_pct) / _HUNDRED
    return price * (_ONE - share if position.is_long else _ONE + share)


def _price_of(level: Level, state: TradeState, position: Position, *, is_gain: bool) -> Decimal | None:
    if level.value is not None:
        return level.value
    percent = level.percent or _ZERO
    return price_of_percent(position.average, percent, state.price_step, is_up=is_gain is position.is_long)
