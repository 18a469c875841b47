"""`reconciler freeze` and `reconciler unfreeze`: the switch that keeps new risk out."""

from __future__ import annotations

from datetime import datetime

import click

from reconciler.cli.console import print_message, print_text, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.freeze_options import read_reason, read_until
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings


@click.command("freeze")
@click.option("--reason", required=True, callback=read_reason, metavar="TEXT", help="Why, for everybody it holds back.")
@click.option(
    "--until",
    callback=read_until,
    metavar="TIME",
    help="When it ends by itself: a duration such as 12h, or a time such as 2026-12-01T08:00:00Z.",
)
@common_options
def command(reason: str, until: datetime | None) -> int:
    """Hold back all that does not lower risk, on all accounts of the target, until `unfreeze`.

    It is written to the journal, and every run reads it before each write, also one that is in progress. `apply` then
    sends only what protects, what frees money, and closes that the files state; the rest waits (12). `trade close` and
    `trade cancel` always work.
    """
    from reconciler.clock import SystemClock
    from reconciler.rendering.freeze_text import freeze_lines
    from reconciler.rendering.style import Style
    from reconciler.workflows.freeze import freeze

    found = freeze(find_settings(), SystemClock(), print_message, reason=reason, until=until)
    print_text("\n".join(freeze_lines(found, Style(use_color()))) + "\n")
    return ExitCode.DONE
