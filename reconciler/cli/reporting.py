"""Errors as the user sees them."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback

import click

from reconciler.errors import InvalidPlanFiles, ReconcilerError
from reconciler.settings import find_passwords, find_secrets


def report_error(error: ReconcilerError) -> int:
    """Print an expected error.

    Returns:
        The exit code.
    """
    if isinstance(error, InvalidPlanFiles):
        from reconciler.cli.console import wants_color
        from reconciler.rendering.problems import render_problems_text

        color = wants_color("auto", sys.stderr, os.environ)
        click.echo(render_problems_text(error.problems, color=color), err=True, nl=False, color=True)
    else:
        print_error(error)
    return error.exit_code


def print_error(error: ReconcilerError) -> None:
    """Print the message of an error; it may be several lines, with text of the API or of a file within them."""
    from reconciler.rendering.style import printable

    click.echo("\n".join(printable(line) for line in f"Error: {error.message}".split("\n")), err=True)


def report_bug(error: Exception) -> None:
    """Print one line about an error that nobody expected, and keep its traceback in a file."""
    handle, path = tempfile.mkstemp(prefix="reconciler-", suffix=".log", text=True)
    told = "".join(traceback.format_exception(error))
    # What a foreign library says in an error nobody knows beforehand.
    for secret in sorted((*find_secrets(os.environ), *find_passwords(os.environ)), key=len, reverse=True):
        told = told.replace(secret, "***")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write(told)
    click.echo(f"Internal error ({type(error).__name__}): a bug of reconciler. Details in {path}", err=True)
