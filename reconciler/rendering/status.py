"""Live trades as a table, one line a trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.live import LiveTrade, Phase
from reconciler.model.numbers import plain
from reconciler.model.specs import TradeSpec
from reconciler.rendering.style import printable

_HEAD = ("TRADE", "ID", "PAIR", "PHASE", "ENTERED", "STEPS", "STOP", "PROFIT")


def render_status(specs: Sequence[TradeSpec], lives: Mapping[str, LiveTrade]) -> str:
    """The table with a line feed at its end.

    Args:
        specs: All trades of the files, in their order.
        lives: Name to live trade, ended ones included; names that are in no file come last.
    """
    named = {spec.name: spec for spec in specs}
    rows: list[tuple[str, ...]] = [_HEAD]
    rows += [_row(spec.name, spec.terms.pair, lives.get(spec.name)) for spec in specs]
    rows += [_row(f"{name} (in no file)", live.terms.pair, live) for name, live in lives.items() if name not in named]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _row(name: str, pair: str, live: LiveTrade | None) -> tuple[str, ...]:
    if live is None:
        return (name, "-", pair, "not opened", "-", "-", "-", "-")
    finished = len(live.finished_steps)
    profit = "-"
    if live.profit is not None:
        percent = f" ({plain(live.profit_pct)} %)" if live.profit_pct is not None else ""
        profit = f"{plain(live.profit)} {live.terms.quote}{percent}"
    return (
        name,
        f"#{live.id}",
        printable(pair),
        f"ended: {printable(live.status)}" if live.phase is Phase.ENDED else live.phase.value,
        f"{plain(live.entered_units)} {printable(live.terms.base)}",
        f"{finished}/{len(live.steps)}" if live.steps else "-",
        printable(live.stop_status) or "-",
        profit,
    )
