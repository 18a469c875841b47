"""`reconciler validate`: check the plan files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.console import print_message, print_result, print_text, use_color
from reconciler.cli.exit_codes import ExitCode, decide_problems
from reconciler.cli.options import common_options, format_option, paths_argument
from reconciler.cli.session import find_settings
from reconciler.cli.terminal import find_width


@click.command("validate")
@paths_argument
@format_option("github")
@common_options
def command(paths: tuple[Path, ...], format_: str) -> int:
    """Check the plan files and show all problems at once; no network.

    PATHS narrow the output to problems in these files or folders. All files are read in any case, since a name may be
    used only once in a workspace.
    """
    from reconciler.errors import InvalidPlanFiles
    from reconciler.rendering.problem_text import render_problems_github, render_problems_json, render_problems_text
    from reconciler.rendering.words import count_of
    from reconciler.workflows.plan_files import check_files, count_selected, select_problems
    from reconciler.workflows.repository_paths import show_from_top

    settings = None
    try:
        settings = find_settings(is_live=False)
        files = check_files(settings)
        problems = select_problems(files, paths)
        count, trades = count_selected(files, paths)
    except InvalidPlanFiles as error:
        problems, count, trades = error.problems, 1, 0
    code = decide_problems(problems)
    if format_ == "json":
        print_result(render_problems_json(problems, count))
    elif format_ == "github" and problems:
        root = Path() if settings is None else settings.root
        print_result(render_problems_github(show_from_top(problems, root)))
    elif problems:
        print_text(render_problems_text(problems, color=use_color(), width=find_width(sys.stdout)))
    if settings is not None and code is ExitCode.DONE and format_ == "text":
        print_message(f"Valid: {count_of(trades, 'trade')} in {count_of(count, 'file')}.")
    return code
