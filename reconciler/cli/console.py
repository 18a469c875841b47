"""Printing: results on standard output, everything else on standard error, colour where it is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

import click

from reconciler.cli.options import find_common


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to use colour.

    Args:
        choice: `auto`, `always` or `never`; the latter two decide.
        stream: Where the text goes.
        environment: A non-empty NO_COLOR turns it off, then a non-empty FORCE_COLOR on.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def use_color(stream: TextIO | None = None) -> bool:
    """Whether the running command uses colour on a stream, by default standard output."""
    return wants_color(find_common().color, stream or sys.stdout, os.environ)


def print_result(text: str) -> None:
    """Print what the command is for."""
    click.echo(text, nl=not text.endswith("\n"), color=True)


def print_message(text: str) -> None:
    """Print what goes with it."""
    click.echo(text, err=True, nl=not text.endswith("\n"), color=True)
