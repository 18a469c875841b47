"""One transaction on the sandbox: clock, prices, wallets and trades."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.happenings import Happening, list_happenings, take_snapshot
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.price_index import find_timeout, list_levels
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.engine.trade_life import move_trade, settle_trade
from reconciler.sandbox.store.account_store import AccountStore
from reconciler.sandbox.store.event_store import EventStore
from reconciler.sandbox.store.settings_store import CLOCK, SettingsStore
from reconciler.sandbox.store.trade_store import TradeStore
from reconciler.sandbox.store.wire_store import WireStore
from reconciler.sandbox.values.accounts import Account
from reconciler.sandbox.values.market import PriceType, Quote, count_steps
from reconciler.sandbox.values.options import Options, read_options
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.wallet import Wallet

# First ids. The two ranges never overlap, so an id of the wrong kind is never found.
# Source: assumed; published ids are of this size (30428625 and 1008300673).
FIRST_TRADE_ID = 30000001
FIRST_ORDER_ID = 1000000001

# Prefix of the names of options in the store; the store's own settings, such as the clock, have none.
OPTION_PREFIX = "switch."


class Transaction:
    """One transaction on the sandbox.

    Args:
        connection: An open store, inside a transaction.

    Attributes:
        happened: What happened to trades in this transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.settings = SettingsStore(connection)
        self.accounts = AccountStore(connection)
        self.trades = TradeStore(connection)
        self.events = EventStore(connection)
        self.wire = WireStore(connection)
        self.happened: list[Happening] = []
        self._options: Options | None = None
        self._quotes: dict[str, Quote] | None = None
        self._wallets: dict[int, Wallet] = {}
        self._accounts: dict[int, Account] = {}

    @property
    def now_ms(self) -> int:
        """Sandbox time in milliseconds since 1970."""
        return self.settings.read_clock()

    @property
    def quotes(self) -> dict[str, Quote]:
        """Current prices by pair."""
        if self._quotes is None:
            self._quotes = self.settings.read_quotes()
        return self._quotes

    @property
    def options(self) -> Options:
        """The options of the sandbox."""
        if self._options is None:
            self._options = read_options(self.settings.read_settings(OPTION_PREFIX))
        return self._options

    def wallet(self, account_id: int) -> Wallet:
        """The balances of an account."""
        if account_id not in self._wallets:
            self._wallets[account_id] = Wallet(self.accounts.read_balances(account_id))
        return self._wallets[account_id]

    def account(self, account_id: int) -> Account:
        """The account with this id, which must exist."""
        if account_id not in self._accounts:
            account = self.accounts.find_account(account_id)
            if account is None:
                raise LookupError(account_id)
            self._accounts[account_id] = account
        return self._accounts[account_id]

    def take_trade_id(self) -> int:
        """Take an id for a new SmartTrade."""
        return self.settings.take_numbers("trade", 1, first=FIRST_TRADE_ID)

    def take_order_ids(self, count: int) -> Sequence[int]:
        """Take a number of ids for new Trade entities, ascending."""
        first = self.settings.take_numbers("order", count, first=FIRST_ORDER_ID)
        return range(first, first + count)

    def find_trade(self, trade_id: int, mode: str) -> SmartTrade | None:
        """Find the trade with this id if it is visible in this mode.

        Source: issue threads of the docs repository on trades that cannot be read back; assumed to be this.
        """
        return self.trades.read_trade(trade_id) if self.trades.has_trade(trade_id, mode) else None

    def save_trade(self, trade: SmartTrade) -> None:
        """Write a trade, the price levels at which it may move, and the time at which its timer ends."""
        self.trades.write_trade(trade, mode=self.account(trade.account_id).mode, due_at_ms=find_timeout(trade))
        pair = PAIRS[trade.pair]
        levels = [(watch.price_type, watch.crossing, watch.count_steps(pair)) for watch in list_levels(trade)]
        self.trades.write_levels(trade.id, trade.pair, levels)

    def settle(self, *, due_only: bool = True) -> list[int]:
        """Let earlier requests take effect.

        Args:
            due_only: Whether intermediate states stay that further reads must still see.

        Returns:
            Ids of the trades that were settled, ascending.
        """
        trade_ids = self.trades.list_unsettled(due_only=due_only)
        for trade_id in trade_ids:
            self.change(trade_id, settle_trade)
        return trade_ids

    def change(
        self, trade_id: int, move: Callable[[SmartTrade, Moment], None], before: Quote | None = None
    ) -> SmartTrade:
        """Move and save a trade, note what happened to it, and return it.

        Args:
            trade_id: The trade, which must exist.
            move: Moves it.
            before: Prices before the tick; None if there is no tick.
        """
        trade = self.trades.read_trade(trade_id)
        snapshot = take_snapshot(trade)
        move(trade, self.moment(trade, before))
        self.save_trade(trade)
        self.happened += list_happenings(snapshot, trade, PAIRS[trade.pair], self.quotes[trade.pair])
        return trade

    def count_read(self, trade: SmartTrade) -> None:
        """Count a read of a trade: its intermediate state lasts one read less."""
        if trade.reads_left is not None:
            trade.reads_left -= 1
            self.save_trade(trade)

    def advance(self, until_ms: int) -> list[int]:
        """Move the clock forward: timers end in their order, then intermediate states pass one stage.

        Args:
            until_ms: Sandbox time in milliseconds since 1970, now or later.

        Returns:
            Ids of the trades that were checked, ascending.
        """
        moved: set[int] = set()
        while (timer := self.trades.find_timer(until_ms)) is not None:
            due_at_ms, trade_id = timer
            self.settings.write_setting(CLOCK, str(max(due_at_ms, self.now_ms)))
            self.change(trade_id, move_trade)
            moved.add(trade_id)
        self.settings.write_setting(CLOCK, str(until_ms))
        moved.update(self.settle(due_only=False))
        return sorted(moved)

    def tick(self, pair: str, quote: Quote) -> list[int]:
        """Set the prices of a pair and move the trades that they reach.

        Args:
            pair: The pair.
            quote: Its new prices.

        Returns:
            Ids of the trades that were checked, ascending.
        """
        before = self.quotes[pair]
        self.quotes[pair] = quote
        self.settings.write_quote(pair, quote)
        reached: set[int] = set()
        for price_type in PriceType:
            reached |= self.trades.list_reached(pair, price_type, count_steps(PAIRS[pair], quote.price(price_type)))
        for trade_id in sorted(reached):
            self.change(trade_id, move_trade, before)
        return sorted(reached)

    def moment(self, trade: SmartTrade, before: Quote | None = None) -> Moment:
        """Return everything that the engine may read to move a trade now.

        Args:
            trade: The trade.
            before: Prices before the tick; None if there is no tick.
        """
        after = self.quotes[trade.pair]

        def take_event(kind: EventKind) -> str | None:
            return self.events.take(kind, trade.id)

        return Moment(
            pair=PAIRS[trade.pair],
            before=before or after,
            after=after,
            wallet=self.wallet(trade.account_id),
            at_ms=self.now_ms,
            options=self.options,
            take_event=take_event,
        )

    def flush(self) -> None:
        """Write the balances that have changed."""
        for account_id, wallet in self._wallets.items():
            changed = wallet.take_changed()
            if changed:
                self.accounts.write_balances(account_id, changed)
