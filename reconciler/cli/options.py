"""Options that every command has, before or after the command's name."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from reconciler.cli.paths import PATH

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True, kw_only=True)
class Common:
    """The common options, those after the command winning over those before it.

    Attributes:
        workspace: Folder of the workspace, or None.
        target: Name of the target, or None.
        color: `auto`, `always` or `never`.
        is_verbose: Whether to show every request.
    """

    workspace: Path | None = None
    target: str | None = None
    color: str = "auto"
    is_verbose: bool = False


def common_options(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command the common options; it finds their values with `find_common`."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        common = find_common()
        for name in ("workspace", "target", "color"):
            given = kwargs.pop(name)
            if given is not None:
                setattr(common, name, given)
        if kwargs.pop("verbose"):
            common.is_verbose = True
        return function(*args, **kwargs)

    decorators = (
        click.option(
            "--workspace",
            type=PATH,
            metavar="DIR",
            help="Folder with reconciler.yaml; default: the nearest one upwards, else ./plans.",
        ),
        click.option("--target", metavar="NAME", help="Target of reconciler.yaml; default: its `target`."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), help="Colour; default: auto."),
        click.option("-v", "--verbose", is_flag=True, help="Show every request on standard error."),
    )
    decorated: Callable[P, R] = wrapper
    for decorator in reversed(decorators):
        decorated = decorator(decorated)
    return decorated


def find_common() -> Common:
    """The common options of the running command."""
    return click.get_current_context().ensure_object(Common)
