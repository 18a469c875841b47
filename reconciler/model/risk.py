"""Money at risk of trades and of a plan, as numbers; what is not known is None and has a reason, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reconciler.model.reasons import Reason
from reconciler.model.terms import Side


class RiskReason(StrEnum):
    """Why a number of a trade is not known."""

    NO_ENTRY_PRICE = "no_entry_price"
    NO_ENTRY_COST = "no_entry_cost"
    NO_CONTRACT_SIZE = "no_contract_size"
    NO_LEVEL_PRICE = "no_level_price"
    NO_LEVERAGE_FACTOR = "no_leverage_factor"
    NO_CLOSED_TOTAL = "no_closed_total"
    AVERAGING_UNREAD = "averaging_unread"
    CROSS_LIQUIDATION = "cross_liquidation"
    RISK_UNREADABLE = "risk_unreadable"


class FeeBasis(StrEnum):
    """Source of a fee rate."""

    CONFIG = "config"
    LIVE = "live"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRate:
    """Fee of an account.

    Attributes:
        rate: Share of the amount, 0.001 for 0.1 percent.
        basis: Source of it.
    """

    rate: Decimal
    basis: FeeBasis


class LiquidationBasis(StrEnum):
    """Source of a liquidation price."""

    LIVE = "live"
    ESTIMATE = "estimate"
    BANKRUPTCY = "bankruptcy"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationPrice:
    """Price at which the exchange takes a position.

    Attributes:
        value: The price, or None if there is none or it is not known.
        basis: Source of it.
    """

    value: Decimal | None = None
    basis: LiquidationBasis = LiquidationBasis.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A number that cannot be computed.

    Attributes:
        part: Field of `TradeRisk` that is not known.
        reason: Why.
    """

    part: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeRisk:
    """Money at risk of one trade in one state. None of a number means that it is not known, or that there is none.

    Attributes:
        currency: Quote currency of the pair, or the coin in which an inverse contract is paid.
        pair: QUOTE_BASE.
        account_id: Its account.
        side: Direction of the entry.
        leverage: Factor: 1 without leverage; None if the exchange chooses it.
        is_contract: Whether it is known to be on a contract market.
        is_instant: Whether it ends as soon as its entry is filled, so that no stop can protect it.
        is_held: Whether a position is held, at least in part.
        units: Size that is not closed yet; what waits to be entered, and averaging orders, count as filled.
        notional: Worth of the size at its entry, in `currency`.
        margin: Own money that it binds, in `currency`.
        entry_price: Price at which it is entered, without fees; with several fills the average.
        stop_price: Price at which the stop is expected to close it, or None without a stop.
        loss_at_stop: Loss of the size if the stop acts, fees included, in `currency`; 0 if it would not lose; None
            without a stop.
        locked_in: Gain of the size if the stop acts, fees included, in `currency`; 0 if it would lose.
        reward: Result of the size if all steps act, fees included, in `currency`; a trailing step counts with the least
            that it brings.
        reward_risk: Reward over loss at stop.
        realised: Result of what is closed already, fees included, in `currency`; it is part of no other number.
        at_market: Result of the size if it were closed now, fees included, in `currency`; of a held position only.
        give_back: Worth that is lost from now to the stop, in `currency`; of a held position only.
        fees: Fees that are still to be paid until all steps have acted, in `currency`.
        breakeven: Price at which the result of the size is 0.
        liquidation: Price of liquidation.
        has_stop: Whether a stop is there that limits the loss.
        may_not_fill: Whether the stop is a limit order, which may not fill.
        unknown: What is not known, and why.
    """

    currency: str
    pair: str = ""
    account_id: int = 0
    side: Side = Side.BUY
    leverage: Decimal | None = None
    is_contract: bool = False
    is_instant: bool = False
    is_held: bool = False
    units: Decimal | None = None
    notional: Decimal | None = None
    margin: Decimal | None = None
    entry_price: Decimal | None = None
    stop_price: Decimal | None = None
    loss_at_stop: Decimal | None = None
    locked_in: Decimal | None = None
    reward: Decimal | None = None
    reward_risk: Decimal | None = None
    realised: Decimal | None = None
    at_market: Decimal | None = None
    give_back: Decimal | None = None
    fees: Decimal | None = None
    breakeven: Decimal | None = None
    liquidation: LiquidationPrice = field(default_factory=LiquidationPrice)
    has_stop: bool = False
    may_not_fill: bool = False
    unknown: tuple[Unknown, ...] = ()


