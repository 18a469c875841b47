"""Which trade a command means, and the options that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import click

from reconciler.cli.numbers import ID
from reconciler.cli.options import lock_timeout_option
from reconciler.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Which trade is meant; exactly one of the two is given.

    Attributes:
        name: Name of a trade of this workspace, or None.
        live_id: SmartTrade id of any trade of the key, or None.
    """

    name: str | None
    live_id: int | None


def id_option(function: Callable[P, R]) -> Callable[P, R]:
    """Names a trade by its SmartTrade id."""
    return click.option(
        "--id",
        "live_id",
        type=ID,
        metavar="ID",
        help="SmartTrade id instead of NAME: any trade of the key, also one that is not of this workspace.",
    )(function)


def write_options(function: Callable[P, R]) -> Callable[P, R]:
    """Options of commands that send a write."""
    approve = click.option(
        "--auto-approve", is_flag=True, allow_from_autoenv=False, help="Do not ask; print what is done and do it."
    )
    lock: Callable[[Callable[P, R]], Callable[P, R]] = lock_timeout_option()
    return approve(lock(function))


def select(words: Sequence[str], live_id: int | None, *rest: str) -> tuple[Selector, list[str]]:
    """The trade that is meant, and the words that come after its name.

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
        expected = " ".join((*(() if live_id else ("NAME",)), *rest)) or "no NAME beside --id"
        raise UsageError(f"found {len(words)} arguments, expected {expected}; quote a text of several words")
    return Selector(name=name, live_id=live_id), left
