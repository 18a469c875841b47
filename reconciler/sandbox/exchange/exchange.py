"""The local exchange: accounts, prices, clock and trades in one SQLite file or in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from reconciler.sandbox.engine.events import check_event
from reconciler.sandbox.engine.fills import fill_resting, find_resting
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.exchange.access import ALL_PERMISSIONS, DEFAULT_USER, MODES, read_public_key
from reconciler.sandbox.exchange.summary import Json, describe_world
from reconciler.sandbox.exchange.transaction import SWITCH_PREFIX, World
from reconciler.sandbox.store.account_store import (
    CLOCK,
    MARKETS,
    SPOT,
    START_AT_MS,
    Account,
    Algorithm,
    ApiKey,
    Store,
)
from reconciler.sandbox.store.faults import Fault
from reconciler.sandbox.store.tables import open_database
from reconciler.sandbox.store.wire_store import HeldFault, WireStore
from reconciler.sandbox.values.candles import Candle, check_candles
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.errors import ConflictingAccount, InvalidDuration, InvalidEvent, OrderRefused
from reconciler.sandbox.values.identifiers import LARGEST_ID
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.market import PriceType, follow_last
from reconciler.sandbox.values.options import read_switches, write_switches
from reconciler.sandbox.values.pairs import CONTRACT_CURRENCIES, CURRENCIES, PAIRS, find_pair
from reconciler.sandbox.values.wallet import Balance

# The sandbox's own credentials; no secret of anybody.
DEFAULT_API_KEY = "sandbox-key"
DEFAULT_API_SECRET = "sandbox-secret"  # noqa: S105 -- fixed and public on purpose

# The paper account of a fresh sandbox; the published examples name account 1.
DEFAULT_ACCOUNT_ID = 1

# What every account starts with. Rich, so that ordinary work never fails for want of funds.
START_BALANCES = {
    currency: {"USDT": Decimal(10000000), "BTC": Decimal(1000)}.get(currency, Decimal(1000000))
    for currency in (*CURRENCIES, *CONTRACT_CURRENCIES)
}

# Ten years, in seconds: far more than any test, and well inside the calendar.
MAX_ADVANCE_S = 315360000

DEFAULT_ACCOUNT_NAMES = {"paper": "Paper account", "real": "Sandbox account"}


class Sandbox:
    """A local exchange with the SmartTrade engine, deterministic and safe to share between processes.

    Nothing moves by itself: trades move when a price is set, time passes when it is told to.

    Args:
        path: The SQLite file, made if it is missing; None keeps everything in memory.
        settings: Settings by name, see `configure`; what is not named stays as it is.

    Raises:
        UnusableStore: The file is no sandbox store, or of another version.
        InvalidSetting: There is no such setting, or it cannot have this value.
    """

    def __init__(self, path: Path | None = None, *, settings: Mapping[str, str] | None = None) -> None:
        self._lock = RLock()
        self._connection = open_database(path)
        with self.transaction(write=False) as world:
            is_fresh = world.store.read_setting(CLOCK) is None
        if is_fresh:
            self._set_up()
        for name, value in (settings or {}).items():
            self.configure(name, value)

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

    @contextmanager
    def wire_transaction(self) -> Iterator[WireStore]:
        """What concerns the wire and no trade, for the length of one transaction; nothing settles."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield WireStore(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def ensure_account(
        self,
        account_id: int,
        *,
        mode: str = "paper",
        name: str | None = None,
        market: str | None = None,
        user: str = DEFAULT_USER,
    ) -> None:
        """Opens an account with the usual funds, unless it is open already; a name given renames it.

        Args:
            account_id: Its id, above zero.
            mode: `paper` or `real`.
            name: What the user calls it.
            market: `spot` or `futures`; spot by default. A futures account trades contract pairs, with leverage that
                is stored and shown, but without margin.
            user: Who owns it; keys of others are told that it is not theirs.

        Raises:
            ConflictingAccount: It is open in the other mode or market or for another user, or id, mode or market are
                none.
        """
        if mode not in MODES or not 0 < account_id <= LARGEST_ID:
            raise ConflictingAccount(f"account {account_id} cannot be opened in mode {mode!r}: expected paper or real")
        if market not in (None, *MARKETS):
            raise ConflictingAccount(f"account {account_id} cannot be opened on {market!r}: expected spot or futures")
        with self.transaction() as world:
            account = world.store.find_account(account_id)
            if account is None:
                _open_account(world, account_id, user, mode, name or DEFAULT_ACCOUNT_NAMES[mode], market or SPOT)
            elif account.user != user:
                raise ConflictingAccount(f"account {account_id} is open for {account.user}, asked for {user}")
            elif account.mode != mode:
                raise ConflictingAccount(f"account {account_id} is open in mode {account.mode}, asked for {mode}")
            elif market not in (None, account.market):
                raise ConflictingAccount(f"account {account_id} is open on {account.market}, asked for {market}")
            elif name not in (None, account.name):
                world.store.rename_account(account_id, name)

    def ensure_key(
        self,
        api_key: str,
        api_secret: str,
        permissions: Iterable[str] = ALL_PERMISSIONS,
        *,
        user: str = DEFAULT_USER,
    ) -> None:
        """Registers an HMAC key, or replaces all there is of one.

        Args:
            api_key: What requests carry in the `APIKEY` header.
            api_secret: Shared secret of the signatures.
            permissions: What the key may do.
            user: Whose it is.
        """
        self._write_key(api_key, user, Algorithm.HMAC, api_secret, permissions)

    def ensure_rsa_key(
        self,
        api_key: str,
        public_key: str,
        permissions: Iterable[str] = ALL_PERMISSIONS,
        *,
        user: str = DEFAULT_USER,
    ) -> None:
        """Registers an RSA key, or replaces all there is of one.

        Args:
            api_key: What requests carry in the `APIKEY` header.
            public_key: Public RSA key in PEM.
            permissions: What the key may do.
            user: Whose it is.

        Raises:
            InvalidKey: It is no public RSA key.
        """
        read_public_key(public_key)
        self._write_key(api_key, user, Algorithm.RSA, public_key, permissions)

    @property
    def now_ms(self) -> int:
        """Sandbox time in milliseconds since 1970."""
        with self._lock:
            return Store(self._connection).read_clock()

    def is_wire_quiet(self) -> bool:
        """Whether no fault and no lagging trade has to be thought of."""
        with self._lock:
            return WireStore(self._connection).is_quiet()

    def add_fault(self, fault: Fault) -> int:
        """Lets something go wrong on the wire.

        Args:
            fault: What, and with which requests.

        Returns:
            The number of the fault.
        """
        with self.wire_transaction() as wire:
            return wire.add_fault(fault)

    def list_faults(self) -> list[HeldFault]:
        """All faults, those that are over included, oldest first."""
        with self.wire_transaction() as wire:
            return wire.list_faults()

    def remove_faults(self, fault_id: int | None = None) -> int:
        """Removes faults.

        Args:
            fault_id: Number of one fault; None for all.

        Returns:
            How many were removed.
        """
        with self.wire_transaction() as wire:
            return wire.remove_faults(fault_id)

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
            moved = world.advance(now_ms)
        return {"now": format_instant(now_ms), "moved": [*moved]}

    def replay(
        self, pair: str, candles: Sequence[Candle], *, progress: Callable[[int, int], None] | None = None
    ) -> dict[str, Json]:
        """Lets a pair live through candles: four ticks each, the clock moving on as far as the candles are apart.

        All candles are checked before the first is applied. Each is one transaction, so a replay that is interrupted
        has applied whole candles, of which `progress` has told.

        Args:
            pair: Pair in the API's notation.
            candles: Candles in the order of their times.
            progress: Is told how many of how many have been applied, after each.

        Returns:
            The pair, the number of candles, the new time, and the ids of the trades that were looked at.

        Raises:
            UnknownPair: The sandbox does not trade the pair.
            InvalidCandles: A price is off the grid or times do not rise; nothing was applied.
        """
        check_candles(find_pair(pair), candles)
        moved: set[int] = set()
        for number, candle in enumerate(candles, start=1):
            later = candles[number] if number < len(candles) else None
            with self.transaction() as world:
                length_ms = later.at_ms - candle.at_ms if later else 0
                for share, last in enumerate(candle.list_ticks()):
                    moved.update(world.tick(pair, follow_last(PAIRS[pair], last)))
                    step_ms = length_ms * (share + 1) // 4 - length_ms * share // 4
                    if step_ms:
                        moved.update(world.advance(world.now_ms + step_ms))
                now = format_instant(world.now_ms)
            if progress is not None:
                progress(number, len(candles))
        return {"pair": pair, "candles": len(candles), "now": now, "moved": [*sorted(moved)]}

    def configure(self, name: str, value: str) -> dict[str, Json]:
        """Changes one setting: what the documents leave open, fees, or how long intermediate states last.

        Args:
            name: One of `SWITCH_NAMES`.
            value: Its text; `Switches` names what each may be.

        Returns:
            All settings.

        Raises:
            InvalidSetting: There is no such setting, or it cannot have this value.
        """
        read_switches({name: value})
        with self.transaction() as world:
            world.store.write_setting(SWITCH_PREFIX + name, value)
            texts = world.store.read_settings(SWITCH_PREFIX)
        return {**write_switches(read_switches(texts))}

    def schedule(self, event: str, *, value: str | None = None, trade_id: int | None = None) -> dict[str, Json]:
        """Schedules what the exchange does to a trade; it happens once, as soon as it can.

        Args:
            event: One of `EventKind`.
            value: What the event needs to know; None for the usual.
            trade_id: The trade that it is meant for; None for the first to which it can apply.

        Returns:
            The event as it is kept.

        Raises:
            InvalidEvent: No such event, a value that it cannot have, or no such trade.
        """
        kind, text = check_event(event, value)
        with self.transaction() as world:
            if trade_id is not None:
                _read_trade(world, trade_id)
            world.events.add(kind, text, trade_id)
        return {"event": kind, "value": text, "trade_id": trade_id}

    def fill(self, trade_id: int, units: Decimal, *, order_id: int | None = None) -> dict[str, Json]:
        """Fills so many units of an order that rests at the exchange, at its own price and without a tick.

        Args:
            trade_id: The trade.
            units: Units, above zero and up to what is left of the order.
            order_id: Id of the Trade entity; None for the first order of the trade that rests.

        Returns:
            Trade, order, and its units filled so far.

        Raises:
            InvalidEvent: Nothing rests there, or not so many units.
        """
        with self.transaction() as world:
            trade = _read_trade(world, trade_id)
            order = find_resting(trade, order_id)
            if order is None:
                raise InvalidEvent(f"trade {trade_id} has no such order that rests at the exchange")
            try:
                fill_resting(trade, order, units, world.moment(trade))
            except OrderRefused as error:
                raise InvalidEvent(f"order {order.id} cannot be filled: {error}") from error
            world.save_trade(trade)
        return {"trade_id": trade_id, "order_id": order.id, "filled": format_decimal(order.filled_units)}

    def show(self) -> dict[str, Json]:
        """Clock, settings, prices, accounts with balances, trades by status, and events that are still to happen."""
        with self.transaction(write=False) as world:
            return describe_world(world)

    def reset(self) -> None:
        """Removes all trades, scheduled events and faults, and sets clock, prices, modes and balances back.

        It forgets who sent how much. Accounts, keys and settings stay, ids are never reused.
        """
        with self.transaction() as world:
            world.trades.remove_trades()
            world.events.remove_events()
            world.wire.clear()
            world.store.forget_modes()
            world.store.remove_balances()
            _set_start(world)
            for account in world.store.list_accounts():
                world.store.write_balances(account.id, _start_balances(account.market))

    def _write_key(
        self, api_key: str, user: str, algorithm: Algorithm, secret: str, permissions: Iterable[str]
    ) -> None:
        key = ApiKey(user=user, algorithm=algorithm, secret=secret, permissions=frozenset(permissions))
        with self.transaction() as world:
            world.store.write_key(api_key, key)

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
                key = ApiKey(
                    user=DEFAULT_USER,
                    algorithm=Algorithm.HMAC,
                    secret=DEFAULT_API_SECRET,
                    permissions=ALL_PERMISSIONS,
                )
                world.store.write_key(DEFAULT_API_KEY, key)
                _open_account(world, DEFAULT_ACCOUNT_ID, DEFAULT_USER, "paper", DEFAULT_ACCOUNT_NAMES["paper"], SPOT)


def _set_start(world: World) -> None:
    world.store.write_setting(CLOCK, str(START_AT_MS))
    for name, pair in PAIRS.items():
        world.store.write_quote(name, follow_last(pair, pair.last))


def _open_account(world: World, account_id: int, user: str, mode: str, name: str, market: str) -> None:
    account = Account(id=account_id, user=user, mode=mode, name=name, created_at_ms=world.now_ms, market=market)
    world.store.add_account(account)
    world.store.write_balances(account_id, _start_balances(market))


def _start_balances(market: str) -> list[tuple[str, Balance]]:
    currencies = CURRENCIES if market == SPOT else CONTRACT_CURRENCIES
    return [(currency, Balance(START_BALANCES[currency], Decimal(0))) for currency in currencies]


def _read_trade(world: World, trade_id: int) -> SmartTrade:
    if not any(world.trades.has_trade(trade_id, mode) for mode in MODES):
        raise InvalidEvent(f"there is no trade {trade_id}")
    return world.trades.read_trade(trade_id)
