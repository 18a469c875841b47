"""Guardrails: limits in use, and what a plan makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.reasons import Reason

# The currency of a limit that holds for all currencies without a number of their own.
ANY_CURRENCY = "*"


class GuardrailName(StrEnum):
    """Name of a guardrail in reconciler.yaml."""

    CLOSES = "closes"
    UNPROTECTS = "unprotects"
    OMISSIONS = "omissions"
    CREATES = "creates"
    AT_MARKET = "at_market"
    NOTIONAL_PER_TRADE = "notional_per_trade"
    NOTIONAL_PER_PAIR = "notional_per_pair"
    NOTIONAL_TOTAL = "notional_total"
    COMMITS_PER_PLAN = "commits_per_plan"
    MARGIN_TOTAL = "margin_total"
    LOSS_AT_STOP_PER_TRADE = "loss_at_stop_per_trade"
    LOSS_AT_STOP_TOTAL = "loss_at_stop_total"
    LOSS_AT_STOP_INCREASE = "loss_at_stop_increase"
    LOSS_REALISED = "loss_realised"
    REWARD_RISK = "reward_risk"
    LEVERAGE = "leverage"
    LIQUIDATION_BUFFER_PCT = "liquidation_buffer_pct"
    ENTRY_DISTANCE_PCT = "entry_distance_pct"
    STOP_DISTANCE_PCT = "stop_distance_pct"
    STOP_REQUIRED = "stop_required"
    CONCENTRATION_PCT = "concentration_pct"
    TRADES_OPEN = "trades_open"
    SIZE_MULTIPLE = "size_multiple"
    ACCOUNTS = "accounts"
    PAIRS = "pairs"
    SIDES = "sides"
    PLAN_AGE = "plan_age"
    PRICE_MOVED_PCT = "price_moved_pct"


class GuardrailState(StrEnum):
    """State of a limit after the plan.

    Attributes:
        OK: Below 80 percent of it.
        NEAR: From 80 percent on.
        AT_LIMIT: Exactly at it.
        OVER: Passed, and the plan raises it.
        OVER_BEFORE: Passed, or not known, before the plan already, and not raised by it: no breach.
        UNKNOWN: The value is not known: as a passed limit, if there is an operation to hold back.
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


class GuardrailReason(StrEnum):
    """Reason why a limit is passed, beyond the numbers."""

    NO_LIMIT = "no_limit_for_currency"
    PART_UNKNOWN = "part_unknown"
    NOT_REVIEWED = "not_reviewed"
    NO_EARLIER_TRADES = "no_earlier_trades"
    HISTORY_NOT_READ = "history_not_read"
    NO_STOP = "trades_without_stop"
    NOT_ALLOWED = "not_in_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit as reconciler.yaml or a default states it. Which parts are set depends on the name.

    Attributes:
        name: Which guardrail.
        level: Whether a breach refuses or warns.
        most: Largest value: a count, a percentage, or a multiple.
        least: Smallest value: a ratio or a percentage.
        amounts: Largest amount by currency; `*` is for all others.
        allowed: Globs or words that are allowed; empty if it is not a list.
        within_s: Time in seconds: how far back, or how long.
        is_default: Whether reconciler.yaml does not state it.
    """

    name: GuardrailName
    level: GuardrailLevel = GuardrailLevel.LIMIT
    most: Decimal | None = None
    least: Decimal | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    within_s: int | None = None
    is_default: bool = False

    def find_amount(self, currency: str) -> Decimal | None:
        """Return the largest amount of a currency; None if none is stated."""
        return self.amounts.get(currency, self.amounts.get(ANY_CURRENCY))


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLoss:
    """A trade of the workspace that ended with a loss.

    Attributes:
        trade: Its name.
        currency: Currency of the loss.
        amount: The loss, above 0, or None if the result is not known.
        ended_at: When it ended, or None if the API names no time.
    """

    trade: str
    currency: str
    amount: Decimal | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTrades:
    """Earlier trades of the workspace.

    Attributes:
        losses: Trades that ended with a loss, or with a result that is not known.
        sizes: Notionals by currency, the newest trade first.
        is_whole: Whether all trades that ever ended were read.
        now: When they were read.
    """

    losses: tuple[PastLoss, ...] = ()
    sizes: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    is_whole: bool = False
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One limit in use, and the value that a plan gives it.

    Attributes:
        name: Its name in reconciler.yaml, for example `loss_at_stop_total`.
        level: Whether a breach refuses or warns.
        value: Value after the plan, or None if it is not known.
        before: Value before the plan, or None if it is not known or means nothing.
        limit: The allowed value, or None if the limit is a list or a word, or states nothing for the currency.
        limit_base: The allowed value at the base of the review, or None without a base.
        is_least: Whether `limit` is the smallest allowed value, and not the largest.
        unit: Currency, `%`, or empty for a count.
        scope: Pair or trade that it is about; empty for the whole plan.
        trades: Trades that count, the largest first.
        holds: Trades whose operations a breach holds back, the largest first; never one that only lowers risk.
        state: What the plan makes of it.
        reason: Why it is a breach, beyond the numbers, or None.
        acknowledge: What acknowledges a breach, for example `closes=2`; empty if nothing can.
        acknowledged: Whether the plan holds a fitting acknowledgement.
        is_raised: Whether only the limit of this change, and not that of the base, lets it pass.
    """

    name: str
    level: GuardrailLevel = GuardrailLevel.LIMIT
    value: Decimal | None
    before: Decimal | None = None
    limit: Decimal | None
    limit_base: Decimal | None = None
    is_least: bool = False
    unit: str = ""
    scope: str = ""
    trades: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    state: GuardrailState = GuardrailState.OK
    reason: Reason | None = None
    acknowledge: str = ""
    acknowledged: bool = False
    is_raised: bool = False

    @property
    def is_passed(self) -> bool:
        """Return whether the plan passes the limit by operations that can be held back, acknowledged or not."""
        is_unknown = self.state is GuardrailState.UNKNOWN and bool(self.holds)
        return self.is_raised or is_unknown or self.state is GuardrailState.OVER

    @property
    def is_breach(self) -> bool:
        """Return whether it refuses the plan unless it is acknowledged."""
        return self.is_passed and self.level is GuardrailLevel.LIMIT and not self.acknowledged
