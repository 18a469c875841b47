"""Rules of a create. A live trade may break them: its steps were cancelled, or its trailing entry has filled."""

from __future__ import annotations

from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Level

# Fewer than this 3Commas refuses beside breakeven. Source: SmartTradesV2 page, `stop_loss.breakeven`.
LEAST_STEPS_WITH_BREAKEVEN = 2


def find_create_refusal(spec: TradeSpec) -> tuple[Reason, Reason] | None:
    """Find why a trade must not be created as its file states it.

    Args:
        spec: What its file wants.

    Returns:
        The reason and the advice; None if it may be created.
    """
    terms, stop = spec.terms, spec.terms.stop_loss
    if spec.unallocated_pct:
        return reason(BlockReason.CREATE_NOT_WHOLE), reason(BlockHint.LIST_ALL_STEPS)
    if stop is not None and stop.breakeven and len(terms.steps) < LEAST_STEPS_WITH_BREAKEVEN:
        return reason(BlockReason.CREATE_BREAKEVEN), reason(BlockHint.ADD_A_STEP)
    condition = terms.entry.condition
    if condition is not None and condition.trailing_pct is not None and any(map(_is_price, _list_levels(spec))):
        return reason(BlockReason.CREATE_TRAILING_PRICES), reason(BlockHint.WRITE_PERCENT)
    return None


def _list_levels(spec: TradeSpec) -> list[Level]:
    stop = spec.terms.stop_loss
    return [*(step.level for step in spec.terms.steps), *([stop.trigger] if stop is not None else [])]


def _is_price(level: Level) -> bool:
    return level.percent is None
