"""From settings to the journal of the workspace and target, and to what the runs of one machine share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.console import print_message
from reconciler.clock import Clock
from reconciler.errors import JournalDamaged, JournalError, UsageError, WorkspaceError
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.live.hosts import API_HOST
from reconciler.model.operations import Action
from reconciler.model.plan import Plan
from reconciler.settings import OWN_FOLDER, Settings, find_secrets, is_ci, read_journal_url
from reconciler.workflows.connection import make_own_folder

if TYPE_CHECKING:
    from reconciler.journal.database import Access, Database
    from reconciler.journal.machine_lock import MachineLock
    from reconciler.journal.scopes import Scope
    from reconciler.journal.sql_journal import SqlJournal
    from reconciler.live.pacing import SharedPace

JOURNAL_FILE = "journal.sqlite"
# What RECONCILER_JOURNAL_URL says where nothing shall be kept.
NO_JOURNAL_WORD = "none"
_SWITCH = "RECONCILER_JOURNAL_URL=none"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJournal:
    """The journal of a command.

    Attributes:
        journal: What is kept; `NO_JOURNAL` where there is none.
        is_shared: Whether processes on other machines use the same one.
        make_pace: API key to the pace that is shared with other processes; None where nothing is shared.
    """

    journal: Journal = NO_JOURNAL
    is_shared: bool = False
    make_pace: Callable[[str], SharedPace] | None = None


def scope_of(settings: Settings) -> Scope:
    """Names what a lock and a trade belong to: workspace, mode, host and accounts, whatever the target is called.

    Every embedded sandbox is a world of its own.
    """
    from reconciler.journal.scopes import Scope, name_label, name_world

    target = settings.target
    folder = str(settings.root.resolve())
    if target.is_sandbox:
        label, world = f"{settings.workspace} {target.name} {folder}", folder
    else:
        label = name_label(settings.workspace, target.name, mode=target.mode, address=target.base_url)
        world = name_world(target.mode, target.base_url)
    accounts = frozenset(target.accounts.values())
    return Scope(label=label, workspaces=settings.workspaces, world=world, accounts=accounts)


@contextmanager
def open_journal(
    settings: Settings, clock: Clock, *, writes: bool, is_emergency: bool = False
) -> Iterator[OpenJournal]:
    """The journal of the target.

    Args:
        settings: Which workspace and target.
        clock: The present.
        writes: Whether the command sends writes: then there must be a journal, which is brought up to date. Else it
            is read as it is, none is made, and one that cannot be read is a warning.
        is_emergency: Whether a command that sends writes goes on without a journal that fails.

    Raises:
        JournalError: There must be one and it cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is no address of a journal.
    """
    with ExitStack() as stack:
        shared = _open_machine(settings, stack)
        database = None if _has_none(settings, writes=writes) else _open(settings, stack, writes, is_emergency)
        if database is None:
            yield OpenJournal(journal=_lock_only(settings, clock, shared), make_pace=_find_pace(settings, shared))
            return

        from reconciler.journal.json_texts import Redactor
        from reconciler.journal.sql_journal import SqlJournal

        machine = _machine_lock(settings, shared)
        redactor = Redactor(find_secrets(os.environ))
        kept = SqlJournal(database, scope_of(settings), clock, redactor=redactor, machine=machine)
        yield OpenJournal(
            journal=_forgive(kept) if is_emergency or not writes else kept,
            is_shared=database.is_shared,
            make_pace=_find_pace(settings, _open_pace(database, shared, stack)),
        )


def open_database(settings: Settings, access: Access | None = None) -> Database:
    """The database of the journal.

    Args:
        settings: Which workspace.
        access: What may be done to it; by default it is made where it is missing, and brought up to date.

    Raises:
        JournalError: It cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is no address of a journal.
    """
    from reconciler.journal.database import Access, Database, read_url, sqlite_url

    access = access or Access.MIGRATE
    url = read_journal_url(os.environ)
    if url == NO_JOURNAL_WORD:
        raise UsageError("RECONCILER_JOURNAL_URL says that there is no journal")
    if url:
        return Database(read_url(url), access=access, tell=print_message)
    if access is Access.MIGRATE:
        try:
            make_own_folder(settings.root)
        except WorkspaceError as error:
            raise JournalError(f"there can be no journal: {error.message}") from error
    return Database(sqlite_url(_path(settings)), access=access, tell=print_message)


def find_database(settings: Settings, access: Access) -> Database | None:
    """The database of the journal, which is not made and not brought up to date; None where there is none yet.

    Raises:
        JournalError: It cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is not the address of a journal, or says that there is none.
    """
    from reconciler.journal.database import read_url

    url = read_journal_url(os.environ)
    if url != NO_JOURNAL_WORD:
        address = read_url(url) if url else None
        is_file = address is None or address.get_backend_name() == "sqlite"
        path = _path(settings) if address is None else Path(address.database or "")
        if is_file and not os.path.lexists(path):
            return None
    database = open_database(settings, access)
    if database.is_empty:
        database.close()
        return None
    return database


def find_machine_lock(settings: Settings, stack: ExitStack) -> MachineLock | None:
    """The locks that all runs on this machine respect; None for an embedded sandbox, which is its folder's alone."""
    return _machine_lock(settings, _open_machine(settings, stack))


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


