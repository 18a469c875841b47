"""The journal of a workspace and target, and what the runs of one machine share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.clock import Clock
from reconciler.errors import JournalDamaged, JournalError, UsageError, WorkspaceError
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.live.hosts import API_HOST
from reconciler.loading.workspace_folder import OWN_FOLDER_NAME
from reconciler.session import Report, report_nothing
from reconciler.settings import Settings, find_passwords, find_secrets, read_journal_url
from reconciler.workflows.connection import make_own_folder

if TYPE_CHECKING:
    from reconciler.journal.alerts import AlertBook
    from reconciler.journal.database import Access, Database
    from reconciler.journal.journal_reader import JournalReader
    from reconciler.journal.machine_lock import MachineLock
    from reconciler.journal.run_lock import RunLock
    from reconciler.journal.scopes import Scope
    from reconciler.journal.sql_journal import SqlJournal
    from reconciler.live.pacing import SharedPace
    from reconciler.model.journal import IntentState

JOURNAL_FILE = "journal.sqlite"
# The value of RECONCILER_JOURNAL_URL that switches the journal off.
NO_JOURNAL_WORD = "none"
_SWITCH = "RECONCILER_JOURNAL_URL=none"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJournal:
    """The open journal of a run.

    Attributes:
        journal: The journal; `NO_JOURNAL` if there is none.
        is_shared: Whether processes on other machines use the same one.
        make_pace: API key to the pace that is shared with other processes; None if it is not shared.
    """

    journal: Journal = NO_JOURNAL
    is_shared: bool = False
    make_pace: Callable[[str], SharedPace] | None = None


@dataclass(frozen=True, slots=True)
class _Opening:
    """Opens the databases of one run, with warnings instead of errors if the run can go on without one."""

    settings: Settings
    report: Report
    stack: ExitStack

    def open(self, writes: bool, is_emergency: bool) -> Database | None:  # noqa: FBT001
        """Open the journal; None, with a warning, if it cannot be used and the run goes on without it."""
        from reconciler.journal.database import Access

        try:
            database = (
                open_database(self.settings, report=self.report)
                if writes
                else find_database(self.settings, Access.READ, self.report)
            )
        except JournalError as error:
            if writes and not is_emergency:
                raise JournalError(f"{error.message}. {_advise(error)}") from error
            _warn_without(self.report, error.message)
            return None
        return None if database is None else self.stack.enter_context(database)

    def open_machine(self) -> Database | None:
        """Open what the runs of this user share on this machine; None, with a warning, if no folder can be used."""
        if self.settings.target.is_sandbox:
            return None

        from reconciler.journal.machine_lock import find_state_folder, open_machine_database

        def warn(message: str) -> None:
            self.report(f"Warning: {message}; the lock and the pace are those of this folder alone.")

        database = open_machine_database(find_state_folder(os.environ), warn)
        return None if database is None else self.stack.enter_context(database)

    def open_pace(self, database: Database, shared: Database | None) -> Database | None:
        """Open the database of request times: the journal if all machines share it, else one on this machine."""
        if shared is not None and not database.is_shared:
            return shared
        if not database.is_read_only:
            return database
        try:
            return self.stack.enter_context(database.reopen())
        except JournalError as error:
            self.report(f"Warning: the pace is not shared with other processes: {error.message}.")
            return shared


def scope_of(settings: Settings) -> Scope:
    """Name what a lock and a trade belong to: workspace, mode, host and accounts, whatever the target is called.

    Every embedded sandbox is separate from all others.
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
    settings: Settings, clock: Clock, report: Report, *, writes: bool, is_emergency: bool = False
) -> Iterator[OpenJournal]:
    """Open the journal of the target.

    Args:
        settings: Which workspace and target.
        clock: The present.
        report: Takes warnings.
        writes: Whether the run sends writes: then there must be a journal, which is brought up to date. Otherwise it
            is read as it is, none is made, and one that cannot be read is a warning.
        is_emergency: Whether a run that sends writes goes on without a journal that fails.

    Raises:
        JournalError: There must be one and it cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is not the address of a journal.
    """
    with ExitStack() as stack:
        opening = _Opening(settings, report, stack)
        shared = opening.open_machine()
        database = None if _has_none(settings, writes=writes) else opening.open(writes, is_emergency)
        if database is None:
            yield OpenJournal(journal=_lock_only(settings, clock, shared), make_pace=_find_pace(settings, shared))
            return

        from reconciler.journal.json_texts import Redactor
        from reconciler.journal.sql_journal import SqlJournal

        lock = _make_lock(clock, _machine_lock(settings, shared))
        redactor = Redactor(find_secrets(os.environ))
        journal = SqlJournal(database, scope_of(settings), clock, redactor=redactor, lock=lock)
        yield OpenJournal(
            journal=_forgive(journal, report) if is_emergency or not writes else journal,
            is_shared=database.is_shared,
            make_pace=_find_pace(settings, opening.open_pace(database, shared)),
        )


def open_database(settings: Settings, access: Access | None = None, report: Report = report_nothing) -> Database:
    """Open the database of the journal.

    Args:
        settings: Which workspace.
        access: What may be done to it; by default it is made if it is missing, and brought up to date.
        report: Is called when it was brought up to date.

    Raises:
        JournalError: It cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is not the address of a journal.
    """
    from reconciler.journal.database import Access, Database, read_url, sqlite_url

    access = access or Access.MIGRATE
    url = read_journal_url(os.environ)
    if url == NO_JOURNAL_WORD:
        raise UsageError("RECONCILER_JOURNAL_URL says that there is no journal")
    if url:
        return Database(read_url(url), access=access, report=report)
    if access is Access.MIGRATE:
        try:
            make_own_folder(settings.root)
        except WorkspaceError as error:
            raise JournalError(f"there can be no journal: {error.message}") from error
    return Database(sqlite_url(_path(settings)), access=access, report=report)


