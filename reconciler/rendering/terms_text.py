"""Terms as text, in the words of a plan file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.terms import Entry, Level, OrderType, Step, StopLoss, Terms
from reconciler.rendering.style import printable


def terms_lines(terms: Terms) -> Iterator[str]:
    """Write all inputs of a trade, one line for each group."""
    yield f"      account_id:  {terms.account_id}"
    yield f"      position:    {describe_entry(terms)}"
    if terms.leverage is not None:
        value = f" {plain(terms.leverage.value)}" if terms.leverage.value is not None else ""
        ignored = " (ignored on a spot pair)" if terms.market.ignores_leverage else ""
        yield f"      leverage:    {terms.leverage.type.value}{value}{ignored}"
    if terms.instant:
        return
    for place, step in enumerate(terms.steps):
        yield f"      take_profit: {describe_step(step)}" if place == 0 else f"                   {describe_step(step)}"
    if not terms.steps:
        yield "      take_profit: none"
    yield f"      stop_loss:   {describe_stop(terms.stop_loss) if terms.stop_loss else 'none'}"


def describe_step(step: Step) -> str:
    """Write one take-profit step."""
    trailing = f", trailing {plain(step.trailing_pct)} %" if step.trailing_pct is not None else ""
    return f"{plain(step.volume_pct)} % {step.order_type.value} at {_level(step.level)}{trailing}"


def describe_entry(terms: Terms) -> str:
    """Write how the position is opened."""
    kind = "own funds: " if terms.skip_enter_step else "instant " if terms.instant else ""
    return f"{kind}{_entry(terms.entry, terms)}"


def _entry(entry: Entry, terms: Terms) -> str:
    size = f"{plain(entry.units)} {printable(terms.unit)}"
    price = f" at {plain(entry.price)}" if entry.price is not None else ""
    condition = entry.condition
    if condition is None:
        return f"{entry.order_type.value} {entry.side.value} {size}{price}"
    trailing = f", trailing {plain(condition.trailing_pct)} %" if condition.trailing_pct is not None else ""
    when = f"when {condition.price_type.value} reaches {plain(condition.price)}{trailing}"
    return f"{condition.order_type.value} {entry.side.value} {size}{price} {when}"


def describe_stop(stop: StopLoss) -> str:
    """Write the stop loss."""
    parts = [f"{stop.order_type.value} at {_level(stop.trigger)}"]
    if stop.order_type is OrderType.LIMIT and stop.limit_price is not None:
        parts.append(f"limit {plain(stop.limit_price)}")
    if stop.trailing_pct is not None:
        parts.append(f"trailing {plain(stop.trailing_pct)} %")
    elif stop.is_trailing:
        parts.append("trailing at a distance that is not stated")
    if stop.timeout_s is not None:
        parts.append(f"after {stop.timeout_s} s")
    if stop.breakeven:
        parts.append("breakeven")
    return ", ".join(parts)


def _level(level: Level) -> str:
    place = plain(level.value) if level.value is not None else f"{plain(level.percent or Decimal(0))} % from the entry"
    return f"{place} ({level.price_type.value})"
