"""Prices that the API ignores, although a reader of the file would expect an effect.

Source: SmartTradesV2 page: position.price "uses for limit orders or price for Smart Sell", stop_loss.price "required
only for limit order_type".
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding, warn


def check_ignored(candidate: Candidate) -> Iterator[Finding]:
    """Find a price at a market entry or a market stop."""
    has_price = candidate.get("position", "price") is not None
    order_type = candidate.get("position", "order_type")
    if order_type == "conditional":
        order_type = candidate.get("position", "conditional", "order_type")
    is_market = order_type == "market"
    if has_price and is_market and not candidate.is_on("skip_enter_step"):
        message = "found a price at a market entry, which the API ignores; expected none, or a limit order"
        yield warn(("position", "price"), message)
    has_trigger = candidate.get("stop_loss", "conditional") is not None
    is_market_stop = candidate.has_stop and has_trigger and candidate.get("stop_loss", "order_type") == "market"
    if is_market_stop and candidate.get("stop_loss", "price") is not None:
        message = "found a limit price at a market stop, which the API ignores; the trigger is conditional.price"
        yield warn(("stop_loss", "price"), message)
