"""An own-funds trade (Smart Sell, Smart Buy) starts with a position that is already held, at its own average price.

Source: SmartTradesV2 page, skip_enter_step and "price for Smart Sell"; its example has a market entry. Assumed: a
conditional entry makes no sense, since no entry order is placed.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding, require


def check_own_funds(candidate: Candidate) -> Iterator[Finding]:
    """Find an own-funds trade without its average price, or with a trigger."""
    if not candidate.is_on("skip_enter_step") or candidate.get("position") is None:
        return
    yield from require(
        candidate, "position", "price", "value", expected="your own average price, as skip_enter_step is true"
    )
    if candidate.get("position", "order_type") == "conditional":
        message = "found conditional at an own-funds trade, which places no entry order; expected market"
        yield Finding(path=("position", "order_type"), message=message)
