"""The local exchange: accounts, prices, clock and trades in one SQLite file or in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from reconciler.sandbox.access import ALL_PERMISSIONS, DEFAULT_MODE, MODES
from reconciler.sandbox.calendar import format_instant
from reconciler.sandbox.errors import ConflictingAccount, InvalidDuration
from reconciler.sandbox.market import PriceType, follow_last
from reconciler.sandbox.overview import Json, describe_world
from reconciler.sandbox.pairs import CURRENCIES, PAIRS, find_pair
from reconciler.sandbox.store import LARGEST_ID, Account
from reconciler.sandbox.tables import open_database
from reconciler.sandbox.wallet import Balance
from reconciler.sandbox.world import CLOCK, MODE, START_AT_MS, World

# The sandbox's own credentials; no secret of anybody.
DEFAULT_API_KEY = "sandbox-key"
DEFAULT_API_SECRET = "sandbox-secret"  # noqa: S105 -- fixed and public on purpose

# The paper account of a fresh sandbox; the published examples name account 1.
DEFAULT_ACCOUNT_ID = 1

# What every account starts with. Rich, so that ordinary work never fails for want of funds.
START_BALANCES = {
    currency: {"USDT": Decimal(10000000), "BTC": Decimal(1000)}.get(currency, Decimal(1000000))
    for currency in CURRENCIES
}

# Ten years, in seconds: far more than any test, and well inside the calendar.
MAX_ADVANCE_S = 315360000

DEFAULT_ACCOUNT_NAMES = {"paper": "Paper account", "real": "Sandbox account"}


class Sandbox:
    """A local exchange with the SmartTrade engine, deterministic and safe to share between processes.

    Nothing moves by itself: trades move when a price is set, time passes when it is told to.

    Args:
        path: The SQLite file, made if it is missing; None keeps everything in memory.

    Raises:
        UnusableStore: The file is no sandbox store, or of another version.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._connection = open_database(path)
        with self.transaction(write=False) as world:
            is_fresh = world.store.read_setting(CLOCK) is None
        if is_fresh:
            self._set_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store; a sandbox in memory is gone."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[World]:
        """The world for the length of one transaction: kept as a whole, or dropped as a whole if an error leaves it.

        What earlier requests set going takes effect first.

        Args:
            write: Whether the caller changes anything.
        """
        with self._lock:
            self._begin(write=write)
            try:
                world = World(self._connection)
                world.settle()
                yield world
                world.flush()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def ensure_account(self, account_id: int, *, mode: str = "paper", name: str | None = None) -> None:
        """Opens an account with the usual funds, unless it is open already; a name given renames it.

        Args:
            account_id: Its id, above zero.
            mode: `paper` or `real`.
            name: What the user calls it.

        Raises:
            ConflictingAccount: It is open in the other mode, or id or mode are none.
        """
        if mode not in MODES or not 0 < account_id <= LARGEST_ID:
            raise ConflictingAccount(f"account {account_id} cannot be opened in mode {mode!r}: expected paper or real")
        with self.transaction() as world:
            account = world.store.find_account(account_id)
            if account is None:
                _open_account(world, account_id, mode, name or DEFAULT_ACCOUNT_NAMES[mode])
            elif account.mode != mode:
                raise ConflictingAccount(f"account {account_id} is open in mode {account.mode}, asked for {mode}")
            elif name not in (None, account.name):
                world.store.rename_account(account_id, name)

    def ensure_key(self, api_key: str, api_secret: str, permissions: Iterable[str] = ALL_PERMISSIONS) -> None:
        """Registers an API key, or replaces secret and permissions of one.

        Args:
            api_key: What requests carry in the `APIKEY` header.
            api_secret: Shared secret of the signatures.
            permissions: What the key may do.
        """
        with self.transaction() as world:
            world.store.write_key(api_key, api_secret, permissions)

    def set_price(
        self, pair: str, last: Decimal, *, bid: Decimal | None = None, ask: Decimal | None = None
    ) -> dict[str, Json]:
        """One tick: sets the prices of a pair and moves the trades that they reach.

        Args:
            pair: Pair in the API's notation.
            last: New last price in quote currency.
            bid: New bid; the last price by default.
            ask: New ask; one price step above by default.

        Returns:
            The pair, its prices, and the ids of the trades that moved.

        Raises:
            UnknownPair: The sandbox does not trade the pair.
            InvalidPrice: A price is not positive or off the price step.
        """
        quote = follow_last(find_pair(pair), last, bid=bid, ask=ask)
        with self.transaction() as world:
            moved = world.tick(pair, quote)
        prices = {price_type.value: format(quote.price(price_type), "f") for price_type in PriceType}
        return {"pair": pair, **prices, "moved": [*moved]}

    def advance(self, seconds: Decimal | int) -> dict[str, Json]:
        """Moves the clock forward.

        Args:
            seconds: How far, above zero; milliseconds count.

        Returns:
            The new time.

        Raises:
            InvalidDuration: The clock would stand still, go back, or leave the calendar.
        """
        step_ms = int(Decimal(seconds) * 1000) if 0 < seconds <= MAX_ADVANCE_S else 0
        if step_ms <= 0:
            raise InvalidDuration(f"{seconds} is no time to advance by: expected seconds from 0.001 to {MAX_ADVANCE_S}")
        with self.transaction() as world:
            now_ms = world.now_ms + step_ms
            world.store.write_setting(CLOCK, str(now_ms))
        return {"now": format_instant(now_ms)}

    def show(self) -> dict[str, Json]:
        """Clock, prices, accounts with balances, trades by status, and what waits because it is not simulated."""
        with self.transaction(write=False) as world:
            return describe_world(world)

    def reset(self) -> None:
        """Removes all trades and sets clock, prices and balances back; accounts and keys stay, ids are never reused."""
        with self.transaction() as world:
            world.trades.remove_trades()
            world.store.remove_balances()
            _set_start(world)
            for account in world.store.list_accounts():
                world.store.write_balances(account.id, _start_balances())

    def _begin(self, *, write: bool) -> None:
        if not write:
            self._connection.execute("BEGIN")
            if not World(self._connection).trades.list_unsettled():
                return
            # What is pending has to be settled first, and a reading transaction must not turn into a writing one.
            self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN IMMEDIATE")

    def _set_up(self) -> None:
        with self.transaction() as world:
            if world.store.read_setting(CLOCK) is None:
                _set_start(world)
                world.store.write_key(DEFAULT_API_KEY, DEFAULT_API_SECRET, ALL_PERMISSIONS)
                _open_account(world, DEFAULT_ACCOUNT_ID, "paper", DEFAULT_ACCOUNT_NAMES["paper"])


def _set_start(world: World) -> None:
    world.store.write_setting(CLOCK, str(START_AT_MS))
    world.store.write_setting(MODE, DEFAULT_MODE)
    for name, pair in PAIRS.items():
        world.store.write_quote(name, follow_last(pair, pair.last))


def _open_account(world: World, account_id: int, mode: str, name: str) -> None:
    world.store.add_account(Account(id=account_id, mode=mode, name=name, created_at_ms=world.now_ms))
    world.store.write_balances(account_id, _start_balances())


def _start_balances() -> list[tuple[str, Balance]]:
    return [(currency, Balance(free, Decimal(0))) for currency, free in START_BALANCES.items()]
