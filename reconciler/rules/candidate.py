"""The trade that a rule checks, and the findings of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import to_decimal
from reconciler.model.documents import FieldPath
from reconciler.model.problems import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding of a rule about a trade.

    Attributes:
        path: The field in canonical form, below the trade.
        message: What was found, what was expected, what to do.
        severity: Whether the trade cannot be used.
        is_about_entry: Whether it applies only while the entry waits.
        is_about_create: Whether it applies only if the trade would be created; a plan blocks that create.
    """

    path: FieldPath
    message: str
    severity: Severity = Severity.ERROR
    is_about_entry: bool = False
    is_about_create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A trade in canonical form, with defaults, that may be incomplete or wrong.

    Its methods return None if a field is absent or has the wrong type. So a rule checks the fields it can read; missing
    fields are reported by other rules.

    Attributes:
        workspace: Name of the workspace.
        name: Name of the trade.
        values: All groups and values by path, so that each of the many reads is fast.
        steps: The paths of the take-profit steps; none if take profit is disabled.
        averaging: The paths of the averaging orders.
    """

    workspace: str
    name: str
    values: Mapping[FieldPath, object]
    steps: Sequence[FieldPath]
    averaging: Sequence[FieldPath] = ()

    @classmethod
    def from_fields(cls, fields: Mapping[str, object], *, workspace: str, name: str) -> Candidate:
        """Make the candidate of a trade.

        Args:
            fields: The trade in canonical form.
            workspace: Name of the workspace.
            name: Name of the trade.
        """
        values: dict[FieldPath, object] = {}
        _collect(values, (), fields)
        steps = values.get(("take_profit", "steps"))
        is_enabled = values.get(("take_profit", "enabled")) in (True, "true")
        count = len(steps) if isinstance(steps, list) and is_enabled else 0
        paths = tuple(("take_profit", "steps", index) for index in range(count))
        orders = values.get(("averaging",))
        averaging = tuple(("averaging", index) for index in range(len(orders) if isinstance(orders, list) else 0))
        return cls(workspace=workspace, name=name, values=values, steps=paths, averaging=averaging)

    def get(self, *path: str | int) -> object:
        """Return the value of a field."""
        return self.values.get(path)

    def text(self, *path: str | int) -> str | None:
        """Return the value of a field that holds a text."""
        value = self.values.get(path)
        return value if isinstance(value, str) else None

    def number(self, *path: str | int) -> Decimal | None:
        """Return the value of a field that holds a number, or a text with a number."""
        value = self.values.get(path)
        if value is None:
            return None
        try:
            return to_decimal(value)
        except ValueError:
            return None

    def is_on(self, *path: str | int) -> bool:
        """Return whether a field is true."""
        return self.values.get(path) in (True, "true")

    @property
    def has_stop(self) -> bool:
        """Return whether the stop loss is enabled."""
        return self.is_on("stop_loss", "enabled")

    @property
    def rests_at_limit(self) -> bool:
        """Return whether the entry places a limit order, at once or when its trigger is reached."""
        order_type = self.get("position", "order_type")
        if order_type == "conditional":
            order_type = self.get("position", "conditional", "order_type")
        return order_type == "limit"


Rule = Callable[[Candidate], Iterator[Finding]]


def warn(path: FieldPath, message: str, *, is_about_entry: bool = False) -> Finding:
    """Make a warning: the trade can still be used."""
    return Finding(path=path, message=message, severity=Severity.WARNING, is_about_entry=is_about_entry)


def warn_of_create(path: FieldPath, message: str) -> Finding:
    """Make a warning about what is right for a live trade and refused for a new one; files do not say which it is."""
    return Finding(path=path, message=message, severity=Severity.WARNING, is_about_create=True)


def require(candidate: Candidate, *path: str | int, expected: str) -> Iterator[Finding]:
    """Report a field that is absent.

    Args:
        candidate: The trade.
        path: The field.
        expected: What it should hold, for the message.
    """
    if candidate.get(*path) is None:
        # If the whole group is absent, the message names the short form, which users know.
        is_short = path[-1] in ("value", "percent") and candidate.get(*path[:-1]) is None
        name = path[-2] if is_short else path[-1]
        yield Finding(path=path, message=f"{name} is missing, expected {expected}")


def _collect(values: dict[FieldPath, object], path: FieldPath, group: Mapping[str, object]) -> None:
    for key, value in group.items():
        here = (*path, key)
        values[here] = value
        if isinstance(value, dict):
            _collect(values, here, value)
        elif isinstance(value, list):
            for index, part in enumerate(value):
                values[*here, index] = part
                if isinstance(part, dict):
                    _collect(values, (*here, index), part)
