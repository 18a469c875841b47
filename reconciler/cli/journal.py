"""`reconciler journal`: what was sent, and what became of it."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from reconciler.cli.completion import complete_trades
from reconciler.cli.console import find_table_width, print_message, print_result, print_text, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.numbers import ID
from reconciler.cli.options import common_options, format_option
from reconciler.cli.session import find_settings
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.journal.journal_reader import JournalReader


@click.group("journal")
def command() -> None:
    """The record of all runs: what was sent, what became of it, and what is not known yet."""


@command.command("show")
@click.option("--run", "run_id", type=ID, metavar="N", help="All of this run; by default one line for each run.")
@click.option("--trade", metavar="NAME", shell_complete=complete_trades, help="What was done to this trade only.")
@format_option()
@common_options
def show(run_id: int | None, trade: str | None, format_: str) -> int:
    """Show what was done to which trade in each run, the requests that are not settled, and who holds the lock."""
    with _open_reader() as reader:
        if run_id is not None:
            if reader is None:
                raise UsageError(f"there is no journal of this target yet, so it has no run {run_id}")
            _show_run(reader, run_id, trade, is_json=format_ == "json")
        elif trade is not None:
            _show_trade(reader, trade, is_json=format_ == "json")
        else:
            _show_runs(reader, is_json=format_ == "json")
    return ExitCode.DONE


def _show_runs(reader: JournalReader | None, *, is_json: bool) -> None:
    from reconciler.rendering.journal_text import render_runs, with_words
    from reconciler.rendering.style import Style

    runs, unresolved = ([], []) if reader is None else (reader.list_runs(), reader.list_unresolved())
    outcomes = [] if reader is None else reader.list_outcomes()
    words, is_over = _describe_lock(reader)
    if is_json:
        unsettled = [with_words(each) for each in unresolved]
        print_result(_write({"runs": runs, "unresolved": unsettled, "lock": words or None}))
    else:
        style, width = Style(use_color()), find_table_width()
        print_text(render_runs(runs, outcomes, unresolved, words, is_over=is_over, style=style, width=width))


def _show_trade(reader: JournalReader | None, trade: str, *, is_json: bool) -> None:
    from reconciler.rendering.journal_text import render_trade_history, with_words
    from reconciler.rendering.style import Style

    outcomes = [] if reader is None else reader.list_outcomes(trade)
    if is_json:
        print_result(_write({"trade": trade, "outcomes": [with_words(each) for each in outcomes]}))
    else:
        print_text(render_trade_history(trade, outcomes, Style(use_color()), find_table_width()))


def _show_run(reader: JournalReader, run_id: int, trade: str | None, *, is_json: bool) -> None:
    from reconciler.rendering.journal_text import render_run, with_words

    run, *_ = reader.list_runs(run_id)
    requests, operations = (
        [each for each in rows if trade is None or each["trade"] == trade]
        for rows in (reader.list_requests(run_id), reader.list_operations(run_id))
    )
    if is_json:
        requests, operations = [with_words(each) for each in requests], [with_words(each) for each in operations]
        print_result(_write({**run, "requests": requests, "outcomes": operations}))
    else:
        print_text(render_run(run, requests, operations))


def _describe_lock(reader: JournalReader | None) -> tuple[str, bool]:
    """Say who holds the lock of this target, and whether the next run takes it over."""
    from reconciler.clock import SystemClock
    from reconciler.journal.lock_holder import is_alive

    lock = None if reader is None else reader.find_lock()
    if reader is None or lock is None:
        return "", False
    now = reader.read_now(SystemClock())
    return lock.describe(now), lock.is_over(now, is_alive)


@command.command("export")
@click.option("--run", "run_id", type=ID, metavar="N", help="This run only.")
@common_options
def export(run_id: int | None) -> int:
    """Print runs, requests and outcomes as JSON lines, without secrets."""
    from reconciler.rendering.journal_text import with_words

    with _open_reader() as reader:
        for document in reader.export(run_id) if reader is not None else ():
            print_result(json.dumps(with_words(document), default=str))
    return ExitCode.DONE


@command.command("resolve")
@click.argument("request_id", type=ID, metavar="ID")
@click.option(
    "--as",
    "verdict",
    type=click.Choice(["applied", "failed"]),
    required=True,
    help="applied: it had its effect; failed: it had none.",
)
@common_options
def resolve(request_id: int, verdict: str) -> int:
    """Settle by hand what became of a request that reading cannot settle; check 3Commas first."""
    from reconciler.clock import SystemClock
    from reconciler.model.journal import IntentState
    from reconciler.workflows.journal import resolve_request

    resolve_request(find_settings(), request_id, IntentState(verdict), SystemClock(), print_message)
    print_message(f"Request {request_id} counts as {verdict}.")
    return ExitCode.DONE


def _write(document: object) -> str:
    return json.dumps(document, indent=2, default=str)


def _open_reader() -> AbstractContextManager[JournalReader | None]:
    from reconciler.workflows.journal import open_reader

    return open_reader(find_settings(), print_message)
