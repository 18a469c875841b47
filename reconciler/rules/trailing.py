"""Trailing needs a distance and a market order; only the last step can trail.

Source: SmartTradesV2 page, "Only for market orders", "required if enabled"; create and edit pages, the trailing of a
stop has `enabled` only; take-profit trailing on the last step: SmartTrade docs,
example with four steps.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.documents import FieldPath
from reconciler.rules.candidate import Candidate, Finding, require


def check_trailing(candidate: Candidate) -> Iterator[Finding]:
    """Find trailing without a distance, or with a limit order; the distance of a stop may be left to the API."""
    for trailing, order_type in _find_trailing(candidate):
        if not candidate.is_on(*trailing, "enabled"):
            continue
        if trailing[0] != "stop_loss":
            yield from require(candidate, *trailing, "percent", expected="the distance in percent")
        if candidate.get(*order_type) == "limit":
            yield Finding(path=trailing, message="found trailing with a limit order, expected order_type: market")


def check_trailing_step(candidate: Candidate) -> Iterator[Finding]:
    """Find trailing on a step that is not the last."""
    for step in candidate.steps[:-1]:
        if candidate.is_on(*step, "trailing", "enabled"):
            yield Finding(path=(*step, "trailing"), message="found trailing, expected it on the last step only")


def _find_trailing(candidate: Candidate) -> Iterator[tuple[FieldPath, FieldPath]]:
    """List each field that may trail, with the order type that it depends on."""
    if candidate.get("position", "order_type") == "conditional":
        condition = ("position", "conditional")
        yield (*condition, "trailing"), (*condition, "order_type")
    for step in candidate.steps:
        yield (*step, "trailing"), (*step, "order_type")
    if candidate.has_stop:
        yield ("stop_loss", "conditional", "trailing"), ("stop_loss", "order_type")
