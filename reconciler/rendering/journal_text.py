"""The journal as text."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from reconciler.codec.reasons import read_reason
from reconciler.model.journal import Intent
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.rendering.local_time import format_local_second
from reconciler.rendering.reasons import describe, find_code
from reconciler.rendering.style import Style, printable
from reconciler.rendering.table import Cell, Column, render_table
from reconciler.rendering.words import count_of

Row = Mapping[str, object]
# The lower a rank, the longer a column stays when the terminal is narrow.
_RUN_COLUMNS = (
    Column("RUN", is_number=True),
    Column("LOCAL TIME"),
    Column("DONE", is_elastic=True),
    Column("TRADES", is_elastic=True),
    Column("OUTCOME"),
    Column("BY", rank=2),
    Column("COMMIT", rank=1),
)
_TRADE_COLUMNS = (
    Column("RUN", is_number=True),
    Column("LOCAL TIME"),
    Column("DONE"),
    Column("ID"),
    Column("OUTCOME"),
    Column("", is_elastic=True),
)
_GOOD = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)
_DONE: Mapping[str, str] = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.REPLACE: "replaced",
    Action.CANCEL: "cancelled",
    Action.CANCEL_STEP: "step cancelled",
    Action.CLOSE: "closed",
    Action.SET_NOTE: "note written",
    Action.RELEASE: "released",
    Action.ADD_FUNDS: "funds added",
    Action.CANCEL_AVERAGING: "averaging cancelled",
    Action.START: "started",
    Action.PROCESS: "processed",
    Action.REDUCE_FUNDS: "funds reduced",
    Action.NOTE: "note written",
    Action.CLOSE_STEP: "step closed",
    Action.CANCEL_ORDER: "order cancelled",
}
# As many characters as git shows of a commit.
_COMMIT_CHARS = 7


def render_runs(
    runs: Sequence[Row],
    outcomes: Sequence[Row],
    unresolved: Sequence[Row],
    lock: str,
    *,
    is_over: bool = False,
    style: Style | None = None,
    width: int | None = None,
) -> str:
    """Write a table of the runs, then the requests that are not settled, then the holder of the lock.

    Args:
        runs: The runs, oldest first.
        outcomes: How their operations ended.
        unresolved: Requests whose effect is not known.
        lock: The holder of the lock, or empty.
        is_over: Whether that run has died or its lock has expired, so that the next run takes the lock.
        style: Colours; plain text by default.
        width: Terminal cells of a line of the table; None for all columns.
    """
    by_run: dict[object, list[Row]] = defaultdict(list)
    for outcome in outcomes:
        by_run[outcome["run"]].append(outcome)
    rows = [_run_cells(run, by_run[run["run"]]) for run in runs]
    lines = render_table(_RUN_COLUMNS, rows, width, style) if rows else ["No run yet."]
    if unresolved:
        lines += ["", "It is not known whether these requests had an effect. The next apply checks what it can:"]
        lines += [_render_request(request) for request in unresolved]
        lines.append("To settle one by hand: reconciler journal resolve ID --as applied, or --as failed")
    if lock:
        words = "Ended without a result, the next apply takes over" if is_over else "In progress"
        lines += ["", f"{words}: {printable(lock)}"]
    return "\n".join(lines)


def render_trade_history(
    trade: str, outcomes: Sequence[Row], style: Style | None = None, width: int | None = None
) -> str:
    """Write a table of what was done to one trade, oldest first.

    Args:
        trade: Its name.
        outcomes: How the operations on it ended.
        style: Colours; plain text by default.
        width: Terminal cells of a line; None for all columns.
    """
    if not outcomes:
        return f"Nothing was done to {printable(trade)} yet."
    rows = [
        [
            Cell(str(outcome["run"])),
            Cell(format_local_second(str(outcome["ended_at"]))),
            Cell(_count_one(outcome)),
            Cell(f"#{outcome['live_id']}" if outcome["live_id"] else "-"),
            _outcome_cell([outcome]),
            Cell(printable(describe_text(outcome["text"])) if outcome["text"] else ""),
        ]
        for outcome in outcomes
    ]
    return "\n".join(render_table(_TRADE_COLUMNS, rows, width, style))


def render_unresolved(unresolved: Sequence[Intent]) -> str:
    """Say of how many requests it is not known what became of them."""
    names = printable(", ".join(sorted({intent.write.trade for intent in unresolved})))
    return (
        f"An earlier run never got the result of {len(unresolved)} of its requests ({names}); apply settles that"
        " first: reconciler journal show"
    )


def render_run(run: Row, requests: Sequence[Row], operations: Sequence[Row]) -> str:
    """Write a run with its requests and the outcomes of its operations."""
    lines = [_render_run(run), f"  plan {run['plan_digest']}, git commit {run['git_commit'] or 'none'}"]
    lines += [line for line in (_render_origin(run),) if line]
    lines += [_render_request(request) for request in requests]
    lines += [_render_operation(operation) for operation in operations]
    return "\n".join(lines)


def _run_cells(run: Row, outcomes: Sequence[Row]) -> list[Cell]:
    outcome = _outcome_cell(outcomes)
    if not run["ended_at"]:
        outcome = Cell("did not end", ("red",))
    elif not outcomes:
        outcome = Cell("nothing done")
    commit = str(run["git_commit"] or "")
    return [
        Cell(str(run["run"])),
        Cell(format_local_second(str(run["started_at"]))),
        Cell(_count_all(outcomes) or "-"),
        Cell(", ".join(dict.fromkeys(printable(str(each["trade"])) for each in outcomes)) or "-"),
        outcome,
        Cell(printable(str(run.get("actor") or run["holder"]))),
        Cell(printable(commit[:_COMMIT_CHARS]) or "-"),
    ]


def _count_all(outcomes: Sequence[Row]) -> str:
    """Count what was done, and what failed, each by its kind: `3 created, 1 close failed`."""
    counts = Counter(_describe_done(outcome) for outcome in outcomes)
    return ", ".join(f"{count} {words}" for words, count in counts.items())


def _count_one(outcome: Row) -> str:
    return printable(_describe_done(outcome))


def _describe_done(outcome: Row) -> str:
    action = str(outcome["action"])
    words = action.replace("_", " ")
    return _DONE.get(action, words) if outcome["outcome"] in _GOOD else words


def _outcome_cell(outcomes: Sequence[Row]) -> Cell:
    bad = Counter(str(each["outcome"]) for each in outcomes if each["outcome"] not in _GOOD)
    if not bad:
        return Cell("ok", ("green",))
    is_single = len(outcomes) == 1
    words = ", ".join(word if is_single else f"{count} {word}" for word, count in bad.items())
    return Cell(printable(words.replace("_", " ")), ("red",))


def _render_run(run: Row) -> str:
    begin, end = (format_local_second(str(run[name] or "")) for name in ("started_at", "ended_at"))
    operations = run["operations"]
    count = count_of(operations, "operation") if isinstance(operations, int) else f"{operations} operations"
    ending = f"ended {end}" if end else "did not end"
    return printable(f"run {run['run']}: started {begin}, {ending}, {count}, by {run['holder']}")


def _render_origin(run: Row) -> str:
    """Say for whom a run worked, and in which job; empty if that is not known."""
    change = str(run.get("pull_request") or "")
    parts = [run.get("actor"), f"pull request {change}" if change.isdecimal() else change, run.get("run_url")]
    shown = ", ".join(str(part) for part in parts if part)
    return printable(f"  for {shown}") if shown else ""


def _render_request(request: Row) -> str:
    text = f": {describe_text(request['text'])}" if request["text"] else ""
    live_id = f" #{request['live_id']}" if request["live_id"] else ""
    sent_at = format_local_second(str(request["intended_at"]))
    return printable(
        f"  request {request['request']} of run {request['run']}, {sent_at}: {request['method']}"
        f" {request['path']} ({request['kind']} of {request['trade']}#{request['generation']}{live_id}):"
        f" {request['state']}{text}"
    )


def _render_operation(operation: Row) -> str:
    text = f": {describe_text(operation['text'])}" if operation["text"] else ""
    live_id = f" #{operation['live_id']}" if operation["live_id"] else ""
    return printable(f"  {operation['trade']}: {operation['action']}{live_id}: {operation['outcome']}{text}")


def with_words(row: Row) -> dict[str, object]:
    """Copy a row of the journal with its reason as a sentence."""
    return {name: describe_text(value) if name == "text" else value for name, value in row.items()}


def describe_text(text: object) -> str:
    """Describe what a row says: a reason as its sentence; the text of an earlier version as it is.

    Args:
        text: What the journal holds; whatever cannot be read as a reason is shown as it is.
    """
    try:
        document = json.loads(str(text))
        return describe(read_reason(document, find_code))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return str(text)
