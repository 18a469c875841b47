"""The file of the sandbox that a command works on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from reconciler.cli.options import find_common
from reconciler.cli.paths import PathType
from reconciler.errors import UsageError
from reconciler.loading.file_kinds import CONFIG_FILE, is_plan_name

if TYPE_CHECKING:
    from reconciler.sandbox.exchange.exchange import Sandbox

P = ParamSpec("P")
R = TypeVar("R")


def data_option(function: Callable[P, R]) -> Callable[P, R]:
    """Take the file of the sandbox."""
    return click.option(
        "--data",
        type=PathType(kind="file"),
        metavar="FILE",
        help="The sandbox's file; default: that of the workspace's sandbox target.",
    )(function)


@contextmanager
def open_data(data: Path | None) -> Iterator[Sandbox]:
    """Open the sandbox of a file.

    Args:
        data: The file; None for that of the workspace.

    Raises:
        UsageError: It is not a file, or has the name of a plan file.
        ReconcilerError: It cannot be used.
    """
    from reconciler.loading.workspace_folder import find_workspace
    from reconciler.workflows.connection import SANDBOX_FILE, make_own_folder, open_sandbox

    if data is not None:
        _refuse_other_file(data)
    path = data or make_own_folder(find_workspace(find_common().workspace, os.environ)) / SANDBOX_FILE
    with open_sandbox(path) as sandbox:
        yield sandbox


def _refuse_other_file(data: Path) -> None:
    """Refuse a pipe, which the sandbox would wait for without end, and a plan file, which it would overwrite."""
    if data.exists() and not data.is_file():
        raise UsageError(f"--data {data} is not a regular file, expected a new name or a file of the sandbox")
    if is_plan_name(data.name) or data.name == CONFIG_FILE:
        raise UsageError(f"--data {data} has the name of a plan file, expected one such as sandbox.sqlite")
