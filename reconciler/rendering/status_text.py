"""How trades stand, one line a trade."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.live import Phase
from reconciler.model.status import StatusReport, StatusRow
from reconciler.rendering.style import Style, printable
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged

KIND = "reconciler-status"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "1.0"

_HEAD = ("TRADE", "ID", "PAIR", "PHASE", "ENTERED", "STEPS", "PROFIT", "STOP", "NEXT")
_ENDINGS = {
    "finished": "finished",
    "stop_loss_finished": "stopped out",
    "panic_sold": "closed",
    "cancelled": "cancelled",
    "failed": "failed",
}
_MONEY_DIGITS = 8
_Cell = tuple[str, tuple[str, ...]]


def render_status(report: StatusReport, style: Style | None = None) -> str:
    """The table with a line feed at its end.

    Args:
        report: What to show.
        style: Colours; plain when left out.
    """
    paint = (style or Style()).paint
    rows: list[tuple[_Cell, ...]] = [tuple((word, ("bold",)) for word in _HEAD)]
    rows += [tuple(_cells(trade)) for trade in report.trades]
    widths = [max(len(row[column][0]) for row in rows) for column in range(len(_HEAD))]
    lines = [_line(row, widths, style or Style()) for row in rows]
    for quote, total in report.totals.items():
        words = f"Profit in {printable(quote)}: {_money(total.open)} open, {_money(total.ended)} ended."
        lines.append(paint(words, "bold"))
    count = sum(bool(trade.attention) for trade in report.trades)
    if count:
        needs = "1 trade needs" if count == 1 else f"{count} trades need"
        words = f"{needs} attention: reconciler drift says what, and what ends it."
        lines.append(paint(words, "red", "bold"))
    lines += filter(None, [describe_unmanaged(report.unmanaged), describe_outside(report.outside)])
    return "\n".join(lines) + "\n"


def render_status_json(report: StatusReport, *, is_line: bool = False) -> str:
    """The report as a JSON document with a line feed at its end.

    Args:
        report: What to show.
        is_line: Whether it stands on one line.
    """
    document = {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "workspace": report.workspace,
        "target": {"name": report.target, "mode": report.mode},
        "checked_at": _instant(report.made_at),
        "trades": [_write_trade(trade) for trade in report.trades],
        "totals": {
            quote: {"open": plain(total.open), "ended": plain(total.ended)} for quote, total in report.totals.items()
        },
        "requests": report.requests,
        "not_managed": list(report.unmanaged),
        "outside": list(report.outside),
    }
    return json.dumps(document, indent=None if is_line else 2, ensure_ascii=False) + "\n"


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
    marks = [word.replace("_", " ").upper() for word in trade.attention]
    if not trade.has_marker:
        marks.append("marker gone")
    is_past = trade.phase in (None, Phase.ENDED)
    return ", ".join([_place(trade), *marks]), ("red",) if marks else ("dim",) if is_past else ()


def _place(trade: StatusRow) -> str:
    """Where a trade is in its life."""
    if trade.phase is None:
        return "not opened"
    if trade.phase is Phase.ENDED:
        when = f" {trade.ended_at:%Y-%m-%d %H:%M}" if trade.ended_at else ""
        return printable(_ENDINGS.get(trade.status, trade.status)) + when
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
        return f"LOST ({printable(trade.stop_status) or 'without status'})", ("red", "bold")
    if trade.stop is None:
        return "-", ()
    return f"{plain(trade.stop)}{_distance(trade.stop_distance_pct)}", ()


def _next(trade: StatusRow) -> str:
    if not trade.next or trade.next_price is None:
        return "-"
    return f"{trade.next} {plain(trade.next_price)}{_distance(trade.next_distance_pct)}"


def _distance(percent: Decimal | None) -> str:
    return "" if percent is None else f" ({percent:+f} %)"


def _money(amount: Decimal) -> str:
    """An amount with no more digits than exchanges have."""
    return plain(round(amount, _MONEY_DIGITS))


def _write_trade(trade: StatusRow) -> dict[str, object]:
    return {
        "trade": trade.trade,
        "is_in_file": trade.is_in_file,
        "has_marker": trade.has_marker,
        "pair": trade.pair,
        "live_id": trade.live_id,
        "phase": trade.phase.value if trade.phase else "not_opened",
        "status": trade.status or None,
        "entered_units": plain(trade.entered_units),
        "entered_pct": _number(trade.entered_pct),
        "steps_hit": trade.steps_hit,
        "steps": trade.steps,
        "profit": _number(trade.profit),
        "profit_pct": _number(trade.profit_pct),
        "price": _number(trade.price),
        "stop": _number(trade.stop),
        "stop_distance_pct": _number(trade.stop_distance_pct),
        "stop_status": trade.stop_status or None,
        "is_stop_lost": trade.is_stop_lost,
        "next": trade.next or None,
        "next_price": _number(trade.next_price),
        "next_distance_pct": _number(trade.next_distance_pct),
        "ended_at": _instant(trade.ended_at) if trade.ended_at else None,
        "attention": list(trade.attention),
    }


def _number(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _instant(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
