"""SmartTrades as the engine moves them.

These values are mutable, unlike those of the client: the engine moves one trade through one event in place, and the
transaction around it saves or drops the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from reconciler.sandbox.values.market import Pair
from reconciler.sandbox.values.statuses import DONE_STATUSES, OPEN_STATUSES, TERMINAL_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Crossing, EntryTerms, FundsTerms, Leverage, Side, StepTerms, StopTerms

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Fills of an order at the exchange so far.

    Args:
        units: Units bought or sold.
        amount: Units that arrived or left; less than `units` for a buy whose fee is taken in base currency.
        worth: Quote currency before commission.
        total: Quote currency paid or received, commission included.
        filled_at_ms: Sandbox time of the last fill, in milliseconds since 1970.
    """

    units: Decimal
    amount: Decimal
    worth: Decimal
    total: Decimal
    filled_at_ms: int

    def price(self, pair: Pair) -> Decimal:
        """Return the average price before commission; 0 if nothing was filled.

        Args:
            pair: The pair of the trade.
        """
        return pair.mean_price(self.units, self.worth) if self.units else ZERO


@dataclass(slots=True, kw_only=True)
class Order:
    """Fields of every part of a trade that can go to the exchange.

    Args:
        id: Id of its Trade entity.
        status: Its status.
        reserved: Funds reserved while it rests at the exchange.
        fill: Its fills, once it has filled at least in part.
    """

    id: int
    status: OrderStatus = OrderStatus.IDLE
    reserved: Decimal = ZERO
    fill: Fill | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it may still be filled on its own."""
        return self.status in OPEN_STATUSES

    @property
    def is_done(self) -> bool:
        """Return whether it has done everything that it was created for."""
        return self.status in DONE_STATUSES

    @property
    def filled_units(self) -> Decimal:
        """Units bought or sold so far."""
        return ZERO if self.fill is None else self.fill.units

    def book(self, part: Fill) -> None:
        """Add a fill to the earlier ones."""
        before = self.fill
        self.fill = (
            part
            if before is None
            else Fill(
                units=before.units + part.units,
                amount=before.amount + part.amount,
                worth=before.worth + part.worth,
                total=before.total + part.total,
                filled_at_ms=part.filled_at_ms,
            )
        )


@dataclass(slots=True, kw_only=True)
class Position(Order):
    """The entry of a trade.

    Args:
        terms: What was asked for.
        crossing: From which side a conditional entry waits for its trigger; None once it was reached.
        extreme: Best watched price since the trailing entry became active.
    """

    terms: EntryTerms
    crossing: Crossing | None = None
    extreme: Decimal | None = None

    @property
    def left_units(self) -> Decimal:
        """Units not filled yet."""
        return self.terms.units - self.filled_units


@dataclass(slots=True, kw_only=True)
class Step(Order):
    """A take-profit step.

    Args:
        terms: What was asked for.
        price: Its level; None while a level in percent has no entry price to count from.
        units: Its size in base currency; None before the entry.
        extreme: Best watched price since the trailing step became active.
    """

    terms: StepTerms
    price: Decimal | None = None
    units: Decimal | None = None
    extreme: Decimal | None = None

    @property
    def left_units(self) -> Decimal:
        """Units not closed yet."""
        return max((self.units or ZERO) - self.filled_units, ZERO)


@dataclass(slots=True, kw_only=True)
class Stop(Order):
    """A stop loss.

    Args:
        terms: What was asked for.
        trigger: The level asked for; None while a level in percent has no entry price to count from.
        breakeven_price: The level to which breakeven has moved it.
        extreme: Best watched price since the trailing stop became active.
        distance_pct: Distance in percent at which a trailing stop follows; None until it becomes active.
        beyond_since_ms: Sandbox time since when the price has been beyond the level, for a stop with a timeout.
    """

    terms: StopTerms
    trigger: Decimal | None = None
    breakeven_price: Decimal | None = None
    extreme: Decimal | None = None
    distance_pct: Decimal | None = None
    beyond_since_ms: int | None = None


@dataclass(slots=True, kw_only=True)
class FundsOrder(Order):
    """An order that adds to the position or takes from it.

    Args:
        terms: What was asked for.
        created_at_ms: Sandbox time of the request.
    """

    terms: FundsTerms
    created_at_ms: int

    @property
    def left_units(self) -> Decimal:
        """Units not filled yet."""
        return self.terms.units - self.filled_units


@dataclass(slots=True, kw_only=True)
class MarketClose(Order):
    """The market order that closes all that is left."""


@dataclass(slots=True, kw_only=True)
class SmartTrade:
    """One SmartTrade.

    Args:
        id: Its id, never used twice.
        account_id: The account that trades.
        pair: Pair in the API's notation.
        is_instant: Whether it is a simple buy or sell, which ends once the entry is filled.
        skip_enter_step: Whether the position existed already, in own funds.
        status: Its status.
        position: Its entry.
        created_at_ms: Sandbox time of the create request, in milliseconds since 1970.
        updated_at_ms: Sandbox time of the last movement.
        note: The user's note, or None.
        leverage: Leverage, or None.
        has_take_profit: Whether take profit is enabled.
        steps: Take-profit steps in the order submitted.
        stop: Stop loss, or None.
        averaging: Orders that add to the position, in the order of the requests.
        reductions: Orders that take from the position, in the order of the requests.
        retired: Steps that a cancellation or PATCH removed after they had filled in part.
        market_close: The close at market, once asked for.
        error: Why it failed.
        reads_left: How many reads still see the current intermediate state; None once the request has taken effect.
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
    leverage: Leverage | None = None
    has_take_profit: bool = False
    steps: list[Step] = field(default_factory=list)
    stop: Stop | None = None
    averaging: list[FundsOrder] = field(default_factory=list)
    reductions: list[FundsOrder] = field(default_factory=list)
    retired: list[Step] = field(default_factory=list)
    market_close: MarketClose | None = None
    error: str | None = None
    reads_left: int | None = None
    entered_amount: Decimal = ZERO
    entered_total: Decimal = ZERO
    closed_amount: Decimal = ZERO
    closed_total: Decimal = ZERO
    closed_at_ms: int | None = None

    @property
    def is_long(self) -> bool:
        """Return whether the position gains when the price rises."""
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
    def is_unsettled(self) -> bool:
        """Return whether a request asked for something that has not taken effect yet."""
        return self.reads_left is not None

    @property
    def is_terminal(self) -> bool:
        """Return whether it has ended."""
        return self.status in TERMINAL_STATUSES

    @property
    def is_entered(self) -> bool:
        """Return whether its entry has filled in full."""
        return self.position.is_done

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
        """Find the step with this Trade id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)

    def list_entering(self) -> Iterator[Position | FundsOrder]:
        """Yield the orders that build the position."""
        yield self.position
        yield from self.averaging

    def list_closing(self) -> Iterator[Order]:
        """Yield the orders that close the position, including removed ones that had filled in part."""
        yield from self.steps
        yield from self.retired
        yield from self.reductions
        if self.stop is not None:
            yield self.stop
        if self.market_close is not None:
            yield self.market_close

    def list_orders(self) -> Iterator[Order]:
        """Yield all of its orders."""
        yield from self.list_entering()
        yield from self.list_closing()
