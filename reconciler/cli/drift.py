"""`reconciler drift`: what happened to the live trades since they were last applied."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import has_reader, print_message, print_result, print_text, use_color
from reconciler.cli.exit_codes import decide_drift
from reconciler.cli.options import common_options, find_common, format_option, paths_argument, trades_option
from reconciler.cli.plan_output import find_text_width
from reconciler.cli.session import find_settings, open_command
from reconciler.cli.warnings import print_warnings
from reconciler.cli.watch.interval import watch_option
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.drift import DriftReport
    from reconciler.session import Session


@click.command("drift")
@paths_argument
@trades_option("Check")
@format_option("markdown", "html")
@watch_option("Check again at this interval, for example 5m, until Ctrl-C.")
@common_options
def command(paths: tuple[Path, ...], trades: tuple[str, ...], format_: str, watch: str | None) -> int:
    """Show what was edited outside the files and what is lost; sends no write.

    PATHS narrow it to trades in these files or folders. Exit code 2 if there is drift or loss, else 0; with --watch, if
    there is some when Ctrl-C ends it.
    """
    from reconciler.workflows.alerting import open_alerting
    from reconciler.workflows.plan_files import read_selection
    from reconciler.workflows.survey import Surveyor

    settings = find_settings()
    selection = read_selection(settings, paths, trades)
    print_warnings(selection.files)
    with open_command(settings, writes=False) as session:
        surveyor = Surveyor(session)
        if watch is None:
            report = surveyor.find_drift(selection)
            open_alerting(session).check_drift(report, None if selection.is_whole else selection.names)
            show = print_text if format_ == "text" else print_result
            show(_render(report, format_))
            return decide_drift(report.alarms)
        if format_ in ("markdown", "html"):
            raise UsageError("--watch prints lines of text or JSON: leave --format out, or write --format json")
        alerting = open_alerting(session)

        def check() -> DriftReport:
            selected = read_selection(settings, paths, trades)
            report = surveyor.find_drift(selected)
            alerting.check_drift(report, None if selected.is_whole else selected.names)
            return report

        return _watch(session, check, watch, is_json=format_ == "json")


def _watch(session: Session, check: Callable[[], DriftReport], interval: str, *, is_json: bool) -> int:
    from reconciler.cli.watch.drift_changes import DriftWatcher
    from reconciler.cli.watch.interval import Watch

    watcher = DriftWatcher(
        check, session.clock, print_result if is_json else print_text, print_message, is_json=is_json
    )
    print_message(f"Checking every {interval}. Press Ctrl-C to stop.")
    with suppress(KeyboardInterrupt):
        Watch.of(session, interval, print_message, has_reader).run(watcher.check, watcher.report_error)
    return decide_drift([*watcher.present.values()])


def _render(report: DriftReport, format_: str) -> str:
    from reconciler.rendering.drift_json import render_drift_json
    from reconciler.rendering.drift_markdown import render_drift_markdown
    from reconciler.rendering.drift_text import render_drift
    from reconciler.rendering.style import Style
    from reconciler.rendering.views.drift_view import view_drift

    if format_ == "json":
        return render_drift_json(report)
    if format_ == "markdown":
        return render_drift_markdown(view_drift(report))
    if format_ == "html":
        from reconciler.rendering.html.pages import render_drift_page

        return render_drift_page(view_drift(report))
    width = find_text_width(sys.stdout)
    return render_drift(report, Style(use_color()), width=width, is_verbose=find_common().is_verbose)
