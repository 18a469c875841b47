"""The part of a plan that is sent although limits are passed or a freeze is in force, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.guardrails.held_back import HeldBack, find_held_back
from reconciler.model.operations import Operation
from reconciler.model.phrases import Phrase
from reconciler.model.plan import Plan
from reconciler.rendering.phrases import join, phrase, value
from reconciler.rendering.text.lines import show

# More are counted.
_MOST_NAMES = 8


def find_held_part(plan: Plan) -> tuple[HeldBack, ...]:
    """Find what of a plan waits while the rest would be sent; nothing if it is all or none of it."""
    held = find_held_back(plan.operations, plan.breaches, plan.freezes)
    is_part = 0 < len(held) < len(plan.operations) and all(verdict.has_passed for verdict in plan.policies)
    return held if is_part else ()


def describe_counts(operations: Sequence[Operation], held: Sequence[HeldBack], verb: str = "would be") -> str:
    """Describe how many operations lower risk and are sent, and how many wait.

    Args:
        operations: All operations of the plan.
        held: Those that are held back; at least one, and not all.
        verb: Between `and` and `sent`.
    """
    sent, waits = len(operations) - len(held), f"{len(held)} wait{'s' if len(held) == 1 else ''}"
    return f"{sent} of {len(operations)} operations lower{'s' if sent == 1 else ''} risk and {verb} sent; {waits}"


def say_sent(operations: Sequence[Operation], held: Sequence[HeldBack]) -> Phrase:
    """Name the operations that are sent."""
    waiting = {each.operation for each in held}
    return _name(each for each in operations if each not in waiting)


def say_held(held: Sequence[HeldBack]) -> Phrase:
    """Name the operations that wait."""
    return _name(each.operation for each in held)


def describe_part(operations: Sequence[Operation], held: Sequence[HeldBack]) -> str:
    """Describe what an apply sends of a plan, right before it does so or asks.

    Args:
        operations: All operations of the plan.
        held: Those that are held back; at least one, and not all.
    """
    verb = "is" if len(operations) - len(held) == 1 else "are"
    head = f"Not applicable as a whole: {describe_counts(operations, held, verb)}."
    return f"{head}\n  Sent: {show(say_sent(operations, held))}\n  Held back: {show(say_held(held))}"


def _name(operations: Iterable[Operation]) -> Phrase:
    names = list(dict.fromkeys(phrase(value(each.trade), f" {_describe(each)}") for each in operations))
    more = len(names) - _MOST_NAMES
    return phrase(join(names[:_MOST_NAMES], ", "), f" and {more} more" if more > 0 else "")


def _describe(operation: Operation) -> str:
    return f"({operation.action.value.replace('_', ' ')}, {operation.effect.value})"