class LevelKind(StrEnum):
    """Kind of a price that matters to a trade."""

    STEP = "step"
    ENTRY = "entry"
    AVERAGE = "average"
    ADD = "add"
    STOP = "stop"
    LAST = "last"
    BREAKEVEN = "breakeven"
    LIQUIDATION = "liquidation"


class LevelChange(StrEnum):
    """Change of a level by an operation; `WORSE` is a stop that protects less than before."""

    KEPT = "kept"
    NEW = "new"
    REMOVED = "removed"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """Result if a level acts.

    Attributes:
        profit: In the currency of the trade, fees included, or None if not known.
        r: In multiples of the loss of one unit at the stop, or None if not known or without a stop.
    """

    profit: Decimal | None = None
    r: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A price that matters to a trade, before and after an operation.

    A level that moves is two levels: one is removed, the other one new or worse.

    Attributes:
        kind: What happens there.
        index: Number of the step or averaging order from 1, or None.
        price: The price, in the currency of prices, or None if not known.
        distance_pct: From the last price, in percent of it, or None.
        share_pct: Share of the position that it closes, in percent, or None.
        units: Size that it opens, adds or closes, or None.
        trailing_pct: Distance of trailing in percent, or None.
        order_type: `market`, `limit` or `conditional`; empty if it is no order.
        before: Result before the operation, or None if the level was not there.
        after: Result after it, or None if the level is not there then.
        change: What the operation does to it.
    """

    kind: LevelKind
    index: int | None = None
    price: Decimal | None = None
    distance_pct: Decimal | None = None
    share_pct: Decimal | None = None
    units: Decimal | None = None
    trailing_pct: Decimal | None = None
    order_type: str = ""
    before: LevelResult | None = None
    after: LevelResult | None = None
    change: LevelChange = LevelChange.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRisk:
    """Money at risk of one trade before and after one operation.

    Attributes:
        trade: Name of the trade.
        before: Before the operation, or None if the trade is not there.
        after: After it, or None if the trade is not there then.
        levels: Its levels, by falling price; those without a price last.
    """

    trade: str
    before: TradeRisk | None = None
    after: TradeRisk | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTotals:
    """Sums over trades of one currency, or the difference of two such sums. What is not known is not part of a sum.

    Attributes:
        trades: Number of trades.
        notional: Sum of notionals.
        margin: Sum of margins.
        loss_at_stop: Sum of losses at stop.
        locked_in: Sum of gains at stop.
        reward: Sum of rewards.
        fees: Sum of fees.
        without_stop: Number of trades without a stop.
        notional_without_stop: Sum of their notionals.
        unknown: Number of trades of which a part is not known.
    """

    trades: int = 0
    notional: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)
    loss_at_stop: Decimal = Decimal(0)
    locked_in: Decimal = Decimal(0)
    reward: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    without_stop: int = 0
    notional_without_stop: Decimal = Decimal(0)
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Money that the operations of a plan move, by currency.

    Attributes:
        commits: Newly bound, without fees; margin on contract markets. What enters at market at once is a part of it.
        frees: Set free by what is cancelled.
        at_market: Bought or sold at market at once: what an entry is worth, and what a close brings after fees.
        unknown: Trades of which a part is not known, and so in none of these sums.
    """

    commits: Mapping[str, Decimal] = field(default_factory=dict)
    frees: Mapping[str, Decimal] = field(default_factory=dict)
    at_market: Mapping[str, Decimal] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRisk:
    """Money at risk of a whole workspace before and after a plan.

    Attributes:
        before: Totals before, by currency.
        after: Totals after, by currency.
        change: `after` minus `before`, by currency.
        money: What the plan moves.
        fees: Fee rate by account alias.
        operations: One entry for each operation of the plan, in the same order.
        trades: Every other trade that is there, by name: it is the same before and after. Of several live trades with
            one name the second and later ones have their SmartTrade id behind the name, as in `btc-dip #30000002`.
        unknown: Trades of which a part is not known, by name, with what.
    """

    before: Mapping[str, RiskTotals] = field(default_factory=dict)
    after: Mapping[str, RiskTotals] = field(default_factory=dict)
    change: Mapping[str, RiskTotals] = field(default_factory=dict)
    money: Money = field(default_factory=Money)
    fees: Mapping[str, FeeRate] = field(default_factory=dict)
    operations: tuple[OperationRisk, ...] = ()
    trades: Mapping[str, TradeRisk] = field(default_factory=dict)
    unknown: Mapping[str, tuple[Unknown, ...]] = field(default_factory=dict)
