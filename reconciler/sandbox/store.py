"""All reading and writing of the store; each function is one statement or two, transactions belong to the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.documents import read_document, write_document
from reconciler.sandbox.market import PriceType, Quote
from reconciler.sandbox.simulated import list_unsimulated
from reconciler.sandbox.terms import Crossing
from reconciler.sandbox.trade import SmartTrade
from reconciler.sandbox.wallet import Balance

# SQLite's largest id; anything above cannot exist.
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An exchange account of the sandbox.

    Args:
        id: Its id.
        mode: `paper` or `real`.
        name: What the user calls it.
        created_at_ms: Sandbox time of its opening.
    """

    id: int
    mode: str
    name: str
    created_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key of the sandbox.

    Args:
        secret: Shared secret of its signatures.
        permissions: What it may do.
    """

    secret: str
    permissions: frozenset[str]


class Store:
    """The rows behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # Settings, counters, keys

    def read_setting(self, name: str) -> str | None:
        """A setting's text, or None."""
        row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def write_setting(self, name: str, value: str) -> None:
        """Sets or replaces a setting."""
        self._connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def take_numbers(self, name: str, count: int, *, first: int) -> int:
        """The first of so many consecutive numbers that were never given before.

        Args:
            name: Which counter.
            count: How many numbers are taken.
            first: Where a fresh counter starts.
        """
        statement = (
            "INSERT INTO counters VALUES (?1, ?2 + ?3) ON CONFLICT (name) DO UPDATE SET value = value + ?3 "
            "RETURNING value"
        )
        return int(self._connection.execute(statement, (name, first, count)).fetchone()[0]) - count

    def find_key(self, api_key: str) -> ApiKey | None:
        """The key of this name, or None."""
        row = self._connection.execute(
            "SELECT secret, permissions FROM api_keys WHERE api_key = ?", (api_key,)
        ).fetchone()
        return None if row is None else ApiKey(secret=row[0], permissions=frozenset(row[1].split()))

    def write_key(self, api_key: str, secret: str, permissions: Iterable[str]) -> None:
        """Adds or replaces a key."""
        row = (api_key, secret, " ".join(sorted(permissions)))
        self._connection.execute("INSERT OR REPLACE INTO api_keys VALUES (?, ?, ?)", row)

    # Accounts and balances

    def find_account(self, account_id: int) -> Account | None:
        """The account with this id, or None."""
        if not 0 <= account_id <= LARGEST_ID:
            return None
        row = self._connection.execute("SELECT * FROM accounts WHERE id = ?", (account_id,)).fetchone()
        return None if row is None else _read_account(row)

    def list_accounts(self) -> list[Account]:
        """All accounts, by id."""
        return [_read_account(row) for row in self._connection.execute("SELECT * FROM accounts ORDER BY id")]

    def add_account(self, account: Account) -> None:
        """Adds an account."""
        row = (account.id, account.mode, account.name, account.created_at_ms)
        self._connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?)", row)

    def rename_account(self, account_id: int, name: str) -> None:
        """Gives an account another name."""
        self._connection.execute("UPDATE accounts SET name = ? WHERE id = ?", (name, account_id))

    def read_balances(self, account_id: int) -> dict[str, Balance]:
        """The balances of an account, by currency."""
        rows = self._connection.execute(
            "SELECT currency, free, reserved FROM balances WHERE account_id = ?", (account_id,)
        )
        return {currency: Balance(Decimal(free), Decimal(reserved)) for currency, free, reserved in rows}

    def write_balances(self, account_id: int, balances: Iterable[tuple[str, Balance]]) -> None:
        """Adds or replaces balances of an account."""
        rows = [(account_id, currency, str(balance.free), str(balance.reserved)) for currency, balance in balances]
        self._connection.executemany("INSERT OR REPLACE INTO balances VALUES (?, ?, ?, ?)", rows)

    def remove_balances(self) -> None:
        """Empties all accounts."""
        self._connection.execute("DELETE FROM balances")

    # Prices

    def read_quotes(self) -> dict[str, Quote]:
        """The present prices of all pairs."""
        rows = self._connection.execute("SELECT pair, bid, ask, last FROM quotes")
        return {pair: Quote(Decimal(bid), Decimal(ask), Decimal(last)) for pair, bid, ask, last in rows}

    def write_quote(self, pair: str, quote: Quote) -> None:
        """Sets the prices of a pair."""
        row = (pair, str(quote.bid), str(quote.ask), str(quote.last))
        self._connection.execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?, ?)", row)

    # Trades

    def read_trade(self, trade_id: int) -> SmartTrade:
        """The trade with this id, which must exist."""
        row = self._connection.execute("SELECT document FROM documents WHERE trade_id = ?", (trade_id,)).fetchone()
        return read_document(row[0])

    def has_trade(self, trade_id: int, mode: str) -> bool:
        """Whether a trade with this id exists in an account of this mode."""
        if not 0 <= trade_id <= LARGEST_ID:
            return False
        found = self._connection.execute("SELECT 1 FROM trades WHERE id = ? AND mode = ?", (trade_id, mode))
        return found.fetchone() is not None

    def list_unsettled(self) -> list[int]:
        """Ids of the trades that wait to be settled, ascending."""
        return [row[0] for row in self._connection.execute("SELECT id FROM trades WHERE is_unsettled ORDER BY id")]

    def select_ids(self, statement: str, values: Sequence[object]) -> list[int]:
        """The ids that a listing statement selects, in its order."""
        return [row[0] for row in self._connection.execute(statement, tuple(values))]

    def write_trade(self, trade: SmartTrade, *, mode: str) -> None:
        """Adds or replaces a trade.

        Args:
            trade: The trade.
            mode: Mode of its account.
        """
        quote, base = trade.pair.split("_")
        row = (
            trade.id,
            trade.account_id,
            mode,
            trade.pair,
            quote,
            base,
            trade.kind,
            trade.status,
            not trade.is_terminal,
            trade.is_unsettled,
            ", ".join(list_unsimulated(trade)),
            trade.created_at_ms,
            trade.updated_at_ms,
            trade.closed_at_ms,
            trade.is_long,
            float(trade.entered_amount),
            float(trade.entered_total),
            float(trade.closed_amount),
            float(trade.closed_total),
        )
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT OR REPLACE INTO trades VALUES ({marks})", row)  # noqa: S608 -- marks only
        self._connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (trade.id, write_document(trade)))

    def remove_trades(self) -> None:
        """Removes all trades; their ids are not given again."""
        for table in ("trades", "documents", "watches"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- constant names

    def count_trades(self) -> dict[str, int]:
        """Number of trades by status, statuses in alphabetical order."""
        counts = self._connection.execute("SELECT status, count(*) FROM trades GROUP BY status ORDER BY status")
        return dict(counts.fetchall())

    def list_unsimulated(self) -> list[tuple[int, str]]:
        """Active trades with parts that wait because they are not simulated, by id."""
        statement = "SELECT id, unsimulated FROM trades WHERE is_active AND unsimulated <> '' ORDER BY id"
        return [(row[0], row[1]) for row in self._connection.execute(statement)]

    # Price levels

    def write_watches(self, trade_id: int, pair: str, watches: Iterable[tuple[PriceType, Crossing, int]]) -> None:
        """Replaces the price levels of a trade, given in price steps."""
        self._connection.execute("DELETE FROM watches WHERE trade_id = ?", (trade_id,))
        rows = [(pair, price_type, crossing, level, trade_id) for price_type, crossing, level in watches]
        self._connection.executemany("INSERT OR IGNORE INTO watches VALUES (?, ?, ?, ?, ?)", rows)

    def list_reached(self, pair: str, price_type: PriceType, level: int) -> set[int]:
        """Ids of the trades of which a watched level has been reached.

        Args:
            pair: The pair that ticked.
            price_type: The price that is looked at.
            level: The price in price steps.
        """
        statement = (
            "SELECT trade_id FROM watches WHERE pair = ?1 AND price_type = ?2 AND crossing = ?3 AND level <= ?5 "
            "UNION SELECT trade_id FROM watches WHERE pair = ?1 AND price_type = ?2 AND crossing = ?4 AND level >= ?5"
        )
        values = (pair, price_type, Crossing.UPWARDS, Crossing.DOWNWARDS, level)
        return {row[0] for row in self._connection.execute(statement, values)}


def _read_account(row: tuple[int, str, str, int]) -> Account:
    return Account(id=row[0], mode=row[1], name=row[2], created_at_ms=row[3])
