"""Print results on standard output and everything else on standard error, with colour if it is wanted."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import TextIO

from reconciler.cli.options import find_common
from reconciler.cli.printer import PRINTER
from reconciler.cli.terminal import LEAST_WIDTH, fit_text, is_terminal


def wants_color(choice: str, stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Return whether to use colour.

    Args:
        choice: `auto`, `always` or `never`; the latter two decide.
        stream: Where the text goes; None if it is closed.
        environment: A non-empty NO_COLOR turns it off, then a non-empty FORCE_COLOR on.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and environment.get("TERM") != "dumb"


def use_color(stream: TextIO | None = None) -> bool:
    """Return whether the running command uses colour on a stream, by default standard output."""
    return wants_color(find_common().color, stream or sys.stdout, os.environ)


def find_table_width() -> int | None:
    """Return the terminal cells of a line of a table; None for as many as it needs.

    A terminal has its width, or that of COLUMNS. A file or a pipe has none, so that no column is lost, unless COLUMNS
    is exported.
    """
    if not is_terminal(sys.stdout) and not os.environ.get("COLUMNS"):
        return None
    return max(LEAST_WIDTH, shutil.get_terminal_size().columns)


def print_result(text: str) -> None:
    """Print what the command is for, as it is: JSON, a table, a file."""
    PRINTER.print_result(text)


def print_text(text: str) -> None:
    """Print what the command is for; on a terminal its lines are wrapped at words."""
    PRINTER.print_result(fit_text(text, sys.stdout))


def print_part(text: str) -> None:
    """Print text that is not a whole line on standard output, such as what controls a terminal."""
    PRINTER.print_part(text)


def print_message(text: str) -> None:
    """Print what goes with it."""
    PRINTER.print_message(text)


def has_reader() -> bool:
    """Return whether standard output still takes what is written."""
    return PRINTER.has_reader


def expect_reader() -> None:
    """Treat a lost reader as a failure, since printing is all that this run does."""
    PRINTER.keeps_results = False
