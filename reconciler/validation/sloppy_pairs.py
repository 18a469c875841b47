"""Pairs as exchanges and charts write them: `BTCUSDT`, `BTC/USDT`, `usdt_btc`, `BINANCE:BTCUSDT.P`."""

from __future__ import annotations

import re

# Currencies in which others are priced; used for advice only. The longest first, since a name may end in two of them.
_QUOTES = ("FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR", "TRY", "BRL", "DAI", "BTC", "ETH", "BNB")
# Currencies that are worth about as much as each other.
DOLLARS = frozenset({"FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR"})
_DEFAULT_QUOTE = "USDT"
# Coins that people call by another name.
_COINS = {
    "XBT": "BTC",
    "BITCOIN": "BTC",
    "ETHEREUM": "ETH",
    "ETHER": "ETH",
    "SOLANA": "SOL",
    "DOGECOIN": "DOGE",
    "RIPPLE": "XRP",
    "CARDANO": "ADA",
    "LITECOIN": "LTC",
    "POLKADOT": "DOT",
    "TETHER": "USDT",
}


def turn_pair(text: object) -> str | None:
    """Return the pair that is meant, as a file writes it: `USDT_BTC`; None if it is not clear.

    Args:
        text: A value of a file.
    """
    if not isinstance(text, str):
        return None
    text = text.strip(" \u00a0\u3000\u201c\u201d\u2018\u2019\"';,")
    if not text.isascii():
        return None
    name = re.sub(r"^[A-Z]+:(?=[A-Z0-9]+(\.P)?$)", "", text.upper().lstrip("$#"))
    name = re.sub(r"(?<=[A-Z0-9])(\.P|[-_ ]?PERP(ETUAL)?|[-_ ](SWAP|FUTURES|SPOT|LONG|SHORT)|:[A-Z]{6,})$", "", name)
    name = re.sub(r"(?<=[/_-][A-Z]{3}):[A-Z]+$|(?<=[/_-][A-Z]{4}):[A-Z]+$", "", name)
    parts = [_COINS.get(part, part) for part in re.split(r"[/_\s:.,|>$\\-]+", name) if part]
    if not all(re.fullmatch(r"[A-Z0-9]{1,20}", part) for part in parts):
        return None
    if len(parts) == 2:
        return _join(*parts, is_base_first="_" not in name and parts[0] not in DOLLARS)
    return _split(parts[0]) if len(parts) == 1 else None


def _join(first: str, second: str, *, is_base_first: bool) -> str:
    is_turned = is_base_first or (second in DOLLARS and first not in DOLLARS)
    return f"{second}_{first}" if is_turned else f"{first}_{second}"


def _split(name: str) -> str | None:
    if name.startswith("XBT") and len(name) > len("XBT"):
        name = f"BTC{name.removeprefix('XBT')}"
    for quote in _QUOTES:
        if quote in DOLLARS and name.startswith(quote) and len(name) > len(quote) and not name.endswith(tuple(DOLLARS)):
            return f"{quote}_{name.removeprefix(quote)}"
    for quote in _QUOTES:
        if name.endswith(quote) and len(name) > len(quote):
            return f"{quote}_{name.removesuffix(quote)}"
    return f"{_DEFAULT_QUOTE}_{name}" if name not in DOLLARS and name.isalpha() and len(name) > 1 else None
