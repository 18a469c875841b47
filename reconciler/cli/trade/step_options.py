"""Options that select the step of `trade close-step` and `trade cancel-step`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from reconciler.cli.numbers import ID, read_id
from reconciler.cli.trade.options import select
from reconciler.errors import UsageError
from reconciler.model.commands import Selector

R = TypeVar("R")

# Source: SmartTradesV2 page: maximum steps is 8.
MOST_STEPS = 8


def step_option(function: Callable[..., R]) -> Callable[..., R]:
    """Add the option that names a step by its trade id."""
    return click.option(
        "--step-id", type=ID, metavar="ID", help="The id that `trade trades` shows, instead of NUMBER."
    )(function)


def select_step(words: Sequence[str], live_id: int | None, step_id: int | None) -> tuple[Selector, int | None]:
    """Read which trade and which of its steps is meant.

    Args:
        words: The arguments: the name unless an id is given, and the number unless an id of a step is given.
        live_id: From `--id`, or None.
        step_id: From `--step-id`, or None.

    Returns:
        The trade, and the number of the step from 1; None if it is named by its id.

    Raises:
        UsageError: There are too few words or too many, or the number is not one of a step.
    """
    selector, left = select(words, live_id, *(("NUMBER",) if step_id is None else ()))
    if step_id is not None:
        return selector, None
    number = read_id(left[0])
    if number is None or not 1 <= number <= MOST_STEPS:
        raise UsageError(
            f"found step {left[0]!r:.60}, expected its number in order from 1 to {MOST_STEPS}, or --step-id"
        )
    return selector, number
