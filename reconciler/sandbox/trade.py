"""SmartTrades as the engine moves them.

These values are mutable, unlike those of the client: the engine moves one trade through one event in place, and the
transaction around it keeps or drops the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from reconciler.sandbox.statuses import OPEN_STATUSES, TERMINAL_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.terms import Crossing, EntryTerms, Side, StepTerms, StopTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """What an order did at the exchange.

    Args:
        amount: Units bought or sold.
        price: Price per unit.
        total: Quote currency paid or received, commission included.
        filled_at_ms: Sandbox time in milliseconds since 1970.
    """

    amount: Decimal
    price: Decimal
    total: Decimal
    filled_at_ms: int


@dataclass(slots=True, kw_only=True)
class Position:
    """The entry of a trade.

    Args:
        id: Id of its Trade entity.
        terms: What was asked for.
        status: Where it is.
        crossing: From which side a conditional entry waits for its trigger; None once it was reached.
        reserved: Funds set aside for an order that rests at the exchange.
        fill: Its fill, once it has one.
    """

    id: int
    terms: EntryTerms
    status: OrderStatus
    crossing: Crossing | None = None
    reserved: Decimal = Decimal(0)
    fill: Fill | None = None


@dataclass(slots=True, kw_only=True)
class Step:
    """A take-profit step.

    Args:
        id: Id of its Trade entity.
        terms: What was asked for.
        status: Where it is.
        price: Its level; None while a level in percent has no entry price to count from.
        units: Its size in base currency; None before the entry.
        reserved: Funds set aside for an order that rests at the exchange.
        fill: Its fill, once it has one.
    """

    id: int
    terms: StepTerms
    status: OrderStatus = OrderStatus.IDLE
    price: Decimal | None = None
    units: Decimal | None = None
    reserved: Decimal = Decimal(0)
    fill: Fill | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may still close its part of the position on its own."""
        return self.status in OPEN_STATUSES


@dataclass(slots=True, kw_only=True)
class Stop:
    """A stop loss.

    Args:
        id: Id of its Trade entity.
        terms: What was asked for.
        status: Where it is.
        trigger: Its level; None while a level in percent has no entry price to count from.
        reserved: Funds set aside for a limit stop that rests at the exchange.
        fill: Its fill, once it has one.
    """

    id: int
    terms: StopTerms
    status: OrderStatus = OrderStatus.IDLE
    trigger: Decimal | None = None
    reserved: Decimal = Decimal(0)
    fill: Fill | None = None


@dataclass(slots=True, kw_only=True)
class MarketClose:
    """The market order that closes all that is left.

    Args:
        id: Id of its Trade entity.
        status: Where it is.
        fill: Its fill, once it has one.
    """

    id: int
    status: OrderStatus = OrderStatus.PANIC_SELL_PENDING
    fill: Fill | None = None


@dataclass(slots=True, kw_only=True)
class SmartTrade:
    """One SmartTrade.

    Args:
        id: Its id, never given twice.
        account_id: The account that trades.
        pair: Pair in the API's notation.
        is_instant: A simple buy or sell, over once the entry is filled.
        skip_enter_step: The position existed already, in own funds.
        status: Where it is.
        position: Its entry.
        created_at_ms: Sandbox time of the create request, in milliseconds since 1970.
        updated_at_ms: Sandbox time of the last movement.
        note: The user's note, or None.
        has_take_profit: Whether take profit is enabled.
        steps: Take-profit steps in the order submitted.
        stop: Stop loss, or None.
        market_close: The close at market, once asked for.
        error: Why it failed.
        is_unsettled: Whether a request asked for something that takes effect before the next one.
        entered_amount: Units in the position.
        entered_total: Quote currency that they cost or brought, commission included.
        closed_amount: Units closed again.
        closed_total: Quote currency that closing brought or cost, commission included.
        closed_at_ms: Sandbox time of its end.
    """

    id: int
    account_id: int
    pair: str
    is_instant: bool
    skip_enter_step: bool
    status: TradeStatus
    position: Position
    created_at_ms: int
    updated_at_ms: int
    note: str | None = None
    has_take_profit: bool = False
    steps: list[Step] = field(default_factory=list)
    stop: Stop | None = None
    market_close: MarketClose | None = None
    error: str | None = None
    is_unsettled: bool = False
    entered_amount: Decimal = Decimal(0)
    entered_total: Decimal = Decimal(0)
    closed_amount: Decimal = Decimal(0)
    closed_total: Decimal = Decimal(0)
    closed_at_ms: int | None = None

    @property
    def is_long(self) -> bool:
        """Whether the position gains when the price rises."""
        return self.position.terms.side is Side.BUY

    @property
    def exit_side(self) -> Side:
        """The side of the orders that close the position."""
        return Side.SELL if self.is_long else Side.BUY

    @property
    def left_amount(self) -> Decimal:
        """Units entered and not closed yet."""
        return self.entered_amount - self.closed_amount

    @property
    def is_terminal(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.status in TERMINAL_STATUSES

    @property
    def is_entered(self) -> bool:
        """Whether it holds, or held, a position."""
        return self.entered_amount > 0

    @property
    def kind(self) -> str:
        """The type of the trade.

        Source: SmartTrade page, table of `data.type`.
        """
        if self.is_instant:
            return "simple_buy" if self.is_long else "simple_sell"
        if self.skip_enter_step:
            return "smart_sell" if self.is_long else "smart_buy"
        return "smart_trade" if self.is_long else "smart_cover"

    def find_step(self, step_id: int) -> Step | None:
        """The step with this Trade id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
