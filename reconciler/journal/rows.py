"""The one translator from rows to values: what is missing, of another version or damaged is unknown, never an error."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import RowMapping, Select, Table, literal_column, select

from reconciler.codec.instants import write_instant
from reconciler.model.journal import IntentState

UNKNOWN = "unknown"
_LARGEST_INTEGER = 2**63 - 1
# 9999-12-31; beyond it there is no date.
_LAST_INSTANT_S = 253402300799.0


def select_rows(table: Table) -> Select[tuple[object]]:
    """Select all columns that the table has, as the database gives them, so that no conversion can fail."""
    return select(literal_column("*")).select_from(table)


class Row:
    """A row of the journal.

    Args:
        values: Column to value, of any type that the database returns.
    """

    __slots__ = ("_values",)

    def __init__(self, values: RowMapping | Mapping[str, object]) -> None:
        self._values: dict[str, object] = {str(name): value for name, value in values.items()}

    def integer(self, name: str) -> int | None:
        """Return a number that is not negative, or None if there is none."""
        value = self._values.get(name)
        is_integer = isinstance(value, int) and not isinstance(value, bool)
        return cast("int", value) if is_integer and 0 <= cast("int", value) <= _LARGEST_INTEGER else None

    def text(self, name: str) -> str:
        """Return a text; empty if there is none."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def word(self, name: str) -> str:
        """Return a text; the word `unknown` if there is none."""
        return self.text(name) or UNKNOWN

    def flag(self, name: str) -> bool | None:
        """Return yes or no, or None if it is neither."""
        value = self._values.get(name)
        return bool(value) if value in (0, 1) else None

    def seconds(self, name: str) -> float | None:
        """Return an instant in seconds since 1970, or None if there is none."""
        return read_seconds(self._values.get(name))

    def instant(self, name: str) -> str | None:
        """Return an instant as a text, or None if there is none."""
        seconds = self.seconds(name)
        if seconds is None:
            return None
        return write_instant(datetime.fromtimestamp(seconds, UTC), precision="milliseconds")

    def document(self, name: str) -> dict[str, object] | None:
        """Return a JSON object, numbers with a point as Decimal; None if there is none."""
        return read_document(self.text(name))

    def is_damaged(self, name: str) -> bool:
        """Return whether there is something that is not a JSON object."""
        return self._values.get(name) is not None and self.document(name) is None

    def state(self) -> IntentState:
        """Return the state of a request; a word that this version does not know counts as pending."""
        text = self.text("state")
        return IntentState(text) if text in tuple(IntentState) else IntentState.PENDING


def read_seconds(value: object) -> float | None:
    """Read an instant in seconds since 1970, or None if the value is not one."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= _LAST_INSTANT_S else None


def read_document(text: str | None) -> dict[str, object] | None:
    """Read a JSON object of the journal, numbers with a point as Decimal; None for anything else."""
    if not text:
        return None
    try:
        found: object = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return found if isinstance(found, dict) else None
