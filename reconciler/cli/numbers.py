"""Numbers on the command line, each within its range, so that none of them fails later."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from reconciler.errors import UsageError

if TYPE_CHECKING:
    _ParamType = click.ParamType[int]
else:
    # Before click 8.2 it takes no argument.
    _ParamType = click.ParamType

# A day is longer than any run; more is a mistake.
LONGEST_WAIT_S = 86400.0
# Source: SQLite and PostgreSQL, signed integers of eight bytes; ids of the API are far smaller.
LARGEST_ID = 2**63 - 1


class WholeNumber(_ParamType):
    """The type of a whole number within its range; the help of an option does not show the range.

    Args:
        least: The smallest number.
        most: The largest number.
    """

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number.

        Raises:
            click.BadParameter: It is not a whole number, or not within the range.
        """
        try:
            number = int(value)
        except ValueError:
            self.fail(f"found {value!s:.60}, expected a whole number such as {self.least}", param, ctx)
        if not self.least <= number <= self.most:
            self.fail(f"found {value!s:.60}, expected a whole number from {self.least} to {self.most}", param, ctx)
        return number


# Ids of trades, steps, orders, accounts, and numbers of requests and runs.
ID = WholeNumber(1, LARGEST_ID)


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
