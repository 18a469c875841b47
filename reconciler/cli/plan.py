"""`reconciler plan`: what apply would change."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import decide_plan
from reconciler.cli.options import common_options
from reconciler.cli.paths import PATH
from reconciler.cli.session import find_settings, find_tracer

if TYPE_CHECKING:
    from reconciler.journal.protocol import Journal


@click.command("plan")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--trade", "trades", multiple=True, metavar="NAME", help="Plan this trade only; may be repeated.")
@click.option("--out", type=PATH, metavar="FILE", help="Save the plan for `apply FILE`; - is standard output.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option(
    "--base",
    metavar="REF",
    help="Compare rules with this commit; default: the base of the pipeline, else the last commit.",
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit 2 where something is to be done, is blocked or needs attention, else 0.",
)
@common_options
def command(
    paths: tuple[Path, ...],
    trades: tuple[str, ...],
    out: Path | None,
    format_: str,
    base: str | None,
    *,
    detailed_exitcode: bool,
) -> int:
    """Show what apply would change, in money and requests; sends no write.

    PATHS narrow the plan to trades in these files or folders; removals are then not looked for.
    """
    from reconciler.clock import SystemClock
    from reconciler.output_files import is_standard_output
    from reconciler.rendering.plan_text import render_plan
    from reconciler.rendering.style import Style
    from reconciler.saved_plan.files import find_plan_output, write_plan
    from reconciler.workflows.connection import open_api
    from reconciler.workflows.journal import open_journal
    from reconciler.workflows.plan_files import read_plan_files, select_trades
    from reconciler.workflows.planning import make_plan
    from reconciler.workflows.review import add_review

    settings = find_settings()
    is_piped = out is not None and is_standard_output(out)
    output = None if out is None or is_piped else find_plan_output(out, settings.root)
    workspace = read_plan_files(settings)
    selection = select_trades(workspace, settings, paths, trades)
    clock = SystemClock()
    with (
        open_journal(settings, clock, writes=False) as opened,
        open_api(settings, clock, find_tracer(), opened.make_pace) as api,
    ):
        plan = make_plan(settings, api, clock, workspace, selection, journal=opened.journal)
        plan = add_review(plan, settings, workspace, os.environ, base)
        _report_unresolved(opened.journal)
    document = write_plan(plan)
    if output is not None:
        output.write(document)
    if is_piped:
        print_result(document)
        print_message(render_plan(plan, Style(use_color(sys.stderr))))
    else:
        print_result(document if format_ == "json" else render_plan(plan, Style(use_color())))
    if output is not None and not output.is_stream:
        print_message(f"Saved. To carry out exactly this plan: reconciler apply {out}")
    return decide_plan(plan, is_detailed=detailed_exitcode)


def _report_unresolved(journal: Journal) -> None:
    unresolved = journal.find_unresolved()
    if unresolved:
        names = ", ".join(sorted({intent.write.trade for intent in unresolved}))
        print_message(
            f"An earlier run never learned what became of {len(unresolved)} of its requests ({names}); apply settles"
            " that first: reconciler journal show"
        )
