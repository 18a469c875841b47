"""The documents that the command prints, read as far as a pipeline needs them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# From this rank on an operation is not called dangerous. Source: schemas/saved-plan.schema.json, `danger`.
_FIRST_HARMLESS = 6
_DIGITS = 8
# More names than this are stored as one; any change of them then counts as a new danger.
_MAX_DANGERS = 200
# What identifies an operation to a reviewer; prices, times and ids of live trades are others in every plan.
_IDENTITY = (
    "danger",
    "action",
    "trade",
    "generation",
    "effect",
    "side_effects",
    "changes",
    "after",
    "step",
    "copies_left",
    "averaging",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A saved plan.

    Attributes:
        content: The document.
    """

    content: Mapping[str, object]

    @classmethod
    def load(cls, path: Path) -> Plan:
        """Load the plan in a file.

        Raises:
            ValueError: It is not JSON.
            OSError: It cannot be read.
        """
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict):
            raise ValueError(f"{path} is not a saved plan")
        return cls(content)

    def text(self, *path: str) -> str:
        """Return a text of the document; empty if it is missing."""
        found: object = self.content
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return "" if found is None else str(found)

    def count(self, name: str) -> int:
        """Return a number of the summary."""
        summary = self.content.get("summary")
        number = summary.get(name) if isinstance(summary, Mapping) else None
        return number if isinstance(number, int) else 0

    def rows(self, name: str) -> Sequence[Mapping[str, object]]:
        """Return the objects of a list of the document."""
        listed = self.content.get(name)
        return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []

    @property
    def is_applicable(self) -> bool:
        """Return whether no guardrail, freeze or policy refuses it."""
        return self.content.get("is_applicable") is True

    @property
    def has_changes(self) -> bool:
        """Return whether something is to be done, is blocked, or needs attention."""
        return bool(self.rows("operations") or self.rows("blocked") or self.count("attention"))

    @property
    def breaches(self) -> list[Mapping[str, object]]:
        """The limits that refuse it."""
        return [each for each in self.rows("guardrails") if each.get("is_breach") is True]

    @property
    def is_dangerous(self) -> bool:
        """Return whether a reviewer must not miss it."""
        return bool(self.count("dangerous") or self.breaches or self.rows("config_changes") or not self.is_applicable)


def is_dangerous(operation: Mapping[str, object]) -> bool:
    """Return whether an operation is one of those that a reviewer must see."""
    danger = operation.get("danger")
    return isinstance(danger, int) and danger < _FIRST_HARMLESS


def find_dangers(plan: Plan) -> tuple[str, ...]:
    """Find short names of all that is dangerous in a plan; the same thing has the same name in a later plan."""
    names = sorted({_name(each) for each in _list_dangers(plan)})
    return tuple(names) if len(names) <= _MAX_DANGERS else (_name(names),)


def _list_dangers(plan: Plan) -> Iterator[object]:
    for operation in filter(is_dangerous, plan.rows("operations")):
        yield {name: operation.get(name) for name in _IDENTITY}
    for notice in plan.rows("notices"):
        if notice.get("kind") == "loss":
            yield ["loss", notice.get("trade"), notice.get("live_id")]
    for breach in plan.breaches:
        # The value follows the price, so that it would be another danger in every plan.
        yield ["breach", *(breach.get(name) for name in ("name", "unit", "scope", "trades"))]
    for change in plan.rows("config_changes"):
        yield ["rule", *(change.get(name) for name in ("path", "before", "after"))]
    for held in plan.rows("held_back"):
        yield ["held", held.get("trade"), held.get("action")]
    for verdict in plan.rows("policies"):
        if verdict.get("result") != "passed":
            yield ["policy", verdict.get("command"), verdict.get("result")]


def _name(danger: object) -> str:
    text = json.dumps(danger, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
