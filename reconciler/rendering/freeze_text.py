"""Freezes as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.guardrails.freeze import explain_freezes
from reconciler.model.freeze import Freeze, find_allowed, find_held
from reconciler.model.operations import Operation
from reconciler.rendering.reasons import describe, describe_all
from reconciler.rendering.style import Style, printable


def freeze_lines(freezes: Sequence[Freeze], style: Style) -> Iterator[str]:
    """Write the freezes that are in force, and what goes through; nothing without one."""
    for found in explain_freezes(freezes):
        yield style.paint("FROZEN", "red", "bold") + f" by {printable(describe(found))}"
    if freezes:
        yield f"  Only what {_join(find_allowed(freezes))} goes through. By hand trades can be closed and cancelled."


def describe_held(operations: Sequence[Operation], freezes: Sequence[Freeze]) -> str:
    """Describe in one line why some operations are not sent, for an error."""
    held = find_held(operations, freezes)
    names = ", ".join(dict.fromkeys(f"{each.trade} ({each.effect.value})" for each in held))
    reasons = explain_freezes(freeze for freeze in freezes if any(freeze.holds_back(each) for each in held))
    return printable(f"frozen by {describe_all(reasons)}. Held back: {names}")


def describe_lifted(lifted: Sequence[Freeze]) -> str:
    """Describe the freezes that were lifted, for the user who did it."""
    if not lifted:
        return "The journal has no freeze of this target."
    return f"Lifted: {printable(describe_all(explain_freezes(lifted)))}."


def _join(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
