"""A status report as a table: one line for each trade, and below it what needs a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from reconciler.codec.numbers import plain, round_to
from reconciler.model.live import Phase
from reconciler.model.status import StatusReport, StatusRow, UnmanagedTrade
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Side
from reconciler.rendering.ages import describe_age
from reconciler.rendering.ending_words import ending_title
from reconciler.rendering.freeze_text import freeze_lines
from reconciler.rendering.local_time import format_local
from reconciler.rendering.money import format_money
from reconciler.rendering.risk_text import describe_ratio, total_lines, unknown_lines
from reconciler.rendering.style import Style, printable
from reconciler.rendering.table import Cell, Column, render_table
from reconciler.rendering.unmanaged_text import describe_outside
from reconciler.rendering.words import count_of, name_few

# The lower a rank, the longer a column stays when the terminal is narrow: first what a trade is, then what it can lose.
_COLUMNS = (
    Column("TRADE"),
    Column("ID", rank=12),
    Column("ACCOUNT", rank=14),
    Column("PAIR", rank=2),
    Column("SIDE", rank=1),
    Column("PHASE"),
    Column("AGE", rank=13, is_number=True),
    Column("UNITS", rank=10, is_number=True),
    Column("NOW", rank=5, is_number=True),
    Column("STOP", rank=7),
    Column("LOSS", rank=3, is_number=True),
    Column("NEXT", rank=8),
    Column("P/L", rank=6, is_number=True),
    Column("P/L %", rank=11, is_number=True),
    Column("R", rank=4, is_number=True),
    Column("R/R", rank=9, is_number=True),
    Column("ENDED", rank=15),
)
_NONE = Cell("-")
# Distances are for reading: one digit is enough, and keeps the line short.
_DISTANCE_STEP = Decimal("0.1")
_RATIO_STEP = Decimal("0.01")
_PHASES = {Phase.ENTERING: "waiting", Phase.FILLING: "filling", Phase.OPEN: "open"}
# A long word of the API would push a column out.
_BUSY = {
    TradeStatus.CANCELLATION_PENDING: "cancelling",
    TradeStatus.CANCELLATION_IN_PROGRESS: "cancelling",
    TradeStatus.PANIC_SELL_PENDING: "closing",
    TradeStatus.PANIC_SELL_IN_PROGRESS: "closing",
    TradeStatus.STOP_LOSS_IN_PROGRESS: "stopping out",
    TradeStatus.PENDING_REDUCE_FUNDS: "reducing",
    TradeStatus.REDUCE_FUNDS_IN_PROGRESS: "reducing",
}
# More trades that nothing manages are counted.
_MOST_UNMANAGED = 5


def render_status(report: StatusReport, style: Style | None = None, width: int | None = None) -> str:
    """Write the table with a line feed at its end.

    Args:
        report: The report.
        style: Colours; plain text by default.
        width: Terminal cells of a line; None for all columns.
    """
    style = style or Style()
    quotes = {trade.quote for trade in report.trades if trade.profit is not None or trade.risk is not None}
    names_quote = len(quotes) > 1
    rows = [list(_cells(trade, report, names_quote=names_quote)) for trade in _order(report.trades)]
    _align_distances(rows)
    lines = list(freeze_lines(report.freezes, style))
    lines += render_table(_COLUMNS, rows, width, style)
    lines += _total_lines(report, style)
    lines += total_lines(report.risk, style)
    lines += unknown_lines({row.trade: row.risk.unknown for row in report.trades if row.risk}, style)
    lines += _averaging_lines(report.averaging_not_read, style)
    lines += _unprotected_lines(report.trades, style)
    lines += _passed_lines(report.trades, style)
    lines += _unreadable_lines(report.trades, style)
    lines += _attention_lines(report.trades, style)
    lines += _unmanaged_lines(report.unmanaged, style)
    lines += filter(None, [describe_outside(report.outside)])
    return "\n".join(lines) + "\n"


def _order(trades: Iterable[StatusRow]) -> list[StatusRow]:
    """Put the trades first that nothing protects, then those that need attention; all others stay in their order."""
    return sorted(
        trades,
        key=lambda trade: (
            not (trade.is_stop_lost or trade.is_unprotected or trade.is_stop_passed),
            not trade.attention,
        ),
    )


def _cells(trade: StatusRow, report: StatusReport, *, names_quote: bool) -> Iterator[Cell]:
    account = trade.account_id
    now = report.exchange_now or report.made_at
    is_active = trade.phase not in (None, Phase.ENDED)
    yield Cell(printable(trade.trade))
    yield Cell(f"#{trade.live_id}") if trade.live_id else _NONE
    yield _NONE if account is None else Cell(printable(report.accounts.get(account, str(account))))
    yield Cell(printable(trade.pair) or "-")
    yield Cell(_name_side(trade))
    yield _phase(trade, now)
    yield Cell(describe_age(trade.created_at, now)) if is_active and trade.created_at else _NONE
    yield Cell(f"{plain(trade.held_units)} {printable(trade.base)}") if trade.held_units else _NONE
    yield Cell(plain(trade.price)) if is_active and trade.price is not None else _NONE
    yield _stop(trade)
    yield _loss(trade, names_quote=names_quote)
    yield _next(trade)
    yield from _profit(trade, names_quote=names_quote)
    yield _NONE if trade.r_now is None else Cell(f"{round_to(trade.r_now, _RATIO_STEP):+f}")
    yield _NONE if trade.risk is None else Cell(describe_ratio(trade.risk.reward_risk))
    yield Cell(format_local(trade.ended_at)) if trade.ended_at else _NONE


def _name_side(trade: StatusRow) -> str:
    """Name the side of a trade; the last two work on coins that were held before."""
    if trade.side is None:
        return "-"
    if trade.is_own_funds:
        return "own" if trade.side is Side.BUY else "cover"
    return "long" if trade.side is Side.BUY else "short"


def _phase(trade: StatusRow, now: datetime) -> Cell:
    marked = ("red",) if trade.attention or not trade.has_marker or trade.is_unprotected else ()
    is_past = trade.phase in (None, Phase.ENDED)
    return Cell(_name_phase(trade, now), marked or (("dim",) if is_past else ()))


def _name_phase(trade: StatusRow, now: datetime) -> str:
    """Return the phase of a trade in words: with its age before the entry and after the end, else with its steps."""
    if trade.phase is None:
        return "not opened"
    if trade.phase is Phase.ENDED:
        return printable(ending_title(trade.status)) + _age(trade.ended_at, now)
    if trade.phase is Phase.BUSY:
        return next((words for status, words in _BUSY.items() if status == trade.status), printable(trade.status))
    words = _PHASES[trade.phase]
    if trade.phase is Phase.FILLING and trade.entered_pct is not None:
        return f"{words} {plain(trade.entered_pct)}%"
    if trade.phase is Phase.OPEN:
        return words + (f" {trade.steps_hit}/{trade.steps}" if trade.steps else "")
    return words + _age(trade.created_at, now)


def _age(since: datetime | None, now: datetime) -> str:
    return f" {describe_age(since, now)}" if since else ""


def _stop(trade: StatusRow) -> Cell:
    if trade.is_stop_lost:
        return Cell(f"LOST ({printable(trade.stop_status) or 'no status'})", ("red", "bold"))
    if trade.phase is Phase.FILLING:
        # The exchange places a stop only for a whole entry.
        return Cell("NONE YET", ("red", "bold"))
    if not trade.is_stop_known and trade.phase is not Phase.ENDED:
        return Cell("UNKNOWN", ("red", "bold"))
    if trade.stop is None:
        return Cell(printable(trade.stop_status) or "NONE", ("red", "bold")) if trade.is_unprotected else _NONE
    text = plain(trade.stop) + _distance(trade.stop_distance_pct)
    return Cell(f"{text} PASSED", ("red", "bold")) if trade.is_stop_passed else Cell(text)


def _loss(trade: StatusRow, *, names_quote: bool) -> Cell:
    """Return what is lost if the stop acts; what cannot be known is said, and a gain has its sign."""
    risk = trade.risk
    if risk is None:
        return _NONE
    if not risk.has_stop:
        return Cell("no stop", ("red", "bold")) if risk.is_held else Cell("no stop")
    if risk.loss_at_stop is None:
        return Cell("unknown", ("red", "bold"))
    unit = f" {printable(risk.currency)}" if names_quote else ""
    if risk.locked_in:
        return Cell(f"locks {format_money(risk.locked_in, risk.currency)}{unit}", ("green",))
    return Cell(format_money(risk.loss_at_stop, risk.currency) + unit)


def _next(trade: StatusRow) -> Cell:
    """Return the price of the next event: of the entry before it, of the nearest step after it."""
    if trade.next is None or trade.next_price is None:
        return _NONE
    return Cell(plain(trade.next_price) + _distance(trade.next_distance_pct))


def _distance(percent: Decimal | None) -> str:
    return "" if percent is None else f" {round_to(percent, _DISTANCE_STEP):+f} %"


def _align_distances(rows: list[list[Cell]]) -> None:
    """Align prices to the left and their distances to the right within a column."""
    for place in (index for index, column in enumerate(_COLUMNS) if column.title in ("STOP", "NEXT")):
        parts = [_split(row[place].text) for row in rows]
        prices = max((len(price) for price, distance in parts if distance), default=0)
        distances = max((len(distance) for _, distance in parts), default=0)
        for row, (price, distance) in zip(rows, parts, strict=True):
            if distance:
                row[place] = Cell(f"{price.ljust(prices)}  {distance.rjust(distances)}", row[place].colors)


def _split(text: str) -> tuple[str, str]:
    """Split a price and its distance; what has no distance stays whole."""
    price, _, distance = text.partition(" ")
    return (price, distance) if "%" in distance else (text, "")


def _profit(trade: StatusRow, *, names_quote: bool) -> Iterator[Cell]:
    if trade.profit is None:
        yield from (_NONE, _NONE)
        return
    color = "green" if trade.profit > 0 else "red" if trade.profit < 0 else "dim"
    unit = f" {printable(trade.quote)}" if names_quote else ""
    yield Cell(format_money(trade.profit, trade.quote, is_signed=True) + unit, (color,))
    yield _NONE if trade.profit_pct is None else Cell(f"{round_to(trade.profit_pct, Decimal('0.01')):+f}", (color,))


def _total_lines(report: StatusReport, style: Style) -> Iterator[str]:
    for quote, total in report.totals.items():
        is_open, ended = (format_money(amount, quote, is_signed=True) for amount in (total.open, total.ended))
        yield style.paint(f"P/L {printable(quote)}: {is_open} open, {ended} ended.", "bold")


def _averaging_lines(trades: Sequence[str], style: Style) -> Iterator[str]:
    """Say that it is not known whether averaging orders still wait."""
    if trades:
        named = name_few([printable(trade) for trade in trades], _MOST_UNMANAGED)
        words = f"{named}: averaging orders as sent; reconciler drift shows whether they still wait"
        yield style.paint(words, "yellow")


def _unprotected_lines(trades: Iterable[StatusRow], style: Style) -> Iterator[str]:
    found = [trade for trade in trades if trade.is_unprotected]
    if not found:
        return
    yield style.paint(f"UNPROTECTED {len(found)}: held without an active stop.", "red", "bold")
    for trade in found:
        missing = "no stop" if trade.is_stop_known else "its stop cannot be read"
        why = f"stop {printable(trade.stop_status)}" if trade.stop_status else missing
        yield f"  {printable(trade.trade)}: {plain(trade.held_units)} {printable(trade.base)}, {why}"


def _passed_lines(trades: Iterable[StatusRow], style: Style) -> Iterator[str]:
    """Name the trades whose stop should have acted; a narrow table has no room for their stops."""
    found = [trade for trade in trades if trade.is_stop_passed and trade.stop is not None]
    if not found:
        return
    yield style.paint(f"STOP PASSED {len(found)}: the price is beyond a stop that has not acted.", "red", "bold")
    for trade in found:
        now = "" if trade.price is None else f", last {plain(trade.price)}"
        yield f"  {printable(trade.trade)}: stop {plain(trade.stop or Decimal(0))}{now}"


def _unreadable_lines(trades: Iterable[StatusRow], style: Style) -> list[str]:
    lines: list[str] = []
    for trade in trades:
        if trade.unreadable:
            problems = printable("; ".join(trade.unreadable))
            words = f"{printable(trade.trade)} #{trade.live_id} cannot be read in part: {problems}"
            lines.append(style.paint(words, "yellow"))
    return lines


def _attention_lines(trades: Iterable[StatusRow], style: Style) -> Iterator[str]:
    bad = [trade for trade in trades if trade.attention]
    if bad:
        verb = "needs" if len(bad) == 1 else "need"
        words = f"{count_of(len(bad), 'trade')} {verb} attention: reconciler drift shows why, and what to do."
        yield style.paint(words, "red", "bold")
    for trade in trades:
        marks = [topic.value.replace("_", " ") for topic in trade.attention]
        marks += [] if trade.has_marker else ["marker gone"]
        marks += [] if trade.is_in_file else ["in no file"]
        if marks:
            yield f"  {printable(trade.trade)}: {', '.join(dict.fromkeys(marks))}"


def _unmanaged_lines(trades: tuple[UnmanagedTrade, ...], style: Style) -> Iterator[str]:
    if not trades:
        return
    yield style.paint(f"NOT MANAGED {len(trades)}: to manage them: reconciler import --all", "bold")
    for trade in trades[:_MOST_UNMANAGED]:
        held = f"{plain(trade.held_units)} {printable(trade.base)}" if trade.held_units else "nothing held"
        text = f"  #{trade.live_id}  {printable(trade.pair)}  {held}, {'with stop' if trade.has_stop else 'no stop'}"
        yield text if trade.has_stop else style.paint(text, "red")
    if len(trades) > _MOST_UNMANAGED:
        yield f"  and {len(trades) - _MOST_UNMANAGED} more"
