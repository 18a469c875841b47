"""A status report as a table: one line for each trade."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.live import Phase
from reconciler.model.status import StatusReport, StatusRow
from reconciler.rendering.ending_words import ending_title
from reconciler.rendering.style import Style, printable
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.words import count_of

_HEAD = ("TRADE", "ID", "PAIR", "PHASE", "ENTERED", "STEPS", "PROFIT", "STOP", "NEXT")
# Exchanges have no more digits.
_MONEY_DIGITS = 8
_Cell = tuple[str, tuple[str, ...]]


def render_status(report: StatusReport, style: Style | None = None) -> str:
    """Write the table with a line feed at its end.

    Args:
        report: The report.
        style: Colours; plain text by default.
    """
    paint = (style or Style()).paint
    rows: list[tuple[_Cell, ...]] = [tuple((word, ("bold",)) for word in _HEAD)]
    rows += [tuple(_cells(trade)) for trade in report.trades]
    widths = [max(len(row[column][0]) for row in rows) for column in range(len(_HEAD))]
    lines = [_line(row, widths, style or Style()) for row in rows]
    for quote, total in report.totals.items():
        words = f"Profit in {printable(quote)}: {_money(total.open)} open, {_money(total.ended)} ended."
        lines.append(paint(words, "bold"))
    for trade in report.trades:
        if trade.unreadable:
            problems = printable("; ".join(trade.unreadable))
            words = f"{printable(trade.trade)} #{trade.live_id} cannot be read in part: {problems}"
            lines.append(paint(words, "yellow"))
    count = sum(bool(trade.attention) for trade in report.trades)
    if count:
        verb = "needs" if count == 1 else "need"
        words = f"{count_of(count, 'trade')} {verb} attention: reconciler drift shows why, and what to do."
        lines.append(paint(words, "red", "bold"))
    lines += filter(None, [describe_unmanaged(report.unmanaged), describe_outside(report.outside)])
    return "\n".join(lines) + "\n"


def _line(row: tuple[_Cell, ...], widths: list[int], style: Style) -> str:
    last = max((place for place, (text, _) in enumerate(row) if text), default=0)
    cells = (
        style.paint(text, *names) + " " * (width - len(text) if place < last else 0)
        for place, ((text, names), width) in enumerate(zip(row, widths, strict=True))
        if place <= last
    )
    return "  ".join(cells)


def _cells(trade: StatusRow) -> Iterator[_Cell]:
    yield printable(trade.trade) + ("" if trade.is_in_file else " (in no file)"), ()
    yield f"#{trade.live_id}" if trade.live_id else "-", ()
    yield printable(trade.pair), ()
    yield _phase(trade)
    yield _entered(trade), ()
    yield f"{trade.steps_hit}/{trade.steps}" if trade.steps else "-", ()
    yield _profit(trade)
    yield _stop(trade)
    yield _next(trade), ()


def _phase(trade: StatusRow) -> _Cell:
    marks = [topic.value.replace("_", " ").upper() for topic in trade.attention]
    if not trade.has_marker:
        marks.append("marker gone")
    is_past = trade.phase in (None, Phase.ENDED)
    return ", ".join([_life_phase(trade), *marks]), ("red",) if marks else ("dim",) if is_past else ()


def _life_phase(trade: StatusRow) -> str:
    """Return the phase of a trade in words."""
    if trade.phase is None:
        return "not opened"
    if trade.phase is Phase.ENDED:
        when = f" {trade.ended_at:%Y-%m-%d %H:%M}" if trade.ended_at else ""
        return printable(ending_title(trade.status)) + when
    return printable(trade.status) if trade.phase is Phase.BUSY else trade.phase.value


def _entered(trade: StatusRow) -> str:
    if not trade.entered_units:
        return "-"
    share = f"{plain(trade.entered_pct)} %, " if trade.entered_pct is not None else ""
    return f"{share}{plain(trade.entered_units)} {printable(trade.base)}"


def _profit(trade: StatusRow) -> _Cell:
    if trade.profit is None:
        return "-", ()
    percent = f" ({plain(trade.profit_pct)} %)" if trade.profit_pct is not None else ""
    color = "green" if trade.profit > 0 else "red" if trade.profit < 0 else "dim"
    return f"{_money(trade.profit)} {printable(trade.quote)}{percent}", (color,)


def _stop(trade: StatusRow) -> _Cell:
    if trade.is_stop_lost:
        return f"LOST ({printable(trade.stop_status) or 'no status'})", ("red", "bold")
    if trade.phase is Phase.FILLING:
        # The exchange places a stop only for a whole entry.
        return "NONE YET", ("yellow",)
    if trade.stop is None:
        return "-", ()
    return f"{plain(trade.stop)}{_distance(trade.stop_distance_pct)}", ()


def _next(trade: StatusRow) -> str:
    if trade.next is None or trade.next_price is None:
        return "-"
    return f"{trade.next.value} {plain(trade.next_price)}{_distance(trade.next_distance_pct)}"


def _distance(percent: Decimal | None) -> str:
    return "" if percent is None else f" ({percent:+f} %)"


def _money(amount: Decimal) -> str:
    """Write an amount with no more digits than exchanges have."""
    return plain(round(amount, _MONEY_DIGITS))
