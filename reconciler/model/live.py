"""Accounts, prices and trades as the API reports them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.marker import NoteReading
from reconciler.model.markets import UNTOLD, Market
from reconciler.model.statuses import OrderStatus, TradeStatus
from reconciler.model.terms import Step, Terms
from reconciler.model.unreadable import SIZE_PARTS, Part, Unreadable


class Phase(StrEnum):
    """The part of its life in which a live trade is."""

    ENTERING = "entering"
    FILLING = "filling"
    OPEN = "open"
    BUSY = "busy"
    ENDED = "ended"


# Source: SmartTradesV2 entity, statuses of an active step or stop.
ARMED_STATUSES = frozenset({OrderStatus.TO_PROCESS, OrderStatus.ORDER_PLACED, OrderStatus.TRAILING_ACTIVATED})
# Between two writes of one pair a price of this age, in seconds, counts as the present one.
RATES_LIFETIME_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The prices of a pair at one moment, in quote currency."""

    bid: Decimal
    ask: Decimal
    last: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The orders that the exchange takes for a pair; None if the API names no limit.

    Source: market data page, currency_rates.

    Attributes:
        min_price: Smallest price in quote currency.
        max_price: Largest price in quote currency.
        min_lot: Smallest order in base currency.
        max_lot: Largest order in base currency.
        min_total: Smallest order in quote currency.
        min_market_total: Smallest market order in quote currency.
        max_total: Largest order in quote currency.
        min_market_buy: Smallest order to buy at market, in units.
        max_market_buy: Largest order to buy at market, in units.
        min_market_sell: Smallest order to sell at market, in units.
        max_market_sell: Largest order to sell at market, in units.
        lowest_buy: Lowest limit price of a buy, as a multiple of the present price.
        highest_buy: Highest limit price of a buy, as a multiple of the present price.
        lowest_sell: Lowest limit price of a sell, as a multiple of the present price.
        highest_sell: Highest limit price of a sell, as a multiple of the present price.
    """

    min_price: Decimal | None = None
    max_price: Decimal | None = None
    min_lot: Decimal | None = None
    max_lot: Decimal | None = None
    min_total: Decimal | None = None
    min_market_total: Decimal | None = None
    max_total: Decimal | None = None
    min_market_buy: Decimal | None = None
    max_market_buy: Decimal | None = None
    min_market_sell: Decimal | None = None
    max_market_sell: Decimal | None = None
    lowest_buy: Decimal | None = None
    highest_buy: Decimal | None = None
    lowest_sell: Decimal | None = None
    highest_sell: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Prices and limits of a pair (`currency_rates`).

    Attributes:
        prices: The present prices.
        price_step: Tick size in quote currency; zero if the API names none.
        lot_step: Lot size in base currency; zero if the API names none.
        limits: The smallest and largest that the exchange takes.
        market: Kind of the market, and size of one unit.
        largest_leverage: Largest factor by margin type; a type that is missing has no known limit.
    """

    prices: Prices
    price_step: Decimal
    lot_step: Decimal
    limits: Limits = Limits()
    market: Market = UNTOLD
    largest_leverage: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the API key.

    Attributes:
        id: 3Commas account id.
        name: The user's name for it.
        market_code: Market in which pairs are searched; `paper_trading` marks a paper account; empty if it cannot be
            read: then nothing is opened on it.
        obstacle: Why 3Commas cannot trade on it; empty if it can.
        usd_amount: Value of its holdings in US dollars, or None if the API does not say.
        btc_amount: The same in Bitcoin.
        takes_contracts: Whether it trades contracts; None if the API does not say.
        takes_spot: Whether it trades coins; None if the API does not say.
    """

    id: int
    name: str
    market_code: str
    obstacle: str = ""
    usd_amount: Decimal | None = None
    btc_amount: Decimal | None = None
    takes_contracts: bool | None = None
    takes_spot: bool | None = None

    @property
    def is_paper(self) -> bool:
        """Return whether no real money can move on it. Source: accounts page, market_code of paper accounts."""
        return self.market_code == "paper_trading"

    def is_of_other_mode(self, *, is_paper_mode: bool) -> bool:
        """Return whether it is certainly not one of a mode; if its market cannot be read, that is not known."""
        return bool(self.market_code) and self.is_paper != is_paper_mode


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStep:
    """A take-profit step as reported.

    Attributes:
        id: Trade id of the step; not stable across updates.
        terms: Its inputs.
        status: Status word of the API.
        cancelable: Whether the API offers to cancel it.
        closable: Whether the API offers to execute it at market now.
        units: Its size in base currency, or None before the entry.
    """

    id: int
    terms: Step
    status: str
    cancelable: bool
    closable: bool = False
    units: Decimal | None = field(default=None, compare=False)

    @property
    def is_finished(self) -> bool:
        """Return whether it was executed: such a step is history."""
        return self.status in (OrderStatus.FINISHED, OrderStatus.PANIC_SOLD)

    @property
    def is_cancelled(self) -> bool:
        """Return whether it was taken away: the API may go on listing it. Source: cancel trade, published response."""
        return self.status == OrderStatus.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """Operations that the API offers on a trade now (`data.*_available`, `data.editable`)."""

    editable: bool
    cancel: bool
    close: bool
    add_funds: bool = False
    reduce_funds: bool = False
    force_start: bool = False
    force_process: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTrade:
    """A SmartTrade as the API reports it.

    Attributes:
        id: SmartTrade id.
        status: Status word of the API.
        error: The API's reason for a failed trade, else empty.
        phase: Where it is in its life.
        terms: Its inputs; of an open trade the entry shows what was filled, not what was asked for.
        steps: The take-profit steps with ids and statuses, in order.
        stop_status: Status word of the stop; empty when there is none.
        note: The whole note.
        reading: What the note says about ownership.
        flags: Which operations are offered.
        entered_units: Filled at entry, base currency.
        entered_total: Paid or received at entry, quote currency.
        closed_units: Closed so far, base currency.
        closed_total: Received or paid for what was closed, fees included, in quote currency; None if not named.
        average_price: Average entry price in quote currency, or None.
        profit: Profit in quote currency, or None before entry.
        profit_pct: Profit in percent of what was entered, or None.
        prices: Prices of the pair when it was read, or None.
        created_at: When the API created it.
        closed_at: When it ended, or None if the API names no time.
        entity: The entity as read, for the echo of an update only.
        entry_status: Status word of the entry; empty if none is shown.
        reduction_ids: Trade ids of the orders that reduce the position, done or not.
        unreadable: Fields that cannot be read. The values that depend on them mean nothing: zero, empty or None.
        commission: Fee that the API reckons with, as a share of the amount: 0.001 is 0.1 percent; None if not named.
        liquidation_price: In the currency of prices, or None if the API names none.
    """

    id: int
    status: str
    error: str
    phase: Phase
    terms: Terms
    steps: tuple[LiveStep, ...]
    stop_status: str
    note: str
    reading: NoteReading
    flags: Flags
    entered_units: Decimal
    entered_total: Decimal
    closed_units: Decimal
    average_price: Decimal | None
    profit: Decimal | None
    profit_pct: Decimal | None
    prices: Prices | None
    created_at: datetime
    closed_at: datetime | None = None
    entity: Mapping[str, object] = field(compare=False, repr=False)
    entry_status: str = ""
    reduction_ids: tuple[int, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    closed_total: Decimal | None = None
    commission: Decimal | None = None
    liquidation_price: Decimal | None = None

    def find_unreadable(self, parts: Collection[Part]) -> Unreadable | None:
        """Find a field that cannot be read and that some parts depend on; None if all of them are known."""
        return next((each for each in self.unreadable if each.part in parts), None)

    @property
    def is_size_known(self) -> bool:
        """Return whether all could be read that says how much it holds."""
        return self.find_unreadable(SIZE_PARTS) is None

    @property
    def lacks_active_stop(self) -> bool:
        """Return whether it has a stop that is not ready to act; of one that cannot be read its status decides."""
        is_seen = self.terms.stop_loss is not None or bool(self.stop_status)
        return is_seen and not self.is_stop_armed

    @property
    def was_never_filled(self) -> bool:
        """Return whether it is known that nothing was ever entered.

        A position that is open holds something, also if the API shows nothing entered, as it did in 2021.
        """
        is_known = self.find_unreadable({Part.FILLS, Part.KIND}) is None
        is_empty = self.entered_units == 0 and self.phase is not Phase.OPEN
        return is_known and is_empty and not self.terms.skip_enter_step

    @property
    def opened_units(self) -> Decimal:
        """The size of the position before anything of it was closed, in base currency.

        The API may show nothing entered for own funds, or for a position that is open: then it is the size that the
        entry states. What has ended otherwise than by a cancel says nothing about own funds.
        """
        if self.entered_units:
            return self.entered_units
        keeps_own_funds = self.phase is not Phase.ENDED or self.status == TradeStatus.CANCELLED
        is_held = self.phase is Phase.OPEN or (self.terms.skip_enter_step and keeps_own_funds)
        return self.terms.entry.units if is_held else Decimal(0)

    @property
    def held_units(self) -> Decimal:
        """The size of the position now, in base currency."""
        return self.opened_units - self.closed_units

    @property
    def is_stop_armed(self) -> bool:
        """Return whether there is a stop that is ready to act."""
        return self.stop_status in ARMED_STATUSES

    @property
    def executed_terms(self) -> tuple[Step, ...]:
        """Return the terms of the executed steps."""
        return tuple(step.terms for step in self.steps if step.is_finished)

    @property
    def open_steps(self) -> tuple[LiveStep, ...]:
        """Steps that have been neither executed nor taken away."""
        return tuple(step for step in self.steps if not (step.is_finished or step.is_cancelled))

    @property
    def finished_steps(self) -> tuple[LiveStep, ...]:
        """Steps that have been executed."""
        return tuple(step for step in self.steps if step.is_finished)
