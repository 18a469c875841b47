"""Print results on standard output and everything else on standard error, with colour if it is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from reconciler.cli.options import find_common
from reconciler.cli.printer import PRINTER


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal; a closed one is not."""
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


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


def print_result(text: str) -> None:
    """Print what the command is for."""
    PRINTER.print_result(text)


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
