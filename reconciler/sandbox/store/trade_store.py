"""Trades in the store, and the price levels that they watch; transactions belong to the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.store.trade_documents import read_document, write_document
from reconciler.sandbox.values.identifiers import LARGEST_ID
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.terms import Crossing


class TradeStore:
    """The trades behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read_trade(self, trade_id: int) -> SmartTrade:
        """Read the trade with this id, which must exist."""
        row = self._connection.execute("SELECT document FROM documents WHERE trade_id = ?", (trade_id,)).fetchone()
        return read_document(row[0])

    def has_trade(self, trade_id: int, mode: str) -> bool:
        """Return whether a trade with this id exists in an account of this mode."""
        if not 0 <= trade_id <= LARGEST_ID:
            return False
        found = self._connection.execute("SELECT 1 FROM trades WHERE id = ? AND mode = ?", (trade_id, mode))
        return found.fetchone() is not None

    def find_last_creation(self) -> int | None:
        """Creation time of the newest trade, in milliseconds since 1970, or None if there is no trade."""
        row = self._connection.execute("SELECT created_at_ms FROM trades ORDER BY id DESC LIMIT 1").fetchone()
        return None if row is None else int(row[0])

    def list_unsettled(self, *, due_only: bool = False) -> list[int]:
        """List the ids of the trades that wait to be settled, ascending.

        Args:
            due_only: Whether to skip trades that further reads must still see unsettled.
        """
        condition = "reads_left IS NOT NULL" + (" AND reads_left <= 0" if due_only else "")
        rows = self._connection.execute(f"SELECT id FROM trades WHERE {condition} ORDER BY id")  # noqa: S608 -- constants
        return [row[0] for row in rows]

    def find_timer(self, until_ms: int) -> tuple[int, int] | None:
        """Find time and trade of the first timer that ends until then, or None."""
        row = self._connection.execute(
            "SELECT due_at_ms, id FROM trades WHERE due_at_ms <= ? ORDER BY due_at_ms, id LIMIT 1", (until_ms,)
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def select_ids(self, statement: str, values: Sequence[object]) -> list[int]:
        """Return the ids that a SELECT statement finds, in its order."""
        return [row[0] for row in self._connection.execute(statement, tuple(values))]

    def write_trade(self, trade: SmartTrade, *, mode: str, due_at_ms: int | None) -> None:
        """Add or replace a trade.

        Args:
            trade: The trade.
            mode: Mode of its account.
            due_at_ms: Sandbox time at which its timer ends, or None.
        """
        pair = PAIRS[trade.pair]
        row = (
            trade.id,
            trade.account_id,
            mode,
            trade.pair,
            pair.quote,
            pair.base,
            trade.kind,
            trade.status,
            not trade.is_terminal,
            trade.reads_left,
            due_at_ms,
            trade.created_at_ms,
            trade.updated_at_ms,
            trade.closed_at_ms,
            trade.is_long,
            float(trade.entered_amount),
            float(trade.entered_total),
            float(trade.closed_amount),
            float(trade.closed_total),
            float(pair.contract_size),
            pair.is_inverse,
        )
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT OR REPLACE INTO trades VALUES ({marks})", row)  # noqa: S608 -- marks only
        self._connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (trade.id, write_document(trade)))

    def remove_trades(self) -> None:
        """Remove all trades; their ids are not used again."""
        for table in ("trades", "documents", "watches"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- constant names

    def count_active(self, account_id: int) -> int:
        """Number of trades on an account that have not ended."""
        statement = "SELECT count(*) FROM trades WHERE is_active AND account_id = ?"
        return int(self._connection.execute(statement, (account_id,)).fetchone()[0])

    def count_trades(self) -> dict[str, int]:
        """Number of trades by status, statuses in alphabetical order."""
        counts = self._connection.execute("SELECT status, count(*) FROM trades GROUP BY status ORDER BY status")
        return dict(counts.fetchall())

    def write_levels(self, trade_id: int, pair: str, watches: Iterable[tuple[PriceType, Crossing, int]]) -> None:
        """Replace the price levels of a trade, given in price steps."""
        self._connection.execute("DELETE FROM watches WHERE trade_id = ?", (trade_id,))
        rows = [(pair, price_type, crossing, level, trade_id) for price_type, crossing, level in watches]
        self._connection.executemany("INSERT OR IGNORE INTO watches VALUES (?, ?, ?, ?, ?)", rows)

    def list_reached(self, pair: str, price_type: PriceType, level: int) -> set[int]:
        """Return the ids of the trades with a watched level that has been reached.

        Args:
            pair: The pair.
            price_type: Type of the price.
            level: The price in price steps.
        """
        reached: set[int] = set()
        for crossing, comparison in ((Crossing.UPWARDS, "<="), (Crossing.DOWNWARDS, ">=")):
            rows = self._connection.execute(
                "SELECT trade_id FROM watches "  # noqa: S608 -- constant texts only
                f"WHERE pair = ? AND price_type = ? AND crossing = ? AND level {comparison} ?",
                (pair, price_type, crossing, level),
            )
            reached.update(row[0] for row in rows)
        return reached
