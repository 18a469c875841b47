"""The market of a pair, read from its rates or from a live trade.

Source: market data page, instrumentKind; for names, sizes and `quanto_multiplier` recorded answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from reconciler.codec.numbers import is_near, to_decimal
from reconciler.model.markets import Market, MarketKind

# Code of paper accounts. Source: accounts page.
PAPER_MARKET = "paper_trading"
# Parts of the codes of contract markets, and codes without such a part. Source: recorded market lists.
_CONTRACT_WORDS = ("futures", "perpetual", "swap", "coinm", "usdm", "contract")
_CONTRACT_CODES = frozenset({"bybit", "bitmex", "deribit"})
# Settled in the coin whatever the name of the pair.
_INVERSE_CODES = frozenset({"binance_futures_coin", "bybit", "gate_io_btc_perpetual", "bitget_coin_futures"})
_DOLLARS = ("USD", "USDT", "USDC", "BUSD", "BNFCR")
# Markets and names whose recorded trades count coins: total was units times price. Paper accounts imitate the first.
_BY_COINS: Mapping[str, str] = {
    "binance_futures": "{quote}(_[0-9]{{6}})?",
    "bitget_usdt_futures": "{quote}_UMCBL",
    PAPER_MARKET: "{quote}",
}
# Sizes of contracts are 1, 2 or 5 with zeros, and averages, fees and cut totals blur what a trade shows.
_SIZE_DIGITS = Context(prec=1, rounding=ROUND_HALF_EVEN)
_USUAL_DIGITS = ((1,), (2,), (5,))
_BLUR = Decimal("0.005")
_ONE, _TEN = Decimal(1), Decimal(10)


def is_contract_market(code: str) -> bool:
    """Return whether a market code names a contract market."""
    return code in _CONTRACT_CODES or any(word in code for word in _CONTRACT_WORDS)


def read_market(rates: Mapping[str, object], code: str = "", pair: str = "") -> Market:
    """Read the market of a pair from its rates.

    Args:
        rates: The answer of `currency_rates`, with leverage data or without.
        code: Market code of the account; empty if it is not known.
        pair: QUOTE_BASE; empty if it is not known.
    """
    word = rates.get("instrumentKind")
    size = _read_size(rates.get("quanto_multiplier"))
    kind = _find_kind(word if isinstance(word, str) else "", code, pair)
    if kind is MarketKind.UNTOLD and size is not None:
        kind = _find_contract_kind("", code, pair)
    if kind in (MarketKind.UNTOLD, MarketKind.SPOT):
        return Market(kind=kind)
    size = size if size is not None else _find_usual_size(kind, code, pair)
    return Market(kind=kind, unit_size=size if _is_paid_in_quote(kind, pair) else None)


def infer_market(entity: Mapping[str, object], *, has_leverage: bool) -> Market:
    """Infer the market of a live trade from its name, its account, and from what its size costs.

    Args:
        entity: The SmartTrade; a field that cannot be read says nothing.
        has_leverage: Whether it has leverage, which only contracts have.
    """
    code, pair = _text(entity, "account", "type"), _text(entity, "pair")
    kind = _find_kind("", code, pair)
    shares = list(_find_shares(entity))
    if kind is MarketKind.UNTOLD and (has_leverage or (shares and all(map(_is_far_from_one, shares)))):
        kind = _find_contract_kind("", code, pair)
    if kind is MarketKind.UNTOLD:
        return Market()
    sizes = [_round_size(total, price, kind) for total, price in _find_costs(entity)]
    size = sizes[0] if sizes else _find_usual_size(kind, code, pair)
    return Market(kind=kind, unit_size=size if _is_paid_in_quote(kind, pair) else None)


def _find_kind(word: str, code: str, pair: str) -> MarketKind:
    if word == MarketKind.SPOT:
        return MarketKind.SPOT
    if word or is_contract_market(code) or _is_named_inverse(pair):
        return _find_contract_kind(word, code, pair)
    return MarketKind.UNTOLD


def _find_contract_kind(word: str, code: str, pair: str) -> MarketKind:
    is_inverse = "inverse" in word or code in _INVERSE_CODES or _is_named_inverse(pair)
    return MarketKind.INVERSE if is_inverse else MarketKind.LINEAR


def _is_named_inverse(pair: str) -> bool:
    """Return whether the base repeats the quote: `BTC_BTCUSD_PERP` is paid in Bitcoin."""
    quote, _, base = pair.partition("_")
    rest = base.removeprefix(quote)
    return quote not in _DOLLARS and rest != base and re.match(r"[_-]?USD", rest) is not None


def _is_paid_in_quote(kind: MarketKind, pair: str) -> bool:
    """Return whether a pair is paid in its quote currency; `USD_BTCUSD_PERP` is paid in Bitcoin."""
    return kind is not MarketKind.INVERSE or pair.partition("_")[0] not in _DOLLARS


def _find_usual_size(kind: MarketKind, code: str, pair: str) -> Decimal | None:
    quote, _, base = pair.partition("_")
    ending = _BY_COINS.get(code)
    if kind is not MarketKind.LINEAR or ending is None:
        return None
    return _ONE if re.fullmatch(f"[A-Z0-9]+{ending.format(quote=re.escape(quote))}", base) else None


def _read_size(value: object) -> Decimal | None:
    """Read the size of a contract; zero and what is not a number name none."""
    try:
        size = to_decimal(value)
    except ValueError:
        return None
    return size if size > 0 else None


def _find_shares(entity: Mapping[str, object]) -> Iterator[Decimal]:
    """Find how many coins one unit is, by what was paid."""
    for total, price in _find_costs(entity):
        yield total / price


def _find_costs(entity: Mapping[str, object]) -> Iterator[tuple[Decimal, Decimal]]:
    """Find the cost of one unit, and the price that belongs to it."""
    places = (
        (("position", "total", "value"), ("position", "units", "value"), ("position", "price", "value")),
        (("data", "entered_total"), ("data", "entered_amount"), ("data", "average_enter_price")),
    )
    for place in places:
        total, units, price = (_number(entity, *path) for path in place)
        if total and units and price:
            yield total / units, price


def _is_far_from_one(share: Decimal) -> bool:
    # Only a contract costs a tenth or the tenfold of its price: fees and partial fills explain less.
    return share <= _ONE / _TEN or share >= _TEN


def _round_size(total: Decimal, price: Decimal, kind: MarketKind) -> Decimal | None:
    exact = total * price if kind is MarketKind.INVERSE else total / price
    rounded = _SIZE_DIGITS.plus(exact)
    is_usual = rounded.as_tuple().digits in _USUAL_DIGITS
    return rounded.normalize() if is_usual and is_near(exact, rounded, _BLUR) else None


def _number(entity: Mapping[str, object], *path: str) -> Decimal | None:
    try:
        number = to_decimal(_find(entity, *path))
    except (ValueError, InvalidOperation):
        return None
    return number if number > 0 else None


def _text(entity: Mapping[str, object], *path: str) -> str:
    value = _find(entity, *path)
    return value if isinstance(value, str) else ""


def _find(value: object, *path: str) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
