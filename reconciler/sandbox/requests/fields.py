"""Typed fields of request parameters; every problem is noted under the API's key.

Source: published errors and issue threads of the docs repository (keys and messages); the official examples mix JSON
types and text.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.identifiers import LARGEST_ID

Choice = TypeVar("Choice", bound=StrEnum)

MISSING = "is missing"
INVALID = "is invalid"
NO_CHOICE = "does not have a valid value"


class Fields:
    """One group of parameters.

    Args:
        values: The group; unknown names are ignored, null counts as absent.
        path: Key of the group, empty for the top level.
        problems: Collects the problems; shared by all groups of a request.
    """

    def __init__(
        self, values: Mapping[str, object], path: str = "", problems: dict[str, list[str]] | None = None
    ) -> None:
        self._values = values
        self.path = path
        self.problems: dict[str, list[str]] = {} if problems is None else problems

    def key(self, name: str) -> str:
        """The bracket key of a field."""
        return f"{self.path}[{name}]" if self.path else name

    def has(self, name: str) -> bool:
        """Return whether the request gives the field a value other than null."""
        return self._values.get(name) is not None

    def report(self, name: str, message: str) -> None:
        """Note a problem of a field."""
        self.report_key(self.key(name), message)

    def report_key(self, key: str, message: str) -> None:
        """Note a problem under a key of its own."""
        messages = self.problems.setdefault(key, [])
        if message not in messages:
            messages.append(message)

    def group(self, name: str) -> Fields | None:
        """A nested group, or None if it is absent."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, Mapping):
            return Fields(value, self.key(name), self.problems)
        self.report(name, INVALID)
        return Fields({}, self.key(name), self.problems)

    def required_group(self, name: str) -> Fields:
        """A nested group; an empty one if it is absent, so that its own required fields are noted too."""
        group = self.group(name)
        if group is not None:
            return group
        self.report(name, MISSING)
        if self.path:
            self.report(name, INVALID)
            self.report_key(self.path, INVALID)
        return Fields({}, self.key(name), self.problems)

    def elements(self, name: str) -> list[Fields] | None:
        """A list of groups, or None if it is absent.

        Source: issue threads (indexed keys; un-indexed ones if a hash is given instead of the list).
        """
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, Mapping):
            self.report(name, INVALID)
            return [Fields(value, self.key(name), self.problems)]
        if not isinstance(value, list):
            self.report(name, INVALID)
            return []
        return [self._element(name, number, element) for number, element in enumerate(value)]

    def text(self, name: str) -> str | None:
        """A text field, or None if it is absent."""
        value = self._values.get(name)
        if value is None or (isinstance(value, str) and _is_unicode(value)):
            return value
        self.report(name, INVALID)
        return None

    def choice(self, name: str, kind: type[Choice], *, required: bool = False) -> Choice | None:
        """One of a closed set of words, or None if it is absent or wrong."""
        value = self._values.get(name)
        if value is None:
            if required:
                self.report(name, MISSING)
            return None
        try:
            return kind(str(value))
        except ValueError:
            self.report(name, NO_CHOICE)
            return None

    def flag(self, name: str, *, required: bool = False) -> bool:
        """A boolean; false if it is absent or wrong."""
        value = self._values.get(name)
        if value is None:
            if required:
                self.report(name, MISSING)
            return False
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        self.report(name, INVALID)
        return False

    def number(self, name: str, *, required: bool = False) -> Decimal | None:
        """A number, or None if it is absent or wrong."""
        value = self._values.get(name)
        if value is None:
            if required:
                self.report(name, MISSING)
            return None
        number = read_decimal(value)
        if number is None:
            self.report(name, INVALID)
        return number

    def integer(self, name: str, *, required: bool = False) -> int | None:
        """A whole number, or None if it is absent or wrong."""
        number = self.number(name, required=required)
        if number is None:
            return None
        if number != number.to_integral_value() or abs(number) > LARGEST_ID:
            self.report(name, INVALID)
            return None
        return int(number)

    def _element(self, name: str, number: int, element: object) -> Fields:
        path = f"{self.key(name)}[{number}]"
        if isinstance(element, Mapping):
            return Fields(element, path, self.problems)
        self.report_key(path, INVALID)
        return Fields({}, path, self.problems)


def _is_unicode(text: str) -> bool:
    """Return whether a text is valid Unicode; JSON escapes can contain half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
