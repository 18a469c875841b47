"""Pairs as exchanges and charts write them: `BTCUSDT`, `BTC/USDT`, `usdt_btc`, `BINANCE:BTCUSDT.P`."""

from __future__ import annotations

import re

# Currencies in which others are priced; used for advice only. The longest first, since a name may end in two of them.
_QUOTES = ("FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR", "TRY", "BRL", "DAI", "BTC", "ETH", "BNB")
_DOLLARS = frozenset({"FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR"})
_DEFAULT_QUOTE = "USDT"


def turn_pair(text: object) -> str | None:
    """Return the pair that is meant, as a file writes it: `USDT_BTC`; None if it is not clear.

    Args:
        text: A value of a file.
    """
    if not isinstance(text, str):
        return None
    text = text.strip(" \u201c\u201d\u2018\u2019\"'")
    if not text.isascii():
        return None
    name = re.sub(r"^[A-Z]+:(?=[A-Z0-9]+(\.P)?$)", "", text.upper().lstrip("$#"))
    name = re.sub(r"(\.P|:[A-Z]+)$", "", name)
    parts = [part for part in re.split(r"[/_\s-]+", name) if part]
    if not all(re.fullmatch(r"[A-Z0-9]{1,20}", part) for part in parts):
        return None
    if len(parts) == 2:
        return _join(*parts, is_base_first="_" not in name and parts[0] not in _DOLLARS)
    return _split(parts[0]) if len(parts) == 1 else None


def _join(first: str, second: str, *, is_base_first: bool) -> str:
    is_turned = is_base_first or (second in _DOLLARS and first not in _DOLLARS)
    return f"{second}_{first}" if is_turned else f"{first}_{second}"


def _split(name: str) -> str | None:
    for quote in _QUOTES:
        if (
            quote in _DOLLARS
            and name.startswith(quote)
            and len(name) > len(quote)
            and not name.endswith(tuple(_DOLLARS))
        ):
            return f"{quote}_{name.removeprefix(quote)}"
    for quote in _QUOTES:
        if name.endswith(quote) and len(name) > len(quote):
            return f"{quote}_{name.removesuffix(quote)}"
    return f"{_DEFAULT_QUOTE}_{name}" if name not in _DOLLARS and name.isalpha() and len(name) > 1 else None
