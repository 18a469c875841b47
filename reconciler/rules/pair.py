"""A pair is QUOTE_BASE: USDT_BTC is BTC priced in USDT. Most exchanges write it the other way round.

Source: general API information, pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding, warn

# Currencies in which others are priced. Assumed; used for a warning only.
_MONEY = frozenset({"USDT", "USDC", "USD", "BUSD", "FDUSD", "EUR"})


def check_pair(candidate: Candidate) -> Iterator[Finding]:
    """Find a pair whose currencies seem to be swapped."""
    pair = candidate.text("pair") or ""
    quote, _, base = pair.partition("_")
    if base in _MONEY and quote not in _MONEY:
        yield warn(("pair",), f"found {pair}, which is {base} priced in {quote}; did you mean {base}_{quote}?")
