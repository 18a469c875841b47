"""`reconciler unlock`: take the lock from a run that has died."""

from __future__ import annotations

import click

from reconciler.cli.console import print_message
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings


@click.command("unlock")
@click.option(
    "--force",
    is_flag=True,
    allow_from_autoenv=False,
    help="Take it even from a run that may still be active; that run then sends nothing more.",
)
@common_options
def command(*, force: bool) -> int:
    """Take the lock of the target and its accounts from a run that has died."""
    from reconciler.clock import SystemClock
    from reconciler.workflows.unlock import unlock

    clock = SystemClock()
    held = unlock(find_settings(), clock, print_message, is_forced=force)
    if held is None:
        print_message("Nobody holds the lock.")
    else:
        print_message(f"Unlocked; it was held by {held.describe(clock.now().timestamp())}.")
    return ExitCode.DONE
