"""Every trade has a pair and a position with side, order type and size.

Source: SmartTradesV2 page, create smart trade, annotated JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding, require


def check_required(candidate: Candidate) -> Iterator[Finding]:
    """Find required fields that are missing."""
    yield from require(candidate, "pair", expected="a pair such as USDT_BTC")
    if candidate.get("position") is None:
        yield from require(candidate, "position", expected="a group with type, order_type and units")
        return
    yield from require(candidate, "position", "type", expected="buy or sell")
    yield from require(candidate, "position", "order_type", expected="market, limit or conditional")
    yield from require(candidate, "position", "units", "value", expected="a number such as 0.01")
