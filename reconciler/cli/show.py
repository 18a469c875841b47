"""`reconciler show`: render a saved plan again."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import brief_option, common_options, format_option, max_bytes_option
from reconciler.cli.paths import PATH
from reconciler.cli.plan_output import print_plan


@click.command("show")
@click.argument("plan_file", metavar="PLAN", type=PATH)
@format_option("markdown", "html")
@brief_option
@max_bytes_option
@common_options
def command(plan_file: Path, format_: str, max_bytes: int | None, *, is_brief: bool) -> int:
    """Show a saved plan again; no network."""
    from reconciler.saved_plan.files import load_plan

    print_plan(load_plan(plan_file), format_, is_brief=is_brief, max_bytes=max_bytes)
    return ExitCode.DONE
