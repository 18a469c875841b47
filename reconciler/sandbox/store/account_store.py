"""Accounts, balances and API keys in the store; transactions belong to the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from decimal import Decimal

from reconciler.sandbox.values.accounts import Account, Algorithm, ApiKey
from reconciler.sandbox.values.identifiers import LARGEST_ID
from reconciler.sandbox.values.wallet import Balance


class AccountStore:
    """The rows of accounts, balances and keys behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find_key(self, api_key: str) -> ApiKey | None:
        """Find the key of this name, or None."""
        row = self._connection.execute(
            "SELECT user, algorithm, secret, permissions FROM api_keys WHERE api_key = ?", (api_key,)
        ).fetchone()
        if row is None:
            return None
        permissions = frozenset(row[3].split())
        return ApiKey(user=row[0], algorithm=Algorithm(row[1]), secret=row[2], permissions=permissions)

    def write_key(self, api_key: str, key: ApiKey) -> None:
        """Add or replace a key."""
        row = (api_key, key.user, key.algorithm, key.secret, " ".join(sorted(key.permissions)))
        self._connection.execute("INSERT OR REPLACE INTO api_keys VALUES (?, ?, ?, ?, ?)", row)

    def read_mode(self, user: str) -> str | None:
        """Read the account mode that a user chose last, or None."""
        row = self._connection.execute("SELECT mode FROM users WHERE name = ?", (user,)).fetchone()
        return None if row is None else str(row[0])

    def write_mode(self, user: str, mode: str) -> None:
        """Set the account mode of a user."""
        self._connection.execute("INSERT OR REPLACE INTO users VALUES (?, ?)", (user, mode))

    def forget_modes(self) -> None:
        """Remove the modes that users chose."""
        self._connection.execute("DELETE FROM users")

    def find_account(self, account_id: int) -> Account | None:
        """Find the account with this id, or None."""
        if not 0 <= account_id <= LARGEST_ID:
            return None
        row = self._connection.execute("SELECT * FROM accounts WHERE id = ?", (account_id,)).fetchone()
        return None if row is None else _read_account(row)

    def list_accounts(self) -> list[Account]:
        """List all accounts, by id."""
        return [_read_account(row) for row in self._connection.execute("SELECT * FROM accounts ORDER BY id")]

    def add_account(self, account: Account) -> None:
        """Add an account."""
        row = (account.id, account.user, account.mode, account.name, account.created_at_ms, account.market)
        self._connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?)", row)

    def rename_account(self, account_id: int, name: str) -> None:
        """Give an account another name."""
        self._connection.execute("UPDATE accounts SET name = ? WHERE id = ?", (name, account_id))

    def read_balances(self, account_id: int) -> dict[str, Balance]:
        """Read the balances of an account, by currency."""
        rows = self._connection.execute(
            "SELECT currency, free, reserved FROM balances WHERE account_id = ?", (account_id,)
        )
        return {currency: Balance(Decimal(free), Decimal(reserved)) for currency, free, reserved in rows}

    def write_balances(self, account_id: int, balances: Iterable[tuple[str, Balance]]) -> None:
        """Add or replace balances of an account."""
        rows = [(account_id, currency, str(balance.free), str(balance.reserved)) for currency, balance in balances]
        self._connection.executemany("INSERT OR REPLACE INTO balances VALUES (?, ?, ?, ?)", rows)

    def remove_balances(self) -> None:
        """Remove the balances of all accounts."""
        self._connection.execute("DELETE FROM balances")


def _read_account(row: tuple[int, str, str, str, int, str]) -> Account:
    return Account(id=row[0], user=row[1], mode=row[2], name=row[3], created_at_ms=row[4], market=row[5])
