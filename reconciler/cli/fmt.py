"""`reconciler fmt`: the canonical layout of plan files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, paths_argument
from reconciler.cli.session import find_settings
from reconciler.cli.terminal import find_width

if TYPE_CHECKING:
    from reconciler.workflows.format_files import FormattedFiles


@click.command("fmt")
@paths_argument
@click.option("--check", is_flag=True, help="Write nothing; exit code 3 if a file has another layout.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@common_options
def command(paths: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Write plan files in the canonical layout; no network.

    Only blanks, line breaks and the brackets of long groups change: every value and every comment stays. PATHS are
    files or folders; without any, all plan files of the workspace and its reconciler.yaml. The names of the files that
    change are printed.
    """
    from reconciler.errors import InvalidPlanFiles
    from reconciler.workflows.format_files import FormattedFiles, format_paths, format_workspace, write_files

    try:
        found = format_paths(paths) if paths else format_workspace(find_settings(is_live=False))
    except InvalidPlanFiles as error:
        found = FormattedFiles(files=(), problems=tuple(error.problems))
    if not (check or diff):
        write_files(found.changed)
    _print(found, shows_diff=diff, is_written=not (check or diff))
    if found.problems:
        return ExitCode.FAILED
    return ExitCode.UNFORMATTED if check and found.changed else ExitCode.DONE


def _print(found: FormattedFiles, *, shows_diff: bool, is_written: bool) -> None:
    from reconciler.loading.secrets import hide_in_text
    from reconciler.rendering.layout_diff import render_layout_diff
    from reconciler.rendering.problem_text import render_problems_text
    from reconciler.rendering.style import Style, printable_line
    from reconciler.rendering.words import count_of
    from reconciler.settings import find_secrets

    for each in found.changed:
        if shows_diff:
            before, after = (hide_in_text(text, find_secrets(os.environ)) for text in (each.before, each.after))
            print_result(render_layout_diff(each.name, before, after, Style(use_color())))
        else:
            print_result(printable_line(each.name))
    if found.problems:
        width = find_width(sys.stderr)
        print_message(render_problems_text(found.problems, color=use_color(sys.stderr), width=width))
    count, changed = count_of(len(found.files), "file"), len(found.changed)
    if not changed:
        print_message(f"Nothing to change in {count}.")
    elif is_written:
        print_message(f"Formatted {changed} of {count}.")
    else:
        print_message(f"{changed} of {count} would change; `reconciler fmt` writes them.")
