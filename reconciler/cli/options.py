"""Options that commands share; the common ones may be typed before or after the name of the command."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from click.core import ParameterSource

from reconciler.cli.completion import complete_targets, complete_trades
from reconciler.cli.numbers import read_wait
from reconciler.cli.paths import PATH, PathType
from reconciler.cli.printer import PRINTER

P = ParamSpec("P")
R = TypeVar("R")

# An apply of a few trades has ended in this time, in seconds; a longer one is better checked than waited for.
DEFAULT_LOCK_TIMEOUT_S = 10.0
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


class _CommonOption(click.Option):
    """An option that every command takes, and that only the help of the program itself describes."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return its line in the help, or None if one line stands for all common options."""
        return super().get_help_record(ctx) if ctx.parent is None else None


def common_options(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command the common options, whose values `find_common` finds.

    What is typed wins over the environment, and an option after the name of the command over one before it.
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
            cls=_CommonOption,
            type=PATH,
            metavar="DIR",
            help="Folder with reconciler.yaml; default: the nearest one upwards, else ./plans.",
        ),
        click.option(
            "--target",
            cls=_CommonOption,
            metavar="NAME",
            shell_complete=complete_targets,
            help="Target of reconciler.yaml; default: its `target`; with CI set, it must be named.",
        ),
        click.option(
            "--color", cls=_CommonOption, type=click.Choice(["auto", "always", "never"]), help="Colour; default: auto."
        ),
        click.option("-v", "--verbose", cls=_CommonOption, is_flag=True, help="Show every request on standard error."),
    )
    decorated: Callable[P, R] = wrapper
    for decorator in reversed(decorators):
        decorated = decorator(decorated)
    return decorated


def paths_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Take files and folders that narrow a command; all of the workspace without any."""
    return click.argument("paths", nargs=-1, type=PathType(exists=True))(function)


def trades_option(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Take names of trades that narrow a command.

    Args:
        verb: What the command does, for its help: `Plan`.
    """
    return click.option(
        "--trade",
        "trades",
        multiple=True,
        metavar="NAME",
        shell_complete=complete_trades,
        help=f"{verb} this trade only; may be repeated.",
    )


def format_option(*others: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Take the format of the output, `text` by default.

    Args:
        others: Formats beside `text` and `json`.
    """
    return click.option(
        "--format", "format_", type=click.Choice(["text", "json", *others]), default="text", show_default=True
    )


def brief_option(function: Callable[P, R]) -> Callable[P, R]:
    """Take whether text has verdict and index only."""
    return click.option(
        "--brief", "is_brief", is_flag=True, help="Text without the changes themselves: verdict and index only."
    )(function)


def max_bytes_option(function: Callable[P, R]) -> Callable[P, R]:
    """Take how large Markdown may become."""
    return click.option(
        "--max-bytes",
        type=click.IntRange(min=0),
        metavar="BYTES",
        help="Largest Markdown: the least dangerous is left out and counted; 0 is the head alone. Default: 1000000.",
    )(function)


def acknowledge_option(help_text: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Take what passes guardrails; never from the environment, since only a person may approve.

    Args:
        help_text: What it does in this command.
    """
    return click.option("--acknowledge", multiple=True, metavar="NAME=NUMBER", allow_from_autoenv=False, help=help_text)


def policy_option(function: Callable[P, R]) -> Callable[P, R]:
    """Take a command that judges the plan beside that of reconciler.yaml."""
    return click.option(
        "--policy",
        callback=_read_words,
        metavar="COMMAND",
        help="Command that gets the plan in JSON and must end with code 0; beside `policy` of reconciler.yaml.",
    )(function)


def _read_words(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text or ""))
    except ValueError:
        raise click.BadParameter("found a quotation mark without its end, expected words of a command") from None


def lock_timeout_option(condition: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Take how long to wait for the lock.

    Args:
        condition: Begins the help if the option does not always apply: `With --adopt: `.
    """
    words = f"{condition}how long to wait for another run on the same accounts to end."
    return click.option(
        "--lock-timeout",
        type=read_wait,
        default=DEFAULT_LOCK_TIMEOUT_S,
        show_default=True,
        metavar="SECONDS",
        help=words[0].upper() + words[1:],
    )


def find_common() -> Common:
    """Find the common options of the running command."""
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
