"""The rows of `status`: where each trade is in its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.drift import Topic
from reconciler.model.live import Phase
from reconciler.model.targets import Mode


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

    @property
    def quote(self) -> str:
        """Currency of prices and profit."""
        return self.pair.partition("_")[0]

    @property
    def base(self) -> str:
        """Currency of units."""
        return self.pair.partition("_")[2]


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
        unmanaged: SmartTrade ids of live trades on accounts of the target that nothing manages.
        outside: SmartTrade ids of live trades of the workspace on accounts that the target does not name.
    """

    workspace: str
    target: str
    mode: Mode
    made_at: datetime
    trades: tuple[StatusRow, ...]
    totals: Mapping[str, Total]
    requests: int
    unmanaged: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()
