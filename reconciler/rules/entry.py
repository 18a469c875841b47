"""A limit entry has a price, a conditional one a trigger, and no other entry has a trigger.

Source: SmartTradesV2 page, position.price and position.conditional.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding, require


def check_entry(candidate: Candidate) -> Iterator[Finding]:
    """Find an entry that lacks what its order type needs."""
    if candidate.rests_at_limit and not candidate.is_on("skip_enter_step"):
        yield from require(candidate, "position", "price", "value", expected="the limit price")
    order_type = candidate.get("position", "order_type")
    if order_type == "conditional":
        yield from _check_condition(candidate)
    elif order_type is not None and candidate.get("position", "conditional") is not None:
        message = (
            f"found a trigger, but order_type is {order_type}, so the order would not wait for it; "
            "expected order_type: conditional, or no trigger"
        )
        yield Finding(path=("position", "conditional"), message=message)


def _check_condition(candidate: Candidate) -> Iterator[Finding]:
    if candidate.get("position", "conditional") is None:
        yield from require(candidate, "position", "conditional", expected="a group with price and order_type")
        return
    yield from require(candidate, "position", "conditional", "price", "value", expected="the trigger price")
    yield from require(candidate, "position", "conditional", "order_type", expected="market or limit")
