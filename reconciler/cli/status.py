"""`reconciler status`: one line a trade."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.console import has_reader, is_terminal, print_message, print_part, print_result, use_color
from reconciler.cli.options import common_options
from reconciler.cli.paths import PATH
from reconciler.cli.session import find_settings, find_tracer
from reconciler.cli.watch.interval import check_interval


@click.command("status")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--watch",
    type=check_interval,
    metavar="INTERVAL",
    help="Look again at this interval, for example 30s; ends with Ctrl-C.",
)
@common_options
def command(paths: tuple[Path, ...], format_: str, watch: str | None) -> int:
    """Show one line for each trade: phase, fills, steps, profit, how far stop and next step are; sends no write.

    PATHS narrow it to trades in these files or folders. With --watch a terminal is refreshed in place; elsewhere a
    block with its time follows the other, with --format json a line.
    """
    from reconciler.cli.watch.interval import Watch, read_interval
    from reconciler.cli.watch.screen import Screen
    from reconciler.clock import SystemClock
    from reconciler.rendering.status_json import render_status_json
    from reconciler.rendering.status_text import render_status
    from reconciler.rendering.style import Style
    from reconciler.workflows.connection import open_api
    from reconciler.workflows.journal import open_journal
    from reconciler.workflows.plan_files import read_plan_files, report_warnings, select_trades
    from reconciler.workflows.survey import Surveyor

    interval_s = read_interval(watch)
    settings = find_settings()
    report_warnings(read_plan_files(settings))
    clock = SystemClock()
    with (
        open_journal(settings, clock, writes=False) as opened,
        open_api(settings, clock, find_tracer(), opened.make_pace) as api,
    ):
        surveyor = Surveyor(settings, api, clock, opened.journal)

        def look() -> str:
            workspace = read_plan_files(settings)
            report = surveyor.stand(workspace, select_trades(workspace, settings, paths, ()))
            if format_ == "json":
                return render_status_json(report, is_line=interval_s is not None)
            return render_status(report, Style(use_color()))

        if interval_s is None:
            print_result(look())
            return 0
        on_terminal = is_terminal(sys.stdout) and format_ == "text"
        with Screen(print_part, clock, is_terminal=on_terminal, is_bare=format_ == "json") as screen:
            watching = Watch(
                interval_s=interval_s,
                limit_per_minute=settings.target.requests_per_minute,
                clock=clock,
                count_sent=lambda: api.session.budget.sent,
                tell=screen.warn if on_terminal else print_message,
                is_read=has_reader,
            )
            try:
                watching.run(
                    lambda: screen.show(look()),
                    lambda error: screen.warn(error.message) if on_terminal else print_message(error.message),
                )
            except KeyboardInterrupt:
                return 0
    return 0
