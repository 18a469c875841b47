"""Guardrails: limits in use, and what a plan makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.model.reasons import Reason


class GuardrailState(StrEnum):
    """State of a limit after the plan.

    Attributes:
        OK: Below 80 percent of it.
        NEAR: From 80 percent on.
        AT_LIMIT: Exactly at it.
        OVER: Passed, and the plan raises it.
        OVER_BEFORE: Passed before the plan already, and not raised by it: no breach.
        UNKNOWN: The value is not known: as a passed limit.
    """

    OK = "ok"
    NEAR = "near"
    AT_LIMIT = "at_limit"
    OVER = "over"
    OVER_BEFORE = "over_before"
    UNKNOWN = "unknown"


class GuardrailLevel(StrEnum):
    """Weight of a limit: `LIMIT` refuses the plan, `WARN` is only shown."""

    LIMIT = "limit"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One limit in use, and the value that a plan gives it.

    Attributes:
        name: Its name in reconciler.yaml, for example `loss_at_stop_total`.
        level: Whether a breach refuses or warns.
        value: Value after the plan, or None if it is not known.
        limit: The allowed value, or None if the limit is a list or a word.
        limit_base: The allowed value at the base of the review, or None without a base.
        unit: Currency, `%`, or empty for a count.
        scope: Pair or trade that it is about; empty for the whole plan.
        trades: Trades that count, the largest first.
        state: What the plan makes of it.
        reason: Why it is a breach, beyond the numbers, or None.
        acknowledge: What acknowledges a breach, for example `closes=2`; empty if nothing can.
        acknowledged: Whether the plan holds a fitting acknowledgement.
        is_raised: Whether only the limit of this change, and not that of the base, lets it pass.
    """

    name: str
    level: GuardrailLevel = GuardrailLevel.LIMIT
    value: Decimal | None
    limit: Decimal | None
    limit_base: Decimal | None = None
    unit: str = ""
    scope: str = ""
    trades: tuple[str, ...] = ()
    state: GuardrailState = GuardrailState.OK
    reason: Reason | None = None
    acknowledge: str = ""
    acknowledged: bool = False
    is_raised: bool = False

    @property
    def is_breach(self) -> bool:
        """Return whether it refuses the plan unless it is acknowledged."""
        passed = self.is_raised or self.state in (GuardrailState.OVER, GuardrailState.UNKNOWN)
        return passed and self.level is GuardrailLevel.LIMIT and not self.acknowledged
