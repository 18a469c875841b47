"""The rows of `status`: where each trade is in its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.drift import Topic
from reconciler.model.freeze import Freeze
from reconciler.model.live import Phase
from reconciler.model.risk import RiskTotals, TradeRisk
from reconciler.model.targets import Mode
from reconciler.model.terms import Side


class NextEvent(StrEnum):
    """The event that waits nearest to the present price."""

    ENTRY = "entry"
    STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One trade at one moment.

    Attributes:
        trade: Its name.
        is_in_file: Whether a file names it.
        pair: Its pair.
        has_marker: Whether the live trade, if there is one, has its marker.
        live_id: SmartTrade id, or None if it was never opened.
        phase: Where it is in its life, or None if it was never opened.
        status: Status word of the API; empty if it was never opened.
        entered_units: Filled at entry, base currency.
        entered_pct: The same in percent of the wanted size, or None.
        steps_hit: Number of take-profit steps that were executed.
        steps: Number of all take-profit steps.
        profit: In quote currency, or None.
        profit_pct: In percent of the entered amount, or None.
        price: Present price of the pair (last), or None.
        stop: Price at which its stop acts, in quote currency, or None.
        stop_distance_pct: From the watched price to `stop`, in percent of that price; below zero if it must fall.
        stop_status: Status word of the stop; empty without one.
        is_stop_lost: Whether the position is open and its stop is not active.
        next: The event that waits nearest to the present price, or None.
        next_price: Price at which it happens, in quote currency, or None.
        next_distance_pct: From the watched price to `next_price`, in percent of that price.
        ended_at: When it ended, or None.
        attention: Topics of the bad news about it.
        unreadable: Fields of the live trade that cannot be read, each with the reason.
        side: Direction of its entry, or None if it is not known.
        is_own_funds: Whether it works on coins that were held before.
        account_id: Its account, or None.
        held_units: Size of the position now, base currency.
        is_unprotected: Whether something is held and no stop is active.
        is_stop_known: Whether its stop could be read. If not, it is not known whether it has one.
        is_stop_passed: Whether its price lies beyond the stop, so that the stop acts at once.
        created_at: When the live trade was created, or None.
        unit: Name of one unit of its size; empty for the base currency.
        risk: Money at risk, or None of a trade that is not active.
        r_now: Result if it was closed at the present price, in multiples of its loss at stop, or None.
    """

    trade: str
    is_in_file: bool
    pair: str
    has_marker: bool = True
    live_id: int | None = None
    phase: Phase | None = None
    status: str = ""
    entered_units: Decimal = Decimal(0)
    entered_pct: Decimal | None = None
    steps_hit: int = 0
    steps: int = 0
    profit: Decimal | None = None
    profit_pct: Decimal | None = None
    price: Decimal | None = None
    stop: Decimal | None = None
    stop_distance_pct: Decimal | None = None
    stop_status: str = ""
    is_stop_lost: bool = False
    next: NextEvent | None = None
    next_price: Decimal | None = None
    next_distance_pct: Decimal | None = None
    ended_at: datetime | None = None
    attention: tuple[Topic, ...] = ()
    unreadable: tuple[str, ...] = ()
    side: Side | None = None
    is_own_funds: bool = False
    account_id: int | None = None
    held_units: Decimal = Decimal(0)
    is_unprotected: bool = False
    is_stop_known: bool = True
    is_stop_passed: bool = False
    created_at: datetime | None = None
    unit: str = ""
    risk: TradeRisk | None = None
    r_now: Decimal | None = None

    @property
    def quote(self) -> str:
        """Currency of prices and profit."""
        return self.pair.partition("_")[0]

    @property
    def base(self) -> str:
        """Name of one unit: the base currency, or contracts."""
        return self.unit or self.pair.partition("_")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Profit of all trades with one quote currency.

    Attributes:
        open: Of open positions, if they were closed now.
        ended: Of trades that have ended.
    """

    open: Decimal
    ended: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmanagedTrade:
    """A live trade on an account of the target that nothing manages.

    Attributes:
        live_id: SmartTrade id.
        pair: Its pair.
        held_units: Size of the position now, base currency; zero before its entry.
        has_stop: Whether it has a stop, active or waiting for the entry.
        unit: Name of one unit of its size; empty for the base currency.
    """

    live_id: int
    pair: str
    held_units: Decimal
    has_stop: bool
    unit: str = ""

    @property
    def base(self) -> str:
        """Name of one unit: the base currency, or contracts."""
        return self.unit or self.pair.partition("_")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """All trades at one moment.

    Attributes:
        workspace: Name of the workspace.
        target: Name of the target.
        mode: Whether real money moves there.
        made_at: The time of the check, UTC.
        trades: In the order of the files; trades in no file come last.
        totals: Quote currency to profit.
        requests: Number of requests sent.
        unmanaged: Live trades on accounts of the target that nothing manages.
        outside: SmartTrade ids of live trades of the workspace on accounts that the target does not name.
        accounts: Account id to its alias in the target.
        freezes: Freezes that are in force.
        exchange_now: The present by the clock of the sandbox, by which ages are measured there; None elsewhere.
        risk: Sums over all active trades, by currency.
        averaging_not_read: Trades whose averaging orders are taken from the journal as waiting, and were not read.
    """

    workspace: str
    target: str
    mode: Mode
    made_at: datetime
    trades: tuple[StatusRow, ...]
    totals: Mapping[str, Total]
    requests: int
    unmanaged: tuple[UnmanagedTrade, ...] = ()
    outside: tuple[int, ...] = ()
    accounts: Mapping[int, str] = field(default_factory=dict)
    exchange_now: datetime | None = None
    freezes: tuple[Freeze, ...] = ()
    risk: Mapping[str, RiskTotals] = field(default_factory=dict)
    averaging_not_read: tuple[str, ...] = ()
