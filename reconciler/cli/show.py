"""`reconciler show`: render a saved plan again."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.console import print_result, print_text, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, format_option
from reconciler.cli.paths import PATH


@click.command("show")
@click.argument("plan_file", metavar="PLAN", type=PATH)
@format_option()
@common_options
def command(plan_file: Path, format_: str) -> int:
    """Show a saved plan again; no network."""
    from reconciler.rendering.plan_text import render_plan
    from reconciler.rendering.style import Style
    from reconciler.saved_plan.files import load_plan, write_plan

    plan = load_plan(plan_file)
    if format_ == "json":
        print_result(write_plan(plan))
    else:
        print_text(render_plan(plan, Style(use_color())))
    return ExitCode.DONE
