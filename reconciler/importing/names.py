"""Names for trades that have none yet."""

from __future__ import annotations

import re
from collections.abc import Collection

_NAME_CHARS = 48
_UNFIT = re.compile(r"[^a-z0-9._-]+")


def make_name(pair: str, live_id: int, taken: Collection[str]) -> str:
    """Make a readable, unique name: `btc-usdt-30428625`.

    Args:
        pair: QUOTE_BASE.
        live_id: SmartTrade id.
        taken: Names that are in use.
    """
    quote, _, base = (part.lower() for part in pair.partition("_"))
    # The base of a contract names both currencies: USDT_BTCUSDT.
    words = base if not quote or (quote in base and base != quote) else f"{base}-{quote}"
    stem = _UNFIT.sub("-", words).strip("-._") or "trade"
    number = 1
    while True:
        ending = f"-{live_id}" if number == 1 else f"-{live_id}-{number}"
        name = stem[: _NAME_CHARS - len(ending)] + ending
        if name not in taken:
            return name
        number += 1
