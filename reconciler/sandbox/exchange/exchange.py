"""The local exchange: accounts, prices, clock and trades in one SQLite file or in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from reconciler.sandbox.engine.events import check_event
from reconciler.sandbox.engine.fills import fill_resting, find_resting
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.engine.trade_life import settle_trade
from reconciler.sandbox.exchange.access import ALL_PERMISSIONS, DEFAULT_USER, MODES, read_public_key
from reconciler.sandbox.exchange.accounts import ensure_account, reset_balances
from reconciler.sandbox.exchange.replay import replay_candle
from reconciler.sandbox.exchange.sandbox_file import SandboxFile
from reconciler.sandbox.exchange.summary import Json, describe_happened, describe_sandbox
from reconciler.sandbox.exchange.transaction import OPTION_PREFIX, Transaction
from reconciler.sandbox.store.faults import Fault
from reconciler.sandbox.store.settings_store import CLOCK, START_AT_MS
from reconciler.sandbox.store.wire_store import StoredFault
from reconciler.sandbox.values.accounts import Algorithm, ApiKey
from reconciler.sandbox.values.candles import Candle, check_candles
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.errors import InvalidDuration, InvalidEvent, OrderRefused
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.market import PriceType, follow_last
from reconciler.sandbox.values.options import read_options, write_options
from reconciler.sandbox.values.pairs import PAIRS, find_pair

# The sandbox's own credentials; they protect nothing.
DEFAULT_API_KEY = "sandbox-key"
DEFAULT_API_SECRET = "sandbox-secret"  # noqa: S105 -- fixed and public on purpose

# The paper account of a new sandbox; the published examples name account 1.
DEFAULT_ACCOUNT_ID = 1

# Ten years, in seconds: far more than any test needs, and well inside the calendar.
MAX_ADVANCE_S = 315360000


class Sandbox(SandboxFile):
    """A local exchange with the SmartTrade engine: deterministic, and safe to share between processes.

    Nothing happens by itself: a trade moves when somebody sets a price, and time passes when somebody moves the clock.

    Args:
        path: The SQLite file, created if it is missing; None keeps everything in memory.
        options: Options by name, see `configure`; those not named stay unchanged.

    Raises:
        UnusableStore: The file is not a sandbox store, or is of another version.
        InvalidOption: There is no such option, or it cannot have this value.
    """

    def __init__(self, path: Path | None = None, *, options: Mapping[str, str] | None = None) -> None:
        super().__init__(path)
        with self.transaction(write=False) as transaction:
            is_new = transaction.settings.read_setting(CLOCK) is None
        if is_new:
            self._set_up()
        for name, value in (options or {}).items():
            self.configure(name, value)

    def ensure_account(
        self,
        account_id: int,
        *,
        mode: str = "paper",
        name: str | None = None,
        market: str | None = None,
        user: str = DEFAULT_USER,
    ) -> None:
        """Open an account with the usual funds unless it exists; a name given renames it.

        Args:
            account_id: Its id, above zero.
            mode: `paper` or `real`.
            name: Name that the user gives it.
            market: `spot` or `futures`; spot by default. A futures account trades contract pairs, with leverage that
                is stored and shown, but without margin.
            user: Owner; for keys of other users it is a foreign account.

        Raises:
            ConflictingAccount: It exists in another mode or market or for another user, or an argument is invalid.
        """
        with self.transaction() as transaction:
            ensure_account(transaction, account_id, mode=mode, name=name, market=market, user=user)

    def ensure_key(
        self,
        api_key: str,
        api_secret: str,
        permissions: Iterable[str] = ALL_PERMISSIONS,
        *,
        user: str = DEFAULT_USER,
    ) -> None:
        """Register an HMAC key, or replace the one of this name.

        Args:
            api_key: Value of the `APIKEY` header.
            api_secret: Shared secret of the signatures.
            permissions: What the key may do.
            user: Owner.
        """
        self._write_key(api_key, api_secret, Algorithm.HMAC, permissions, user)

    def ensure_rsa_key(
        self,
        api_key: str,
        public_key: str,
        permissions: Iterable[str] = ALL_PERMISSIONS,
        *,
        user: str = DEFAULT_USER,
    ) -> None:
        """Register an RSA key, or replace the one of this name.

        Args:
            api_key: Value of the `APIKEY` header.
            public_key: Public RSA key in PEM.
            permissions: What the key may do.
            user: Owner.

        Raises:
            InvalidKey: It is not a public RSA key.
        """
        read_public_key(public_key)
        self._write_key(api_key, public_key, Algorithm.RSA, permissions, user)

    def add_fault(self, fault: Fault) -> int:
        """Add a fault, and return its number.

        Args:
            fault: What goes wrong on the wire, and with which requests.
        """
        with self.wire_transaction() as wire:
            return wire.add_fault(fault)

    def list_faults(self) -> list[StoredFault]:
        """All faults, including those that will not fire again, oldest first."""
        with self.wire_transaction() as wire:
            return wire.list_faults()

    def remove_faults(self, fault_id: int | None = None) -> int:
        """Remove faults, and return how many were removed.

        Args:
            fault_id: Number of one fault; None for all.
        """
        with self.wire_transaction() as wire:
            return wire.remove_faults(fault_id)

    def set_price(
        self, pair: str, last: Decimal, *, bid: Decimal | None = None, ask: Decimal | None = None
    ) -> dict[str, Json]:
        """Set the prices of a pair (one tick), and move the trades that they reach.

        Args:
            pair: Pair in the API's notation.
            last: New last price in quote currency.
            bid: New bid; the last price by default.
            ask: New ask; one price step above by default.

        Returns:
            The pair, its prices, the ids of the trades that were affected, and what happened to them.

        Raises:
            UnknownPair: The sandbox does not trade the pair.
            InvalidPrice: A price is not positive or not a multiple of the price step.
        """
        quote = follow_last(find_pair(pair), last, bid=bid, ask=ask)
        with self.transaction() as transaction:
            affected = transaction.tick(pair, quote)
        prices = {price_type.value: format(quote.price(price_type), "f") for price_type in PriceType}
        return {"pair": pair, **prices, "moved": [*affected], "happened": describe_happened(transaction.happened)}

    def show_prices(self, pair: str | None = None) -> dict[str, dict[str, str]]:
        """Show last, bid and ask of pairs, by pair.

        Args:
            pair: Pair in the API's notation; None for all.

        Raises:
            UnknownPair: The sandbox does not trade the pair.
        """
        wanted = PAIRS if pair is None else {pair: find_pair(pair)}
        with self.transaction(write=False) as transaction:
            quotes = {name: transaction.quotes[name] for name in wanted}
        return {
            name: {price_type.value: format(quote.price(price_type), "f") for price_type in PriceType}
            for name, quote in quotes.items()
        }

    def advance(self, seconds: Decimal | int) -> dict[str, Json]:
        """Move the clock forward.

        Args:
            seconds: How far, above zero; milliseconds count.

        Returns:
            The new time, the ids of the trades that were affected, and what happened to them.

        Raises:
            InvalidDuration: The clock would not move, go back, or leave the calendar.
        """
        step_ms = int(Decimal(seconds) * 1000) if 0 < seconds <= MAX_ADVANCE_S else 0
        if step_ms <= 0:
            raise InvalidDuration(
                f"the clock cannot advance by {seconds} s: expected seconds from 0.001 to {MAX_ADVANCE_S}"
            )
        with self.transaction() as transaction:
            now_ms = transaction.now_ms + step_ms
            affected = transaction.advance(now_ms)
        happened = describe_happened(transaction.happened)
        return {"now": format_instant(now_ms), "moved": [*affected], "happened": happened}

    def replay(
        self, pair: str, candles: Sequence[Candle], *, progress: Callable[[int, int], None] | None = None
    ) -> dict[str, Json]:
        """Replay candles: four ticks each, and the clock moves on as far as the candles are apart.

        All candles are checked before the first is applied. Each is one transaction, so a replay that is interrupted
        has applied whole candles, and `progress` has reported each of them.

        Args:
            pair: Pair in the API's notation.
            candles: Candles in the order of their times.
            progress: Receives after each candle how many of how many have been applied.

        Returns:
            The pair, the number of candles, the new time, the ids of the trades that were affected, and what happened
            to them.

        Raises:
            UnknownPair: The sandbox does not trade the pair.
            InvalidCandles: A price is off the grid or times do not rise; nothing was applied.
        """
        check_candles(find_pair(pair), candles)
        affected: set[int] = set()
        happened: list[Json] = []
        for number, candle in enumerate(candles, start=1):
            length_ms = candles[number].at_ms - candle.at_ms if number < len(candles) else 0
            with self.transaction() as transaction:
                affected |= replay_candle(transaction, pair, candle, length_ms)
                now = format_instant(transaction.now_ms)
            happened += describe_happened(transaction.happened)
            if progress is not None:
                progress(number, len(candles))
        moved: list[Json] = [*sorted(affected)]
        return {"pair": pair, "candles": len(candles), "now": now, "moved": moved, "happened": happened}

    def configure(self, name: str, value: str) -> dict[str, Json]:
        """Change one option: what the documents leave open, fees, or how long intermediate states last.

        Args:
            name: One of `OPTION_NAMES`.
            value: Its text; `Options` names what each may be.

        Returns:
            All options.

        Raises:
            InvalidOption: There is no such option, or it cannot have this value.
        """
        read_options({name: value})
        with self.transaction() as transaction:
            transaction.settings.write_setting(OPTION_PREFIX + name, value)
            texts = transaction.settings.read_settings(OPTION_PREFIX)
        return {**write_options(read_options(texts))}

    def schedule(self, event: str, *, value: str | None = None, trade_id: int | None = None) -> dict[str, Json]:
        """Schedule something that the exchange does to a trade; it happens once, as soon as it can.

        Args:
            event: One of `EventKind`.
            value: What the event needs to know; None for the usual.
            trade_id: The trade that it is meant for; None for the first to which it can apply.

        Returns:
            The event as it is stored.

        Raises:
            InvalidEvent: There is no such event or trade, or the event cannot have this value.
        """
        kind, text = check_event(event, value)
        with self.transaction() as transaction:
            if trade_id is not None:
                _read_trade(transaction, trade_id)
            transaction.events.add(kind, text, trade_id)
        return {"event": kind, "value": text, "trade_id": trade_id}

    def fill(self, trade_id: int, units: Decimal, *, order_id: int | None = None) -> dict[str, Json]:
        """Fill a number of units of an order that rests at the exchange, at its own price and without a tick.

        Args:
            trade_id: The trade.
            units: Units, above zero and up to what is left of the order.
            order_id: Id of the Trade entity; None for the first order of the trade that rests.

        Returns:
            Trade, order, its units filled so far, and what happened to the trade.

        Raises:
            InvalidEvent: No such order rests at the exchange, or it has fewer units left.
        """
        filled: dict[str, Json] = {"trade_id": trade_id}

        def fill_order(trade: SmartTrade, moment: Moment) -> None:
            order = find_resting(trade, order_id)
            if order is None:
                raise InvalidEvent(f"trade {trade_id} has no such order that rests at the exchange")
            try:
                fill_resting(trade, order, units, moment)
                if trade.reads_left == 0:
                    settle_trade(trade, moment)
            except OrderRefused as error:
                raise InvalidEvent(f"order {order.id} cannot be filled: {error}") from error
            filled.update(order_id=order.id, filled=format_decimal(order.filled_units))

        with self.transaction() as transaction:
            _read_trade(transaction, trade_id)
            transaction.change(trade_id, fill_order)
        return filled | {"happened": describe_happened(transaction.happened)}

    def show(self) -> dict[str, Json]:
        """Clock, options, prices, accounts with balances, trades by status, and events that are still to happen."""
        with self.transaction(write=False) as transaction:
            return describe_sandbox(transaction)

    def reset(self) -> None:
        """Remove all trades, events, faults and counted requests, and set clock, prices, modes and balances back.

        Accounts, keys and options stay; ids are never reused.
        """
        with self.transaction() as transaction:
            transaction.trades.remove_trades()
            transaction.events.remove_events()
            transaction.wire.clear()
            transaction.accounts.forget_modes()
            _set_start(transaction)
            reset_balances(transaction)

    def _write_key(
        self, api_key: str, secret: str, algorithm: Algorithm, permissions: Iterable[str], user: str
    ) -> None:
        key = ApiKey(user=user, algorithm=algorithm, secret=secret, permissions=frozenset(permissions))
        with self.transaction() as transaction:
            transaction.accounts.write_key(api_key, key)

    def _set_up(self) -> None:
        with self.transaction() as transaction:
            # Another process may have been faster.
            if transaction.settings.read_setting(CLOCK) is not None:
                return
            _set_start(transaction)
            key = ApiKey(
                user=DEFAULT_USER, algorithm=Algorithm.HMAC, secret=DEFAULT_API_SECRET, permissions=ALL_PERMISSIONS
            )
            transaction.accounts.write_key(DEFAULT_API_KEY, key)
            ensure_account(transaction, DEFAULT_ACCOUNT_ID)


def _set_start(transaction: Transaction) -> None:
    transaction.settings.write_setting(CLOCK, str(START_AT_MS))
    for name, pair in PAIRS.items():
        transaction.settings.write_quote(name, follow_last(pair, pair.last))


def _read_trade(transaction: Transaction, trade_id: int) -> SmartTrade:
    if not any(transaction.trades.has_trade(trade_id, mode) for mode in MODES):
        raise InvalidEvent(f"there is no trade {trade_id}")
    return transaction.trades.read_trade(trade_id)