def find_database(settings: Settings, access: Access, report: Report = report_nothing) -> Database | None:
    """Open the database of the journal, which is not made and not brought up to date; None if there is none yet.

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
    database = open_database(settings, access, report)
    if database.is_empty:
        database.close()
        return None
    return database


@contextmanager
def open_reader(settings: Settings, report: Report) -> Iterator[JournalReader | None]:
    """Open the journal of the target for reading only; None if there is none yet.

    Raises:
        JournalError: It cannot be opened.
        UsageError: RECONCILER_JOURNAL_URL is not the address of a journal, or says that there is none.
    """
    from reconciler.journal.database import Access
    from reconciler.journal.journal_reader import JournalReader

    database = find_database(settings, Access.READ, report)
    if database is None:
        yield None
        return
    with database:
        yield JournalReader(database=database, scope=scope_of(settings))


@contextmanager
def _close_after(database: Database, book: AlertBook) -> Iterator[AlertBook]:
    with database:
        yield book


def open_alert_book(settings: Settings) -> AbstractContextManager[AlertBook]:
    """Open what was notified before, in the journal, which is made if it is missing.

    Raises:
        JournalError: The journal cannot be opened.
        UsageError: There is none.
    """
    from reconciler.journal.alerts import JournalAlertBook
    from reconciler.journal.json_texts import Redactor

    secrets = (*find_secrets(os.environ), *find_passwords(os.environ))
    database = open_database(settings)
    return _close_after(database, JournalAlertBook(database, scope_of(settings).label, Redactor(secrets)))


def resolve_request(settings: Settings, request_id: int, state: IntentState, clock: Clock, report: Report) -> None:
    """Write down what became of a request that reading cannot settle.

    Args:
        settings: The workspace and the target.
        request_id: Number of the request.
        state: Applied or failed.
        clock: The present.
        report: Takes warnings.

    Raises:
        JournalError: The journal cannot be opened or written.
        UsageError: There is no such request, or it is settled.
    """
    from reconciler.journal.journal_reader import JournalReader

    with open_database(settings, report=report) as database:
        JournalReader(database=database, scope=scope_of(settings)).resolve(request_id, state, clock)


def find_machine_lock(settings: Settings, report: Report, stack: ExitStack) -> MachineLock | None:
    """Find the locks that all runs on this machine respect; None for an embedded sandbox, which only its folder has.

    Args:
        settings: Which workspace and target.
        report: Takes warnings.
        stack: Closes the database of the locks.
    """
    return _machine_lock(settings, _Opening(settings, report, stack).open_machine())


def _has_none(settings: Settings, *, writes: bool) -> bool:
    """Return whether there is no journal, or none yet and none is to be made."""
    url = read_journal_url(os.environ)
    return url == NO_JOURNAL_WORD or (not url and not writes and not os.path.lexists(_path(settings)))


def _advise(error: JournalError) -> str:
    advice = "Nothing is sent without a journal: "
    if isinstance(error, JournalDamaged):
        advice += "repair it, or move it away (trades are found by their markers), or "
    return f"{advice}name another with RECONCILER_JOURNAL_URL"


def _forgive(journal: SqlJournal, report: Report) -> Journal:
    """Wrap a journal so that a run goes on without it if it fails; the lock of this machine is still held then."""
    from reconciler.journal.unwritten_journal import ForgivingJournal, UnwrittenJournal

    return ForgivingJournal(journal, UnwrittenJournal(journal.lock), lambda message: _warn_without(report, message))


def _warn_without(report: Report, message: str) -> None:
    report(f"Warning: {message}; going on without it ({_SWITCH} does so from the start).")


def _lock_only(settings: Settings, clock: Clock, shared: Database | None) -> Journal:
    """Return a journal that writes nothing and holds the lock of this machine all the same."""
    machine = _machine_lock(settings, shared)
    if machine is None:
        return NO_JOURNAL

    from reconciler.journal.unwritten_journal import UnwrittenJournal

    return UnwrittenJournal(_make_lock(clock, machine))


def _make_lock(clock: Clock, machine: MachineLock | None) -> RunLock:
    from reconciler.journal.lock_holder import find_holder, is_alive
    from reconciler.journal.run_lock import RunLock
    from reconciler.journal.run_origin import find_origin

    origin = find_origin(os.environ, (*find_secrets(os.environ), *find_passwords(os.environ)))
    return RunLock(clock, find_holder(origin), is_alive, machine)


def _machine_lock(settings: Settings, shared: Database | None) -> MachineLock | None:
    if settings.target.is_sandbox:
        return None

    from reconciler.journal.machine_lock import MachineLock

    return MachineLock(scope_of(settings).account_keys, shared)


def _find_pace(settings: Settings, database: Database | None) -> Callable[[str], SharedPace] | None:
    if database is None or settings.target.is_sandbox:
        return None

    from reconciler.journal.request_times import SqlSharedPace
    from reconciler.journal.scopes import normalize_host

    host = normalize_host(settings.target.base_url)
    return lambda api_key: SqlSharedPace(database, api_key, "" if host == API_HOST else host)


def _path(settings: Settings) -> Path:
    return settings.root / OWN_FOLDER_NAME / JOURNAL_FILE
