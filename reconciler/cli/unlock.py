"""`reconciler unlock`: take the lock from a run that is dead."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_message
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings
from reconciler.errors import JournalError

if TYPE_CHECKING:
    from reconciler.clock import Clock
    from reconciler.journal.lock_rows import LockState
    from reconciler.settings import Settings


@click.command("unlock")
@click.option(
    "--force",
    is_flag=True,
    allow_from_autoenv=False,
    help="Take it even from a run that may be alive; that one then sends nothing more.",
)
@common_options
def command(*, force: bool) -> int:
    """Take the lock of the target and its accounts from a run that has died."""
    from reconciler.clock import SystemClock

    settings, clock = find_settings(), SystemClock()
    with ExitStack() as stack:
        taken = [
            held
            for held in (
                _unlock_journal(settings, clock, is_forced=force),
                _unlock_machine(settings, stack, clock, is_forced=force),
            )
            if held is not None
        ]
    if not taken:
        print_message("Nobody holds the lock.")
    else:
        print_message(f"Unlocked; it was held by {taken[0].describe(clock.now().timestamp())}.")
    return 0


def _unlock_journal(settings: Settings, clock: Clock, *, is_forced: bool) -> LockState | None:
    """The lock in the journal; one that cannot be written keeps nobody from taking the other locks away."""
    import os

    from reconciler.journal.database import Access
    from reconciler.journal.journal_reader import JournalReader
    from reconciler.settings import read_journal_url
    from reconciler.workflows.journal import NO_JOURNAL_WORD, find_database, scope_of

    if read_journal_url(os.environ) == NO_JOURNAL_WORD:
        return None
    try:
        database = find_database(settings, Access.WRITE, print_message)
        if database is None:
            return None
        with database:
            return JournalReader(database=database, scope=scope_of(settings)).unlock(clock, is_forced=is_forced)
    except JournalError as error:
        print_message(f"Warning: {error.message}; a lock in it is left as it is.")
        return None


def _unlock_machine(settings: Settings, stack: ExitStack, clock: Clock, *, is_forced: bool) -> LockState | None:
    """The locks of this machine, which other clones and targets respect too."""
    from reconciler.journal.lock_holder import is_alive
    from reconciler.workflows.journal import find_machine_lock

    machine = find_machine_lock(settings, print_message, stack)
    try:
        return None if machine is None else machine.take_away(clock, is_forced=is_forced, is_alive=is_alive)
    except JournalError as error:
        print_message(f"Warning: {error.message}; a lock in it is left as it is.")
        return None
