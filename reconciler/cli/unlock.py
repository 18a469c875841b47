"""`reconciler unlock`: take the lock from a run that is dead."""

from __future__ import annotations

import click

from reconciler.cli.console import print_message
from reconciler.cli.journal import open_reader
from reconciler.cli.options import common_options


@click.command("unlock")
@click.option(
    "--force",
    is_flag=True,
    allow_from_autoenv=False,
    help="Take it even from a run that may be alive; that one then sends nothing more.",
)
@common_options
def command(*, force: bool) -> int:
    """Take the lock of the workspace and target from a run that has died."""
    from reconciler.clock import SystemClock

    clock = SystemClock()
    with open_reader() as reader:
        taken = reader.unlock(clock, is_forced=force)
    if taken is None:
        print_message("Nobody holds the lock.")
    else:
        print_message(f"Unlocked; it was held by {taken.describe(clock.now().timestamp())}.")
    return 0
