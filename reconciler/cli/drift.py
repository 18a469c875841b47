"""`reconciler drift`: what happened to the live trades since they were last applied."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import has_reader, print_message, print_result, use_color
from reconciler.cli.exit_codes import decide_drift
from reconciler.cli.options import common_options, find_common
from reconciler.cli.paths import PATH
from reconciler.cli.session import find_settings, find_tracer
from reconciler.cli.watch.interval import check_interval

if TYPE_CHECKING:
    from reconciler.model.drift import DriftReport


@click.command("drift")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--trade", "trades", multiple=True, metavar="NAME", help="Look at this trade only; may be repeated.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--watch",
    type=check_interval,
    metavar="INTERVAL",
    help="Look again at this interval, for example 5m; ends with Ctrl-C.",
)
@common_options
def command(paths: tuple[Path, ...], trades: tuple[str, ...], format_: str, watch: str | None) -> int:
    """Tell what was edited outside the files and what is lost; sends no write.

    PATHS narrow it to trades in these files or folders. Exit code 2 where there is drift or loss, else 0; with --watch
    where some stands when Ctrl-C ends it.
    """
    from reconciler.cli.watch.drift_changes import DriftWatcher
    from reconciler.cli.watch.interval import Watch, read_interval
    from reconciler.clock import SystemClock
    from reconciler.workflows.connection import open_api
    from reconciler.workflows.journal import open_journal
    from reconciler.workflows.plan_files import read_plan_files, report_warnings, select_trades
    from reconciler.workflows.survey import Surveyor

    interval_s = read_interval(watch)
    settings = find_settings()
    workspace = read_plan_files(settings)
    report_warnings(workspace)
    selection = select_trades(workspace, settings, paths, trades)
    clock = SystemClock()
    with (
        open_journal(settings, clock, writes=False) as opened,
        open_api(settings, clock, find_tracer(), opened.make_pace) as api,
    ):
        surveyor = Surveyor(settings, api, clock, opened.journal)
        if interval_s is None:
            report = surveyor.report(workspace, selection)
            print_result(_render(report, format_))
            return decide_drift(report.alarms)

        def look() -> DriftReport:
            present = read_plan_files(settings)
            return surveyor.report(present, select_trades(present, settings, paths, trades))

        watcher = DriftWatcher(look, clock, print_result, print_message, is_json=format_ == "json")
        watching = Watch(
            interval_s=interval_s,
            limit_per_minute=settings.target.requests_per_minute,
            clock=clock,
            count_sent=lambda: api.session.budget.sent,
            tell=print_message,
            is_read=has_reader,
        )
        print_message(f"Looking every {watch}; Ctrl-C ends it.")
        with suppress(KeyboardInterrupt):
            watching.run(watcher.look, watcher.tell_error)
    return decide_drift([*watcher.standing.values()])


def _render(report: DriftReport, format_: str) -> str:
    from reconciler.rendering.drift_json import render_drift_json
    from reconciler.rendering.drift_text import render_drift
    from reconciler.rendering.style import Style

    if format_ == "json":
        return render_drift_json(report)
    return render_drift(report, Style(use_color()), is_verbose=find_common().is_verbose)
