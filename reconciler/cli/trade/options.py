"""Options that select the trade of a command, and options that all commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import click

from reconciler.cli.numbers import ID
from reconciler.cli.options import DEFAULT_LOCK_TIMEOUT_S, acknowledge_option, lock_timeout_option
from reconciler.errors import UsageError
from reconciler.model.commands import Selector

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """The options of a command that sends a write.

    Attributes:
        auto_approve: Whether nobody is asked.
        lock_timeout_s: How long to wait for another run to end, in seconds.
        acknowledge: Limits that may be passed, as they were given.
    """

    auto_approve: bool = False
    lock_timeout_s: float = DEFAULT_LOCK_TIMEOUT_S
    acknowledge: tuple[str, ...] = ()


def id_option(function: Callable[..., R]) -> Callable[..., R]:
    """Add the option that names a trade by its SmartTrade id."""
    return click.option(
        "--id",
        "live_id",
        type=ID,
        metavar="ID",
        help="SmartTrade id instead of NAME: any trade of the key, also one that is not of this workspace.",
    )(function)


def write_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options of commands that send a write; they come as `write`."""

    @functools.wraps(function)
    def packed(*args: object, auto_approve: bool, lock_timeout: float, **others: object) -> R:
        write = WriteOptions(auto_approve=auto_approve, lock_timeout_s=lock_timeout)
        return function(*args, write=write, **others)

    approve = click.option(
        "--auto-approve", is_flag=True, allow_from_autoenv=False, help="Do not ask; print what is done and do it."
    )
    return approve(lock_timeout_option()(packed))


def committing_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options of commands that bind money; they come as `write`."""

    @functools.wraps(function)
    def packed(*args: object, write: WriteOptions, acknowledge: tuple[str, ...], **others: object) -> R:
        return function(*args, write=replace(write, acknowledge=acknowledge), **others)

    words = "Pass a guardrail: with its exact count, for example at_market=1, or up to an amount; may be repeated."
    option: Callable[..., Callable[..., R]] = acknowledge_option(words)
    return write_options(option(packed))


def select(words: Sequence[str], live_id: int | None, *rest: str) -> tuple[Selector, list[str]]:
    """Read which trade is meant, and the words that come after its name.

    Args:
        words: The arguments; the first is the name unless an id is given.
        live_id: From `--id`, or None.
        rest: What else is expected, in order, for messages; a name in brackets may be missing.

    Raises:
        UsageError: There are too few words, or too many.
    """
    left = list(words)
    if live_id is None and not left:
        raise UsageError("which trade? Give its NAME, or --id with its SmartTrade id")
    name = left.pop(0) if live_id is None else None
    needed = [word for word in rest if not word.startswith("[")]
    if not len(needed) <= len(left) <= len(rest):
        expected = " ".join((*(() if live_id else ("NAME",)), *rest)) or "either NAME or --id, not both"
        raise UsageError(f"found {len(words)} arguments, expected {expected}; quote a text of several words")
    return Selector(name=name, live_id=live_id), left
