"""From settings to the journal of the workspace and target."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.connection import make_own_folder
from reconciler.cli.console import print_message
from reconciler.clock import Clock
from reconciler.errors import JournalError, UsageError, WorkspaceError
from reconciler.model.journal import NO_JOURNAL, Journal
from reconciler.model.plan import Action, Plan
from reconciler.settings import OWN_FOLDER, Settings, find_secrets, is_ci, read_journal_url

if TYPE_CHECKING:
    from reconciler.journal.database import Database
    from reconciler.live.pacing import SharedPace

JOURNAL_FILE = "journal.sqlite"
# What RECONCILER_JOURNAL_URL says where nothing shall be kept.
_NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJournal:
    """The journal of a command.

    Attributes:
        journal: What is kept; `NO_JOURNAL` where there is none.
        is_shared: Whether processes on other machines use the same one.
        make_pace: API key to the pace that is shared with other processes; None where there is no journal.
    """

    journal: Journal = NO_JOURNAL
    is_shared: bool = False
    make_pace: Callable[[str], SharedPace] | None = None


def scope_of(settings: Settings) -> str:
    """Names what a lock and a trade belong to.

    Every embedded sandbox is a world of its own; of an API its address and mode count beside the target's name, since
    under another of these the same ids are other trades.
    """
    target = settings.target
    if target.is_sandbox:
        return f"{settings.workspace} {target.name} {settings.root.resolve()}"
    return f"{settings.workspace} {target.name} {target.mode} {target.base_url}"


@contextmanager
def open_journal(settings: Settings, clock: Clock, *, writes: bool) -> Iterator[OpenJournal]:
    """The journal of the target.

    Args:
        settings: Which workspace and target.
        clock: The present.
        writes: Whether the command sends writes: then there must be a journal, else one that cannot be opened is a
            warning, and on the sandbox none is made.

    Raises:
        JournalError: There must be one and it cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is no address of a journal.
    """
    url = read_journal_url(os.environ)
    has_none = url == _NONE or (not url and not writes and settings.target.is_sandbox and not _path(settings).exists())
    if has_none:
        yield OpenJournal()
        return
    database = _open_or_warn(settings, writes=writes)
    if database is None:
        yield OpenJournal()
        return

    from reconciler.journal.documents import Redactor
    from reconciler.journal.keeping import SqlJournal
    from reconciler.journal.request_times import SqlSharedPace

    with database:
        redactor = Redactor(find_secrets(os.environ))
        yield OpenJournal(
            journal=SqlJournal(database, scope_of(settings), clock, redactor=redactor),
            is_shared=database.is_shared,
            make_pace=lambda api_key: SqlSharedPace(database, api_key),
        )


def open_database(settings: Settings) -> Database:
    """The database of the journal, made when it is missing.

    Raises:
        JournalError: It cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is no address of a journal.
    """
    from reconciler.journal.database import Database, read_url, sqlite_url

    url = read_journal_url(os.environ)
    if url == _NONE:
        raise UsageError("RECONCILER_JOURNAL_URL says that there is no journal")
    if url:
        return Database(read_url(url))
    try:
        make_own_folder(settings.root)
    except WorkspaceError as error:
        raise JournalError(f"there can be no journal: {error.message}") from error
    return Database(sqlite_url(_path(settings)))


def refuse_unlocked_ci(settings: Settings, plan: Plan, opened: OpenJournal, environment: Mapping[str, str]) -> None:
    """Refuse creates and averaging orders in CI where two jobs on two machines could send them at the same time.

    Raises:
        UsageError: The journal is not shared, and the target does not say that something else locks.
    """
    if any(operation.opens or operation.action is Action.ADD_FUNDS for operation in plan.operations):
        refuse_unlocked_commitment(settings, opened, environment)


def refuse_unlocked_commitment(settings: Settings, opened: OpenJournal, environment: Mapping[str, str]) -> None:
    """Refuse in CI what commits money where two jobs on two machines could send it at the same time.

    Raises:
        UsageError: The journal is not shared, and the target does not say that something else locks.
    """
    target = settings.target
    if is_ci(environment) and not (target.is_sandbox or target.is_locked_outside or opened.is_shared):
        raise UsageError(
            "with CI set, a lock in a file keeps out no other machine, so nothing is opened or added to on target"
            f" {target.name}: set RECONCILER_JOURNAL_URL to a PostgreSQL database, or, where the pipeline runs one"
            " apply at a time, say `lock: external` in the target; nothing was sent"
        )


def _open_or_warn(settings: Settings, *, writes: bool) -> Database | None:
    try:
        return open_database(settings)
    except JournalError as error:
        if writes:
            raise JournalError(
                f"{error.message}. Nothing is sent without a journal: repair it, or move it away (trades are found by"
                " their markers), or name another with RECONCILER_JOURNAL_URL"
            ) from error
        print_message(f"Warning: {error.message}; going on without it.")
        return None


def _path(settings: Settings) -> Path:
    return settings.root / OWN_FOLDER / JOURNAL_FILE
