"""Reading and writing of settings, keys, accounts and prices; transactions belong to the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.identifiers import LARGEST_ID
from reconciler.sandbox.values.market import Quote
from reconciler.sandbox.values.wallet import Balance

SPOT = "spot"
FUTURES = "futures"
MARKETS = (SPOT, FUTURES)

# 2026-01-01T00:00:00.000Z
START_AT_MS = 1767225600000

# Setting that holds the sandbox time.
CLOCK = "clock_ms"


class Algorithm(StrEnum):
    """How a key signs. Source: official docs, signing page."""

    HMAC = "hmac"
    RSA = "rsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An exchange account of the sandbox.

    Args:
        id: Its id.
        user: Who owns it.
        mode: `paper` or `real`.
        name: What the user calls it.
        created_at_ms: Sandbox time of its opening.
        market: `spot` or `futures`.
    """

    id: int
    user: str
    mode: str
    name: str
    created_at_ms: int
    market: str = SPOT

    @property
    def has_contracts(self) -> bool:
        """Whether it trades contracts, and with leverage."""
        return self.market == FUTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key of the sandbox.

    Args:
        user: Whose it is.
        algorithm: How it signs; a property of the key, not of a request.
        secret: Shared secret of its signatures, or its public RSA key in PEM.
        permissions: What it may do.
    """

    user: str
    algorithm: Algorithm
    secret: str
    permissions: frozenset[str]


class Store:
    """The rows behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read_setting(self, name: str) -> str | None:
        """A setting's text, or None."""
        row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def write_setting(self, name: str, value: str) -> None:
        """Sets or replaces a setting."""
        self._connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def read_settings(self, prefix: str) -> dict[str, str]:
        """The settings whose names begin so, without that beginning, in alphabetical order."""
        rows = self._connection.execute("SELECT name, value FROM settings ORDER BY name")
        return {name.removeprefix(prefix): value for name, value in rows if name.startswith(prefix)}

    def read_clock(self) -> int:
        """Sandbox time in milliseconds since 1970."""
        return int(self.read_setting(CLOCK) or START_AT_MS)

    def take_numbers(self, name: str, count: int, *, first: int) -> int:
        """The first of so many consecutive numbers that were never given before.

        Args:
            name: Which counter.
            count: How many numbers are taken.
            first: Where a fresh counter starts.
        """
        self._connection.execute("INSERT OR IGNORE INTO counters VALUES (?, ?)", (name, first))
        statement = "UPDATE counters SET value = value + ? WHERE name = ? RETURNING value"
        return int(self._connection.execute(statement, (count, name)).fetchone()[0]) - count

    def find_key(self, api_key: str) -> ApiKey | None:
        """The key of this name, or None."""
        row = self._connection.execute(
            "SELECT user, algorithm, secret, permissions FROM api_keys WHERE api_key = ?", (api_key,)
        ).fetchone()
        if row is None:
            return None
        permissions = frozenset(row[3].split())
        return ApiKey(user=row[0], algorithm=Algorithm(row[1]), secret=row[2], permissions=permissions)

    def write_key(self, api_key: str, key: ApiKey) -> None:
        """Adds or replaces a key."""
        row = (api_key, key.user, key.algorithm, key.secret, " ".join(sorted(key.permissions)))
        self._connection.execute("INSERT OR REPLACE INTO api_keys VALUES (?, ?, ?, ?, ?)", row)

    def read_mode(self, user: str) -> str | None:
        """The account mode that a user chose last, or None."""
        row = self._connection.execute("SELECT mode FROM users WHERE name = ?", (user,)).fetchone()
        return None if row is None else str(row[0])

    def write_mode(self, user: str, mode: str) -> None:
        """Sets the account mode of a user."""
        self._connection.execute("INSERT OR REPLACE INTO users VALUES (?, ?)", (user, mode))

    def forget_modes(self) -> None:
        """Forgets the modes that users chose."""
        self._connection.execute("DELETE FROM users")

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
        row = (account.id, account.user, account.mode, account.name, account.created_at_ms, account.market)
        self._connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?)", row)

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

    def read_quotes(self) -> dict[str, Quote]:
        """The present prices of all pairs."""
        rows = self._connection.execute("SELECT pair, bid, ask, last FROM quotes")
        return {pair: Quote(Decimal(bid), Decimal(ask), Decimal(last)) for pair, bid, ask, last in rows}

    def write_quote(self, pair: str, quote: Quote) -> None:
        """Sets the prices of a pair."""
        row = (pair, str(quote.bid), str(quote.ask), str(quote.last))
        self._connection.execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?, ?)", row)


def _read_account(row: tuple[int, str, str, str, int, str]) -> Account:
    return Account(id=row[0], user=row[1], mode=row[2], name=row[3], created_at_ms=row[4], market=row[5])
