"""`reconciler validate`: the plan files alone."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import ExitCode, decide_problems
from reconciler.cli.options import common_options
from reconciler.cli.paths import PATH
from reconciler.cli.session import find_settings


@click.command("validate")
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
)
@common_options
def command(paths: tuple[Path, ...], format_: str) -> int:
    """Check the plan files and tell all problems at once; no network.

    PATHS narrow what is told to problems in these files or folders; all files are read, since names are unique over
    all of them.
    """
    from reconciler.errors import InvalidPlanFiles
    from reconciler.rendering.problem_text import render_problems_github, render_problems_json, render_problems_text
    from reconciler.workflows.plan_files import check_files, select_problems

    settings = None
    try:
        settings = find_settings(is_live=False)
        workspace = check_files(settings)
        problems, files = select_problems(workspace, paths), workspace.files
    except InvalidPlanFiles as error:
        problems, files = error.problems, 1
    code = decide_problems(problems)
    if format_ == "json":
        print_result(render_problems_json(problems, files))
    elif format_ == "github" and problems:
        print_result(render_problems_github(problems))
    elif problems:
        print_result(render_problems_text(problems, color=use_color()))
    if settings is not None and code is ExitCode.DONE and format_ == "text":
        trades = len(workspace.specs)
        print_message(f"Valid: {trades} trade{'' if trades == 1 else 's'} in {files} file{'' if files == 1 else 's'}.")
    return code
