"""The facts of a trade that a hint calculates with, as far as its file states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import plain, to_decimal
from reconciler.loading.sloppy_numbers import read_sloppy_number, shorten
from reconciler.model.documents import Document, FieldPath
from reconciler.validation.sloppy_pairs import turn_pair

_BUY_WORDS = frozenset({"buy", "long", "b", "bid", "call", "bullish"})
_SELL_WORDS = frozenset({"sell", "short", "s", "ask", "put", "bearish"})
_ENTRY_KEYS = ("entry", "entry_price", "limit", "limit_price", "buy_price", "price")


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFacts:
    """A trade that may be wrong in every way.

    Attributes:
        trade: Its fields as they are written.
        defaults: The defaults of its file.
    """

    trade: Mapping[str, object]
    defaults: Mapping[str, object]

    @classmethod
    def find(cls, document: Document, path: FieldPath) -> TradeFacts:
        """Find the trade that a field belongs to; it is empty for a field of no trade."""
        trades, defaults = document.root.get("trades"), _group(document.root.get("defaults"))
        is_in_trade = len(path) > 1 and path[0] == "trades" and isinstance(trades, Mapping)
        trade = _group(trades.get(path[1])) if is_in_trade and isinstance(trades, Mapping) else {}
        spelled = {re.sub(r"[\s-]+", "_", key.strip().lower()): value for key, value in trade.items()}
        return cls(trade={**spelled, **trade}, defaults=defaults)

    @property
    def pair(self) -> str | None:
        """The pair, also if it is written in another form."""
        written = self.trade.get("pair", self.trade.get("symbol", self.defaults.get("pair")))
        if isinstance(written, str) and written.count("_") and written == written.upper():
            return written
        return turn_pair(written)

    @property
    def quote(self) -> str:
        """The currency of the prices, or words for it."""
        return self.pair.split("_")[0] if self.pair else "the quote currency"

    @property
    def base(self) -> str:
        """The currency of the units, or words for it."""
        return self.pair.split("_", 1)[1] if self.pair else "the base currency"

    @property
    def side(self) -> str | None:
        """`buy` or `sell`."""
        return read_side(self._position("type") or self.trade.get("side") or self.trade.get("type"))

    @property
    def entry_price(self) -> Decimal | None:
        """The price at which the entry fills."""
        trigger = _group(self._position("conditional")).get("price")
        named = (where.get(key) for where in (_group(self.trade.get("position")), self.trade) for key in _ENTRY_KEYS)
        candidates = [self._position("price"), trigger, *named]
        return next((number for number in map(read_number, candidates) if number is not None and number > 0), None)

    @property
    def stop_price(self) -> Decimal | None:
        """The trigger of the stop."""
        stop = _group(self.trade.get("stop_loss"))
        candidates = (_group(stop.get("conditional")).get("price"), stop.get("price"))
        return next((number for number in map(read_number, candidates) if number is not None and number > 0), None)

    @property
    def leverage(self) -> Decimal | None:
        """The factor of the leverage."""
        written = self.trade.get("leverage")
        return read_number(written["value"] if isinstance(written, Mapping) and "value" in written else written)

    def level_in_percent(self, percent: Decimal, *, is_profit: bool) -> Decimal | None:
        """Return the price of a level that is given as a distance from the entry; None if entry or side are not known.

        Args:
            percent: The distance; its sign does not count.
            is_profit: Whether the level is a take profit, and not a stop.
        """
        if self.entry_price is None or self.side is None:
            return None
        is_above = (self.side == "buy") is is_profit
        return self.entry_price * (1 + (abs(percent) if is_above else -abs(percent)) / 100)

    def size_in_units(self, amount: Decimal) -> str:
        """Return the line for a size that is given in the quote currency, and how it was calculated.

        Args:
            amount: What the position costs, in the quote currency.
        """
        price = self.entry_price
        if price is None:
            return f"units are in {self.base}: divide {plain(amount)} {self.quote} by the price, and write units: 0.01"
        units = shorten(amount / price)
        return f"{plain(amount)} {self.quote} at {plain(price)} are {units} {self.base}: write units: {units}"

    def _position(self, key: str) -> object:
        position, default = _group(self.trade.get("position")), _group(self.defaults.get("position"))
        return position.get(key, default.get(key))


def read_side(word: object) -> str | None:
    """Return `buy` or `sell` for a word for it; None for any other value."""
    spelled = word.strip().lower() if isinstance(word, str) else ""
    return "buy" if spelled in _BUY_WORDS else "sell" if spelled in _SELL_WORDS else None


def read_number(value: object) -> Decimal | None:
    """Return a number that is written in any form, or in a group as its `value`."""
    if isinstance(value, Mapping):
        value = value.get("value")
    try:
        return to_decimal(value)
    except ValueError:
        sloppy = read_sloppy_number(value)
        return sloppy.value if sloppy is not None and sloppy.unit != "%" else None


def _group(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
