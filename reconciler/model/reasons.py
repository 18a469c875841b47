"""Reasons: statements as data; `reconciler.rendering` has the words.

A reason is a code and the values that belong to it. Stages make reasons; no stage writes sentences. Each stage has its
codes in an enum of its own, and `rendering/reasons.py` has a template for every code. No two codes of any stages have
the same text, so that a saved plan can name a code by its text alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit.

    Attributes:
        value: The exact number.
        unit: A currency such as `USDT` or `BTC`, or `%`.
    """

    value: Decimal
    unit: str


# What a reason may hold: a text that came from a file or from the API, a number of things, an amount, another reason.
ReasonValue: TypeAlias = "str | int | bool | Amount | datetime | Reason | tuple[ReasonValue, ...]"


@dataclass(frozen=True, slots=True)
class Reason:
    """Statement as a code and values, without words.

    Attributes:
        code: Which sentence; a member of the enum of one stage.
        values: What the sentence names, by name, in the order of the names.
    """

    code: StrEnum
    values: tuple[tuple[str, ReasonValue], ...] = ()

    def __getitem__(self, name: str) -> ReasonValue:
        """Return the value of a name.

        Raises:
            KeyError: The reason has no such value.
        """
        for each, value in self.values:
            if each == name:
                return value
        raise KeyError(name)


def reason(code: StrEnum, **values: ReasonValue | None) -> Reason:
    """Make a reason.

    Args:
        code: Which sentence.
        values: What it names; a value that is None is left out.
    """
    return Reason(code, tuple((name, value) for name, value in sorted(values.items()) if value is not None))
