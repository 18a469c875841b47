"""The two names that a market may have for one contract.

Source: recorded lists of pairs: a market of USDT contracts lists `USDT_BTCUSDT` and `USDT_BTC`, one of coin contracts
`BTC_BTCUSD_PERP`, `USD_BTCUSD_PERP` and `USD_BTC`. Contracts with a date of delivery have one name.
"""

from __future__ import annotations

from functools import lru_cache

_PERPETUAL = "_PERP"
# Currency in which coin contracts are quoted, whatever they are settled in.
_COIN_QUOTE = "USD"
# Plans ask for the same few pairs again and again.
_KEPT_NAMES = 4096


@lru_cache(maxsize=_KEPT_NAMES)
def contract_of(pair: str) -> str:
    """Return one name for all names of a contract; the pair itself if it has no other.

    Args:
        pair: Name of a pair, such as USDT_BTC. All names are of one account, which is of one market.
    """
    quote, _, base = pair.partition("_")
    if base.endswith(_PERPETUAL):
        coin = base.removesuffix(_PERPETUAL).removesuffix(_COIN_QUOTE)
        is_coin = base == f"{coin}{_COIN_QUOTE}{_PERPETUAL}" and quote in (coin, _COIN_QUOTE)
        return f"{_COIN_QUOTE}_{coin}" if coin and is_coin else pair
    short = base.removesuffix(quote) if quote else base
    return f"{quote}_{short}" if short else pair


def is_same_contract(one: str, other: str) -> bool:
    """Return whether two names of one market mean the same contract."""
    return one == other or contract_of(one) == contract_of(other)
