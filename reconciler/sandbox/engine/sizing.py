"""Sizes of take-profit steps, and the prices of levels in percent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.sandbox.engine.trade import ZERO, SmartTrade, Step
from reconciler.sandbox.values.decimals import truncate_to
from reconciler.sandbox.values.market import Pair

WHOLE_POSITION_PCT = Decimal(100)


def share_units(
    amount: Decimal, volumes_pct: Sequence[Decimal], lot_step: Decimal, *, whole_pct: Decimal = WHOLE_POSITION_PCT
) -> list[Decimal]:
    """Units of each step: amount and shares truncated to lots, the remainder to the first step.

    Args:
        amount: Units to divide, zero or more.
        volumes_pct: Share of each step, in percent of the whole.
        lot_step: Grid of units.
        whole_pct: Percentage that the amount represents; less than 100 once steps have finished.

    Source: published examples (14.91 units, lot 1, 50/25/25 are 8.0 / 3.0 / 3.0; 35/35 of 20 are 7.0 / 7.0).
    """
    if not volumes_pct:
        return []
    amount = truncate_to(amount, lot_step)
    units = [truncate_to(amount * volume / whole_pct, lot_step) for volume in volumes_pct]
    allocated = truncate_to(amount * sum(volumes_pct, ZERO) / whole_pct, lot_step)
    units[0] += allocated - sum(units, ZERO)
    return units


def size_steps(trade: SmartTrade, lot_step: Decimal) -> list[tuple[Step, Decimal]]:
    """The steps that are not done, with the units that each should have now.

    Steps share what is left of the position plus what some of them have closed in part. What an open reduction is
    going to close is excluded.

    Source: update and add funds pages (step units follow the units of the position); the rest is assumed.
    """
    steps = [step for step in trade.steps if not step.is_done]
    whole_pct = WHOLE_POSITION_PCT - sum(step.terms.volume_pct for step in trade.steps if step.is_done)
    reduced = sum((order.left_units for order in trade.reductions if order.is_open), ZERO)
    amount = trade.left_amount + sum((step.filled_units for step in steps), ZERO) - reduced
    volumes_pct = [step.terms.volume_pct for step in steps]
    return list(zip(steps, share_units(amount, volumes_pct, lot_step, whole_pct=whole_pct), strict=True))


def level_price(trade: SmartTrade, percent: Decimal, pair: Pair, *, is_gain: bool) -> Decimal:
    """The price that lies a percentage away from the average entry price, truncated to the price step.

    Args:
        trade: An entered trade.
        percent: Distance in percent of the average entry price, commission included.
        pair: Its pair.
        is_gain: Whether the level lies on the winning side (a step) or on the losing side (a stop).

    Source: published examples of trailing trades; the rounding is assumed.
    """
    average = pair.mean_price(trade.entered_amount, trade.entered_total)
    upwards = is_gain is trade.is_long
    factor = 1 + percent / 100 if upwards else 1 - percent / 100
    return truncate_to(average * factor, pair.price_step)


def is_fully_allocated(trade: SmartTrade) -> bool:
    """Return whether the steps, finished ones included, cover the whole position."""
    return sum((step.terms.volume_pct for step in trade.steps), ZERO) == WHOLE_POSITION_PCT