def _has_none(settings: Settings, *, writes: bool) -> bool:
    """Whether there is no journal, or none yet where none shall be made."""
    url = read_journal_url(os.environ)
    return url == NO_JOURNAL_WORD or (not url and not writes and not os.path.lexists(_path(settings)))


def _open(settings: Settings, stack: ExitStack, writes: bool, is_emergency: bool) -> Database | None:  # noqa: FBT001
    """The journal; None, with a warning, where it cannot be used and the command goes on without it."""
    from reconciler.journal.database import Access

    try:
        database = open_database(settings) if writes else find_database(settings, Access.READ)
    except JournalError as error:
        if writes and not is_emergency:
            raise JournalError(f"{error.message}. {_advise(error)}") from error
        print_message(f"Warning: {error.message}; going on without it ({_SWITCH} does so from the start).")
        return None
    return None if database is None else stack.enter_context(database)


def _advise(error: JournalError) -> str:
    advice = "Nothing is sent without a journal: "
    if isinstance(error, JournalDamaged):
        advice += "repair it, or move it away (trades are found by their markers), or "
    return f"{advice}name another with RECONCILER_JOURNAL_URL"


def _forgive(kept: SqlJournal) -> Journal:
    """A journal that a command goes on without where it fails; the lock of this machine goes on to be held."""
    from reconciler.journal.unwritten_journal import ForgivingJournal, UnwrittenJournal

    def warn(message: str) -> None:
        print_message(f"Warning: {message}; going on without it ({_SWITCH} does so from the start).")

    return ForgivingJournal(kept, UnwrittenJournal(kept.lock), warn)


def _lock_only(settings: Settings, clock: Clock, shared: Database | None) -> Journal:
    """Without a journal the lock of this machine holds all the same."""
    machine = _machine_lock(settings, shared)
    if machine is None:
        return NO_JOURNAL

    from reconciler.journal.lock_holder import find_holder, is_alive
    from reconciler.journal.run_lock import RunLock
    from reconciler.journal.unwritten_journal import UnwrittenJournal

    return UnwrittenJournal(RunLock(clock, find_holder(), is_alive, machine))


def _open_machine(settings: Settings, stack: ExitStack) -> Database | None:
    """What the runs of this user share on this machine; None, with a warning, where no folder can be used."""
    if settings.target.is_sandbox:
        return None

    from reconciler.journal.machine_lock import find_state_folder, open_machine_database

    def warn(message: str) -> None:
        print_message(f"Warning: {message}; the lock and the pace are those of this folder alone.")

    database = open_machine_database(find_state_folder(os.environ), warn)
    return None if database is None else stack.enter_context(database)


def _machine_lock(settings: Settings, shared: Database | None) -> MachineLock | None:
    if settings.target.is_sandbox:
        return None

    from reconciler.journal.machine_lock import MachineLock

    return MachineLock(scope_of(settings).account_keys, shared)


def _open_pace(database: Database, shared: Database | None, stack: ExitStack) -> Database | None:
    """Where the times of requests are kept: with the journal where all machines share it, else on this machine."""
    if shared is not None and not database.is_shared:
        return shared
    if not database.is_read_only:
        return database
    try:
        return stack.enter_context(database.reopen())
    except JournalError as error:
        print_message(f"Warning: the pace is not shared with other processes: {error.message}.")
        return shared


def _find_pace(settings: Settings, database: Database | None) -> Callable[[str], SharedPace] | None:
    if database is None or settings.target.is_sandbox:
        return None

    from reconciler.journal.request_times import SqlSharedPace
    from reconciler.journal.scopes import normalize_host

    host = normalize_host(settings.target.base_url)
    return lambda api_key: SqlSharedPace(database, api_key, "" if host == API_HOST else host)


def _path(settings: Settings) -> Path:
    return settings.root / OWN_FOLDER / JOURNAL_FILE
