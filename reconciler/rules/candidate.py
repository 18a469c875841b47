"""What a rule looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.documents import FieldPath
from reconciler.model.numbers import to_decimal
from reconciler.model.problems import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found in a trade.

    Attributes:
        path: The field in canonical form, below the trade.
        message: What was found, what was expected, what to do.
        severity: Whether the trade cannot be used.
    """

    path: FieldPath
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A trade in canonical form, defaults merged, not yet known to be complete or right.

    Its methods give None for what is absent or has the wrong type, so that a rule judges what it can and leaves the
    rest to the rules that ask for it.

    Attributes:
        workspace: Name of the workspace.
        name: Name of the trade.
        fields: The trade in canonical form.
    """

    workspace: str
    name: str
    fields: Mapping[str, object]

    def get(self, *path: str | int) -> object:
        """The value of a field."""
        node: object = self.fields
        for token in path:
            if isinstance(node, dict):
                node = node.get(token)
            elif isinstance(node, list) and isinstance(token, int):
                node = node[token]
            else:
                return None
        return node

    def text(self, *path: str | int) -> str | None:
        """The value of a field that holds a text."""
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def number(self, *path: str | int) -> Decimal | None:
        """The value of a field that holds a number, or a text with one."""
        try:
            return to_decimal(self.get(*path))
        except ValueError:
            return None

    def is_on(self, *path: str | int) -> bool:
        """Whether a field is true."""
        return self.get(*path) in (True, "true")

    @property
    def steps(self) -> Sequence[FieldPath]:
        """The paths of the take-profit steps; none when take profit is disabled."""
        steps = self.get("take_profit", "steps")
        if not isinstance(steps, list) or not self.is_on("take_profit", "enabled"):
            return ()
        return [("take_profit", "steps", index) for index in range(len(steps))]

    @property
    def has_stop(self) -> bool:
        """Whether the stop loss is enabled."""
        return self.is_on("stop_loss", "enabled")

    @property
    def rests_at_limit(self) -> bool:
        """Whether the entry places a limit order, at once or when its trigger is reached."""
        order_type = self.get("position", "order_type")
        if order_type == "conditional":
            order_type = self.get("position", "conditional", "order_type")
        return order_type == "limit"


Rule = Callable[[Candidate], Iterator[Finding]]


def warn(path: FieldPath, message: str) -> Finding:
    """A finding that leaves the trade usable."""
    return Finding(path=path, message=message, severity=Severity.WARNING)


def require(candidate: Candidate, *path: str | int, expected: str) -> Iterator[Finding]:
    """A finding if a field is absent.

    Args:
        candidate: The trade.
        path: The field.
        expected: What it should hold, for the message.
    """
    if candidate.get(*path) is None:
        name = path[-2] if path[-1] in ("value", "percent") else path[-1]
        yield Finding(path=path, message=f"{name} is missing, expected {expected}")
