"""A stop or step on the wrong side of the entry price would fire as soon as the trade is open.

A warning, since a trader may want this. It is checked only if the file says at what price the entry fills. An own-funds
trade may well have a stop above its average price.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.rules.candidate import Candidate, Finding, warn


def check_fires_at_once(candidate: Candidate) -> Iterator[Finding]:
    """Find stops and steps that the entry price has already passed."""
    prices = _find_entry_prices(candidate)
    side = candidate.get("position", "type")
    if not prices or side not in ("buy", "sell"):
        return
    is_long = side == "buy"
    trigger = candidate.number("stop_loss", "conditional", "price", "value")
    if (
        candidate.has_stop
        and trigger is not None
        and all((trigger >= p) if is_long else (trigger <= p) for p in prices)
    ):
        message = _describe("stop", trigger, prices, is_long=is_long, is_above=is_long)
        yield warn(("stop_loss", "conditional", "price", "value"), message, is_about_entry=True)
    for step in candidate.steps:
        level = candidate.number(*step, "price", "value")
        if level is not None and all((level <= p) if is_long else (level >= p) for p in prices):
            message = _describe("step", level, prices, is_long=is_long, is_above=not is_long)
            yield warn((*step, "price", "value"), message, is_about_entry=True)


def _find_entry_prices(candidate: Candidate) -> list[Decimal]:
    """Find the prices between which the entry fills; none if they depend on the market."""
    order_type = candidate.get("position", "order_type")
    is_trailing = candidate.is_on("position", "conditional", "trailing", "enabled")
    if candidate.is_on("skip_enter_step") or order_type not in ("limit", "conditional") or is_trailing:
        return []
    limit = candidate.number("position", "price", "value") if candidate.rests_at_limit else None
    trigger = candidate.number("position", "conditional", "price", "value") if order_type == "conditional" else None
    return [price for price in (limit, trigger) if price is not None]


def _describe(what: str, level: Decimal, prices: list[Decimal], *, is_long: bool, is_above: bool) -> str:
    entry = plain(max(prices) if is_above else min(prices))
    where = "at or above" if is_above else "at or below"
    side = "long" if is_long else "short"
    return (
        f"found the {what} at {plain(level)}, {where} the entry at {entry}: in this {side} trade it would fire at once"
    )
