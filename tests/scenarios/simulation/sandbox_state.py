"""The sandbox's own full state, read past its API and without moving anything."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.operations import Operation
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.trade_documents import read_document
from reconciler.sandbox.values.options import TrailingPercent
from reconciler.sandbox.values.statuses import GUARDED_STATUSES, WATCHING_STATUSES, OrderStatus, TradeStatus
from tests.scenarios.simulation.random_plan_files import WORKSPACE

# Written from the description of the marker, not from the code that reads it.
_MARKER = re.compile(
    r"\[reconciler:1 (?P<workspace>[^/ ]+)/(?P<name>[^# ]+)#(?P<generation>\d+)"
    r" (?P<entry>[0-9a-f]{8})(?:>(?P<pending>[0-9a-f]{8}))? [0-9a-f]{8}(?:>[0-9a-f]{8})?(?: a\d+)?\]"
)
ARMED = {*WATCHING_STATUSES, OrderStatus.ORDER_PLACED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose a trade is: on another account, the same name and generation are another trade."""

    name: str
    generation: int
    account_id: int

    def __str__(self) -> str:
        where = "" if self.account_id == 1 else f" on account {self.account_id}"
        return f"{self.name}#{self.generation}{where}"


def read_identity(trade: SmartTrade, note: str | None = None) -> Identity | None:
    """The identity that a trade states for this workspace, if it states one plainly.

    Args:
        trade: Any trade.
        note: Read instead of its own note.
    """
    text = (trade.note if note is None else note) or ""
    found = _MARKER.search(text)
    if found is None or found["workspace"] != WORKSPACE or text.count("[reconciler") > 1:
        return None
    return Identity(name=found["name"], generation=int(found["generation"]), account_id=trade.account_id)


def identify(operation: Operation) -> Identity:
    """The identity that an operation works for."""
    terms = operation.precondition.terms if operation.precondition else operation.after
    if terms is None:
        raise AssertionError("an operation has terms before or after")
    return Identity(name=operation.trade, generation=operation.generation, account_id=terms.account_id)


def read_pending(note: str | None) -> str:
    """The digest that an entry is on its way to, or empty."""
    found = _MARKER.search(note or "")
    return (found["pending"] or "") if found else ""


def read_entry_digest(note: str | None) -> str:
    """The digest of the entry as last applied, or empty."""
    found = _MARKER.search(note or "")
    return found["entry"] if found else ""


def is_position(trade: SmartTrade) -> bool:
    """Whether it holds a position whose exits watch the market."""
    return trade.status in GUARDED_STATUSES


def is_unprotected(trade: SmartTrade) -> bool:
    """Whether it holds a position, was asked for a stop, and the stop does not stand."""
    return is_position(trade) and trade.stop is not None and trade.stop.status not in ARMED


def open_steps(trade: SmartTrade) -> int:
    """How many take-profit steps may still act."""
    return sum(step.is_open for step in trade.steps)


def finished_steps(trade: SmartTrade) -> int:
    """How many take-profit steps have acted."""
    return sum(step.is_done for step in trade.steps)


def was_never_filled(trade: SmartTrade) -> bool:
    """Whether nothing was ever entered."""
    return trade.entered_amount == 0 and not trade.skip_enter_step


def made_way(trade: SmartTrade, entry: str) -> bool:
    """Whether it was cancelled, unfilled, and marked as being replaced by an entry."""
    return trade.status is TradeStatus.CANCELLED and was_never_filled(trade) and read_pending(trade.note) == entry


def list_levels(trade: SmartTrade) -> list[Decimal]:
    """The prices at which something may happen to a trade."""
    if trade.is_terminal:
        return []
    entry = trade.position.terms
    levels = [entry.price, entry.trigger] if trade.status is TradeStatus.WAITING_POSITION else []
    levels += [step.price for step in trade.steps if step.is_open]
    if trade.stop is not None:
        levels.append(trade.stop.trigger)
    return [level for level in levels if level is not None]


class SandboxState:
    """All trades of a sandbox, each read again only when it has changed.

    Args:
        sandbox: Where.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._texts: dict[int, str] = {}
        self.trades: dict[int, SmartTrade] = {}

    def look(self) -> dict[int, tuple[SmartTrade | None, SmartTrade]]:
        """Read anew; the trades that have changed, before and after."""
        changed: dict[int, tuple[SmartTrade | None, SmartTrade]] = {}
        rows = self._sandbox._connection.execute("SELECT trade_id, document FROM documents")
        for trade_id, text in rows:
            if self._texts.get(trade_id) != text:
                self._texts[trade_id] = text
                trade = read_document(text)
                changed[trade_id] = (self.trades.get(trade_id), trade)
                self.trades[trade_id] = trade
        return changed

    @property
    def states_distance(self) -> bool:
        """Whether the percent of a trailing stop counts and is answered."""
        with self._sandbox.transaction(write=False) as store:
            return store.options.trailing_percent is TrailingPercent.AS_SENT

    def find_filling(self) -> list[tuple[str, int]]:
        """Names and accounts of trades of this workspace whose entry is partly filled."""
        filling = (
            each
            for each in self.trades.values()
            if each.status is TradeStatus.WAITING_POSITION and each.position.filled_units > 0
        )
        found = {(identity.name, identity.account_id) for each in filling if (identity := read_identity(each))}
        return sorted(found)

    def live(self) -> dict[Identity, list[SmartTrade]]:
        """Trades of this workspace that have not ended, by identity."""
        found: dict[Identity, list[SmartTrade]] = defaultdict(list)
        for trade in self.trades.values():
            identity = None if trade.is_terminal else read_identity(trade)
            if identity is not None:
                found[identity].append(trade)
        return found
