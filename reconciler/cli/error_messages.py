"""Errors as the user sees them."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

import click

from reconciler.cli.approval import Declined
from reconciler.cli.exit_codes import ExitCode, decide_error
from reconciler.cli.printer import PRINTER
from reconciler.cli.terminal import find_width
from reconciler.cli.variables import find_source
from reconciler.errors import InvalidPlanFiles, ReconcilerError
from reconciler.settings import find_passwords, find_secrets

# Limits of the machine, which no message of this program could know beforehand.
_EXHAUSTED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
# If no log can be written, this many characters of the traceback, from its end, go to the screen.
_SHOWN_CHARS = 2000
# A shorter secret may be part of any word; it is hidden only if it is a word by itself.
_TELLING_CHARS = 6


def report_error(error: ReconcilerError) -> ExitCode:
    """Print an expected error.

    Returns:
        The exit code.
    """
    if isinstance(error, Declined):
        PRINTER.print_message(error.message)
    elif isinstance(error, InvalidPlanFiles):
        from reconciler.cli.console import wants_color
        from reconciler.rendering.problem_text import render_problems_text

        color = wants_color("auto", sys.stderr, os.environ)
        PRINTER.print_message(render_problems_text(error.problems, color=color, width=find_width(sys.stderr)))
    else:
        print_error(error)
    return decide_error(error)


def print_error(error: ReconcilerError) -> None:
    """Print the message of an error; it may be several lines, with text of the API or of a file within them."""
    from reconciler.rendering.style import printable

    PRINTER.print_message("\n".join(printable(line) for line in f"Error: {error.message}".split("\n")))


def report_usage(error: click.ClickException) -> None:
    """Print what is wrong with the command line, and name the variable if a wrong value came from the environment."""
    from reconciler.rendering.style import printable_line

    shown = io.StringIO()
    error.show(file=shown)
    lines = shown.getvalue().removesuffix("\n").split("\n")
    source = find_source(error) if isinstance(error, click.UsageError) else None
    if source is not None:
        lines.append(f"The value was read from the variable {source}.")
    PRINTER.print_message("\n".join(printable_line(line) for line in lines))


def is_about_system(error: OSError) -> bool:
    """Return whether an error is about a file of the user, or says that the machine has no more of something.

    Any other one, such as a bad file descriptor, is a bug of this program.
    """
    return isinstance(error.filename, str | bytes) or error.errno in _EXHAUSTED or _is_about_folder(error)


def report_system_error(error: OSError) -> None:
    """Print what the system says of a file."""
    from reconciler.rendering.style import printable

    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    name = "the current folder" if _is_about_folder(error) else name
    words = ": ".join(part for part in (name, error.strerror or type(error).__name__) if part)
    PRINTER.print_message(printable(f"Error: {words}"))


def _is_about_folder(error: OSError) -> bool:
    """Return whether the current folder was removed: nothing else fails like this without a name."""
    return error.errno == errno.ENOENT and error.filename is None


def report_bug(error: BaseException) -> None:
    """Print one line about an error that nobody expected, and keep its traceback in a file.

    This function cannot fail: without a place for the file, the end of the traceback is printed.
    """
    kind = type(error).__name__
    text = _hide_secrets(_describe(error))
    path = _write_log(text)
    if path is None:
        PRINTER.print_message(
            f"Internal error ({kind}): a bug of reconciler. No log could be written, so here is the end of it:\n"
            f"{text[-_SHOWN_CHARS:]}"
        )
    else:
        PRINTER.print_message(f"Internal error ({kind}): a bug of reconciler. Details in {path}")


def _describe(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception as other:  # noqa: BLE001 - whatever the error's own code does, it is reported
        return f"{type(error).__name__} (its traceback cannot be shown: {type(other).__name__})\n"


def _hide_secrets(text: str) -> str:
    """Remove secrets from a text: nobody knows beforehand what a library writes into an error."""
    for secret in sorted((*find_secrets(os.environ), *find_passwords(os.environ)), key=len, reverse=True):
        if len(secret) >= _TELLING_CHARS:
            text = text.replace(secret, "***")
        else:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text)
    return text


def _write_log(text: str) -> str | None:
    """Write a text into a new file that only the user can read.

    Returns:
        Its path, or None if there is no place for it.
    """
    try:
        handle, path = tempfile.mkstemp(prefix="reconciler-", suffix=".log")
    except OSError:
        return None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(text)
    except OSError:
        with suppress(OSError):
            Path(path).unlink()
        return None
    return path
