"""Unlock a target: take the locks of its journal and of this machine from a run that has died."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from reconciler.clock import Clock
from reconciler.errors import JournalError
from reconciler.session import Report
from reconciler.settings import Settings, read_journal_url
from reconciler.workflows.journal import NO_JOURNAL_WORD, find_database, find_machine_lock, scope_of

if TYPE_CHECKING:
    from reconciler.journal.lock_rows import LockState


def unlock(settings: Settings, clock: Clock, report: Report, *, is_forced: bool) -> LockState | None:
    """Take the locks of a target and its accounts.

    A lock that cannot be written is reported, so that it does not keep the others from being taken.

    Args:
        settings: The workspace and the target.
        clock: The present.
        report: Takes warnings.
        is_forced: Whether a lock is taken from a run that may still be active; that run then sends nothing more.

    Returns:
        The lock as it was held; None if nobody held one.

    Raises:
        Locked: The run is still active, and `is_forced` is not set.
    """
    with ExitStack() as stack:
        taken = (
            _unlock_journal(settings, clock, report, is_forced=is_forced),
            _unlock_machine(settings, clock, report, stack, is_forced=is_forced),
        )
        return next((held for held in taken if held is not None), None)


def _unlock_journal(settings: Settings, clock: Clock, report: Report, *, is_forced: bool) -> LockState | None:
    from reconciler.journal.database import Access
    from reconciler.journal.journal_reader import JournalReader

    if read_journal_url(os.environ) == NO_JOURNAL_WORD:
        return None
    try:
        database = find_database(settings, Access.WRITE, report)
        if database is None:
            return None
        with database:
            return JournalReader(database=database, scope=scope_of(settings)).unlock(clock, is_forced=is_forced)
    except JournalError as error:
        _report_unwritten(error, report)
        return None


def _unlock_machine(
    settings: Settings, clock: Clock, report: Report, stack: ExitStack, *, is_forced: bool
) -> LockState | None:
    """Take the locks of this machine, which other clones and targets respect too."""
    from reconciler.journal.lock_holder import is_alive

    machine = find_machine_lock(settings, report, stack)
    try:
        return None if machine is None else machine.take_away(clock, is_forced=is_forced, is_alive=is_alive)
    except JournalError as error:
        _report_unwritten(error, report)
        return None


def _report_unwritten(error: JournalError, report: Report) -> None:
    report(f"Warning: {error.message}; a lock in it stays as it is.")
