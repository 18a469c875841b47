"""Options that every command has, before or after the command's name."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from click.core import ParameterSource

from reconciler.cli.paths import PATH
from reconciler.cli.printer import PRINTER

P = ParamSpec("P")
R = TypeVar("R")

_NAMES = ("workspace", "target", "color", "verbose")


@dataclass(slots=True, kw_only=True)
class Common:
    """The common options; see `common_options` for which one wins.

    Attributes:
        workspace: Folder of the workspace, or None.
        target: Name of the target, or None.
        color: `auto`, `always` or `never`.
        is_verbose: Whether to show every request.
        typed: Names of those that were typed on the command line.
    """

    workspace: Path | None = None
    target: str | None = None
    color: str = "auto"
    is_verbose: bool = False
    typed: set[str] = field(default_factory=set)


def common_options(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command the common options; it finds their values with `find_common`.

    What is typed wins over what the environment says, and then what stands after the command over what stands before.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        context = click.get_current_context()
        _refuse_useless(context)
        common = find_common()
        for name in _NAMES:
            _take(common, context, name, kwargs.pop(name))
        # An approved run counts by what it did, not by whether its words could be written.
        PRINTER.keeps_results = any(option.name == "auto_approve" for option in context.command.params)
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


def _take(common: Common, context: click.Context, name: str, given: object) -> None:
    source = context.get_parameter_source(name)
    is_typed = source is ParameterSource.COMMANDLINE
    if not is_typed and (source is not ParameterSource.ENVIRONMENT or name in common.typed):
        return
    if is_typed:
        common.typed.add(name)
    setattr(common, "is_verbose" if name == "verbose" else name, given)


def _refuse_useless(context: click.Context) -> None:
    """Refuse options without a value, and arguments that are not text; names of files have a type of their own.

    `--target "$TARGET"` with a variable that is not set must not mean another target than the one that is meant.

    Raises:
        click.BadParameter: Naming the argument.
    """
    for param in context.command.params:
        for text in _list_texts(context.params.get(param.name or "")):
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise click.BadParameter(f"found {text!a:.60}, expected text in UTF-8", context, param)
            if not text and isinstance(param, click.Option):
                raise click.BadParameter("found an empty value; is a variable not set?", context, param)


def _list_texts(value: object) -> Iterator[str]:
    values = value if isinstance(value, tuple) else (value,)
    return (each for each in values if isinstance(each, str))
