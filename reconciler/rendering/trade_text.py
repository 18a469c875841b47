"""One live trade as text: the trade itself, and the orders below it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.live import LiveTrade
from reconciler.model.orders import STEP_PURPOSE, LiveOrder
from reconciler.rendering.style import Style, printable
from reconciler.rendering.table import Cell, Column, render_table
from reconciler.rendering.terms_text import terms_lines

# The lower a rank, the longer a column stays when the terminal is narrow.
_COLUMNS = (
    Column("STEP", is_number=True),
    Column("ID", rank=3),
    Column("PURPOSE"),
    Column("ORDER", rank=1),
    Column("UNITS", is_number=True),
    Column("PRICE", is_number=True),
    Column("FILLED", rank=2, is_number=True),
    Column("STATUS"),
    Column("CANCELABLE", rank=4),
)


def render_trade(live: LiveTrade) -> str:
    """Write a trade with a line feed at its end: its status, inputs, size and profit, and the actions allowed now."""
    return "\n".join(line.rstrip() for line in _trade_lines(live)) + "\n"


def render_orders(
    orders: Sequence[LiveOrder], live: LiveTrade, style: Style | None = None, width: int | None = None
) -> str:
    """Write the orders of a trade as a table with a line feed at its end; steps have the number that commands take.

    Args:
        orders: In the API's order.
        live: Their trade.
        style: Colours; plain text by default.
        width: Terminal cells of a line; None for all columns.
    """
    numbers = {step.id: place for place, step in enumerate(live.steps, start=1)}
    rows = [[Cell(text) for text in _order_row(order, numbers)] for order in orders]
    return "\n".join(render_table(_COLUMNS, rows, width, style)) + "\n"


def render_entity(entity: object) -> str:
    """Write an answer of the API as JSON; numbers keep their value."""
    return json.dumps(entity, indent=2, default=_write_number) + "\n"


def _trade_lines(live: LiveTrade) -> Iterator[str]:
    marker = live.reading.marker
    name = f"{marker.workspace}/{marker.name}, generation {marker.generation}" if marker else "no marker"
    yield f"#{live.id}  {printable(live.terms.pair)}  {printable(name)}"
    yield f"      status:      {printable(live.status)} ({live.phase.value})"
    if live.error:
        yield f"      error:       {printable(live.error)}"
    yield from terms_lines(live.terms)
    statuses = [f"{place}: {printable(step.status)} ({step.id})" for place, step in enumerate(live.steps, start=1)]
    if statuses:
        yield f"      steps:       {', '.join(statuses)}"
    if live.stop_status:
        yield f"      stop:        {printable(live.stop_status)}"
    yield from _money_lines(live)
    for each in live.unreadable:
        yield f"      unreadable:  {printable(each.problem)}"
    if live.reading.text:
        yield f"      note:        {printable(live.reading.text)}"
    yield f"      allowed now: {', '.join(_allowed_actions(live)) or 'nothing'}"


def _money_lines(live: LiveTrade) -> Iterator[str]:
    base, quote = printable(live.terms.unit), printable(live.terms.quote)
    if live.entered_units:
        average = f" at {plain(live.average_price)} {quote}" if live.average_price is not None else ""
        yield f"      entered:     {plain(live.entered_units)} {base}{average}"
    if live.closed_units:
        yield f"      closed:      {plain(live.closed_units)} {base}"
    if live.profit is not None:
        percent = f" ({plain(live.profit_pct)} %)" if live.profit_pct is not None else ""
        yield f"      profit:      {plain(live.profit)} {quote}{percent}"
    if live.prices is not None:
        prices = live.prices
        yield f"      price now:   {plain(prices.last)} (bid {plain(prices.bid)}, ask {plain(prices.ask)})"


def _allowed_actions(live: LiveTrade) -> list[str]:
    flags = live.flags
    allowed: Mapping[str, bool] = {
        "edit": flags.editable,
        "start": flags.force_start,
        "process": flags.force_process,
        "close": flags.close,
        "cancel": flags.cancel,
        "add-funds": flags.add_funds,
        "reduce-funds": flags.reduce_funds,
    }
    return [name for name, is_allowed in allowed.items() if is_allowed]


def _order_row(order: LiveOrder, numbers: Mapping[int, int]) -> tuple[str, ...]:
    number = numbers.get(order.id)
    return (
        str(number) if number is not None and order.purpose == STEP_PURPOSE else "-",
        str(order.id),
        printable(order.purpose) or "-",
        printable(f"{order.order_type} {order.side}"),
        "-" if order.units is None else plain(order.units),
        "-" if order.price is None else plain(order.price),
        plain(order.filled_units),
        printable(order.status),
        "yes" if order.cancelable else "no",
    )


def _write_number(value: object) -> object:
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else plain(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")
