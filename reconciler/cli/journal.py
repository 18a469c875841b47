"""`reconciler journal`: what was sent, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.numbers import ID
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.journal.journal_reader import JournalReader


@click.group("journal")
def command() -> None:
    """The record of all runs: what was sent, what came of it, what nobody knows yet."""


@command.command("show")
@click.option("--run", "run_id", type=ID, metavar="N", help="All of this run; by default one line for each run.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@common_options
def show(run_id: int | None, format_: str) -> int:
    """Show the runs, what is not settled, and who is at work."""
    from reconciler.rendering.journal_text import render_run, render_runs

    with open_reader() as reader:
        if run_id is None:
            runs, unresolved = ([], []) if reader is None else (reader.list_runs(), reader.list_unresolved())
            words, is_over = _describe_lock(reader)
            if format_ == "json":
                print_result(_write({"runs": runs, "unresolved": unresolved, "lock": words or None}))
            else:
                print_result(render_runs(runs, unresolved, words, is_over=is_over))
            return 0
        if reader is None:
            raise UsageError(f"there is no journal of this target yet, so it has no run {run_id}")
        run, *_ = reader.list_runs(run_id)
        requests, operations = reader.list_requests(run_id), reader.list_operations(run_id)
    if format_ == "json":
        print_result(_write({**run, "requests": requests, "outcomes": operations}))
    else:
        print_result(render_run(run, requests, operations))
    return 0


def _describe_lock(reader: JournalReader | None) -> tuple[str, bool]:
    """Who holds the lock of this target, in words, and whether the next run takes it over."""
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
    with open_reader() as reader:
        for document in reader.export(run_id) if reader is not None else ():
            print_result(json.dumps(document, default=str))
    return 0


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
    """Say what became of a request that reading cannot settle; check 3Commas first."""
    from reconciler.clock import SystemClock
    from reconciler.journal.journal_reader import JournalReader
    from reconciler.model.journal import IntentState
    from reconciler.workflows.journal import open_database, scope_of

    settings = find_settings()
    with open_database(settings, report=print_message) as database:
        reader = JournalReader(database=database, scope=scope_of(settings))
        reader.resolve(request_id, IntentState(verdict), SystemClock())
    print_message(f"Request {request_id} counts as {verdict}.")
    return 0


@contextmanager
def open_reader() -> Iterator[JournalReader | None]:
    """The journal of the target of the running command, which is only read; None where there is none yet."""
    from reconciler.journal.database import Access
    from reconciler.journal.journal_reader import JournalReader
    from reconciler.workflows.journal import find_database, scope_of

    settings = find_settings()
    database = find_database(settings, Access.READ, print_message)
    if database is None:
        yield None
        return
    with database:
        yield JournalReader(database=database, scope=scope_of(settings))


def _write(document: object) -> str:
    return json.dumps(document, indent=2, default=str)
