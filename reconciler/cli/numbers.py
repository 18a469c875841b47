"""Numbers on the command line, each within its range, so that none of them fails later."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation

import click

from reconciler.errors import UsageError

# A day is longer than any run; more is a mistake.
LONGEST_WAIT_S = 86400.0
# Source: SQLite and PostgreSQL, signed integers of eight bytes; ids of the API are far smaller.
LARGEST_ID = 2**63 - 1

# Ids of trades, steps, orders, accounts, and numbers of requests and runs.
ID = click.IntRange(min=1, max=LARGEST_ID)


def read_wait(value: str | float) -> float:
    """Read how long to wait, in seconds: the type of an option.

    Raises:
        click.BadParameter: It is not a number from 0 to a day.
    """
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_WAIT_S:
        raise click.BadParameter(f"found {value!s:.60}, expected seconds from 0 to {LONGEST_WAIT_S:.0f}")
    return seconds


def read_id(text: str) -> int | None:
    """Read an id; None if the text is not one."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST_ID)):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def read_number(text: str, what: str) -> Decimal:
    """Read a finite number.

    Args:
        text: As it was typed.
        what: What it is, for the message.

    Raises:
        UsageError: It is not a number, or not a finite one.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{text:.60} is not a {what}") from None
    if not number.is_finite():
        raise UsageError(f"{text:.60} is not a {what}")
    return number
