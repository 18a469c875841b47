"""How trades stand: what `status` shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reconciler.model.live import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """How one trade stands.

    Attributes:
        trade: Its name.
        is_in_file: Whether a file names it.
        has_marker: Whether the live trade carries its marker.
        pair: Its pair.
        live_id: SmartTrade id, or None where it was never opened.
        phase: Where it is in its life, or None where it was never opened.
        status: Status word of the API; empty where it was never opened.
        entered_units: Filled at entry, base currency.
        entered_pct: The same in percent of what was asked for, or None.
        steps_hit: Take-profit steps that were executed.
        steps: All take-profit steps.
        profit: In quote currency, or None.
        profit_pct: In percent of what was entered, or None.
        price: Present price of the pair (last), or None.
        stop: Where its stop acts, in quote currency, or None.
        stop_distance_pct: From the watched price to there, in percent of that price, below zero where it must fall.
        stop_status: Status word of the stop; empty without one.
        is_stop_lost: Whether the position is open and its stop does not stand.
        next: What waits nearest: `entry`, `step`, or empty.
        next_price: Where it acts, in quote currency, or None.
        next_distance_pct: From the watched price to there, in percent of that price.
        ended_at: When it ended, or None.
        attention: Topics of bad news about it.
    """

    trade: str
    is_in_file: bool
    has_marker: bool
    pair: str
    live_id: int | None
    phase: Phase | None
    status: str
    entered_units: Decimal
    entered_pct: Decimal | None
    steps_hit: int
    steps: int
    profit: Decimal | None
    profit_pct: Decimal | None
    price: Decimal | None
    stop: Decimal | None
    stop_distance_pct: Decimal | None
    stop_status: str
    is_stop_lost: bool
    next: str
    next_price: Decimal | None
    next_distance_pct: Decimal | None
    ended_at: datetime | None
    attention: tuple[str, ...] = ()

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
        open: As if all that is open were closed now.
        ended: Of what has ended.
    """

    open: Decimal
    ended: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """How all trades stand.

    Attributes:
        workspace: Name of the workspace.
        target: Name of the target.
        mode: `paper` or `real`.
        made_at: When it was looked at.
        trades: In the order of the files; those in no file last.
        totals: Quote currency to profit.
        requests: How many requests it took.
        unmanaged: SmartTrade ids of live trades on accounts of the target that nothing manages.
        outside: SmartTrade ids of live trades of the workspace on accounts that the target does not name.
    """

    workspace: str
    target: str
    mode: str
    made_at: datetime
    trades: tuple[StatusRow, ...]
    totals: Mapping[str, Total]
    requests: int
    unmanaged: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()
