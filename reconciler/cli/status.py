"""`reconciler status`: one line for each trade."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import (
    find_table_width,
    has_reader,
    print_message,
    print_part,
    print_result,
    use_color,
)
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, format_option, paths_argument
from reconciler.cli.session import find_settings, open_command
from reconciler.cli.terminal import fit_text, is_terminal
from reconciler.cli.warnings import print_warnings
from reconciler.cli.watch.interval import watch_option

if TYPE_CHECKING:
    from reconciler.model.status import StatusReport
    from reconciler.session import Session


@click.command("status")
@paths_argument
@format_option()
@watch_option("Show it again at this interval, for example 30s, until Ctrl-C.")
@common_options
def command(paths: tuple[Path, ...], format_: str, watch: str | None) -> int:
    """Show one line for each trade: phase, fills, steps, profit, distance to stop and next step; sends no write.

    PATHS narrow it to trades in these files or folders. With --watch a terminal is refreshed in place; otherwise a
    block with its time is printed each time, with --format json a line.
    """
    from reconciler.workflows.plan_files import read_selection
    from reconciler.workflows.survey import Surveyor

    settings = find_settings()
    selection = read_selection(settings, paths)
    print_warnings(selection.files)
    is_json = format_ == "json"
    with open_command(settings, writes=False) as session:
        surveyor = Surveyor(session)
        if watch is None:
            print_result(_render(surveyor.find_status(selection), is_json=is_json, is_line=False))
        else:

            def check() -> str:
                report = surveyor.find_status(read_selection(settings, paths))
                return _render(report, is_json=is_json, is_line=True)

            _watch(session, check, watch, is_json=is_json)
    return ExitCode.DONE


def _watch(session: Session, check: Callable[[], str], interval: str, *, is_json: bool) -> None:
    from reconciler.cli.watch.interval import Watch
    from reconciler.cli.watch.screen import Screen

    on_terminal = is_terminal(sys.stdout) and not is_json
    with Screen(print_part, session.clock, is_terminal=on_terminal, is_bare=is_json) as screen:
        report = screen.warn if on_terminal else print_message
        with suppress(KeyboardInterrupt):
            Watch.of(session, interval, report, has_reader).run(
                lambda: screen.show(check()), lambda error: report(error.message)
            )


def _render(report: StatusReport, *, is_json: bool, is_line: bool) -> str:
    from reconciler.rendering.status_json import render_status_json
    from reconciler.rendering.status_text import render_status
    from reconciler.rendering.style import Style

    if is_json:
        return render_status_json(report, is_line=is_line)
    return fit_text(render_status(report, Style(use_color()), find_table_width()), sys.stdout)
