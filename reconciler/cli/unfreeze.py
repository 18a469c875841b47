"""`reconciler unfreeze`: end the freezes in the journal."""

from __future__ import annotations

import click

from reconciler.cli.console import print_message, print_text, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.freeze_options import read_reason
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings


@click.command("unfreeze")
@click.option(
    "--reason",
    required=True,
    callback=read_reason,
    allow_from_autoenv=False,
    metavar="TEXT",
    help="Why it is safe to go on; kept in the journal.",
)
@common_options
def command(reason: str) -> int:
    """End the freezes of the target's accounts in the journal, those of a guardrail too.

    A freeze in reconciler.yaml or in RECONCILER_FREEZE stays: exit code 12 says that one is still in force.
    """
    from reconciler.clock import SystemClock
    from reconciler.rendering.freeze_text import describe_lifted, freeze_lines
    from reconciler.rendering.style import Style
    from reconciler.workflows.freeze import unfreeze

    lifted, left = unfreeze(find_settings(), SystemClock(), print_message, reason=reason)
    print_message(describe_lifted(lifted))
    if left:
        print_text("\n".join(freeze_lines(left, Style(use_color()))) + "\n")
    return ExitCode.BLOCKED if left else ExitCode.DONE
