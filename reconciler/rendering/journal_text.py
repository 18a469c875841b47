"""The journal as text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from reconciler.codec.reasons import read_reason
from reconciler.model.journal import Intent
from reconciler.rendering.reasons import describe, find_code
from reconciler.rendering.style import printable

Row = Mapping[str, object]


def render_runs(runs: Sequence[Row], unresolved: Sequence[Row], lock: str, *, is_over: bool = False) -> str:
    """Write one line for each run, then the requests that are not settled, then the holder of the lock.

    Args:
        runs: The runs, oldest first.
        unresolved: Requests whose effect is not known.
        lock: The holder of the lock, or empty.
        is_over: Whether that run has died or its lock has expired, so that the next run takes the lock.
    """
    lines = [_render_run(run) for run in runs] or ["No run yet."]
    if unresolved:
        lines += ["", "It is not known whether these requests had an effect. The next apply checks what it can:"]
        lines += [_render_request(request) for request in unresolved]
        lines.append("To settle one by hand: reconciler journal resolve ID --as applied, or --as failed")
    if lock:
        words = "Ended without a result, the next apply takes over" if is_over else "In progress"
        lines += ["", f"{words}: {printable(lock)}"]
    return "\n".join(lines)


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
    lines += [_render_request(request) for request in requests]
    lines += [_render_operation(operation) for operation in operations]
    return "\n".join(lines)


def _render_run(run: Row) -> str:
    end = f"ended {run['ended_at']}" if run["ended_at"] else "did not end"
    return printable(
        f"run {run['run']}: started {run['started_at']}, {end}, {run['operations']} operations, by {run['holder']}"
    )


def _render_request(request: Row) -> str:
    text = f": {describe_text(request['text'])}" if request["text"] else ""
    live_id = f" #{request['live_id']}" if request["live_id"] else ""
    return printable(
        f"  request {request['request']} of run {request['run']}, {request['intended_at']}: {request['method']}"
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
