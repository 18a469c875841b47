"""The part of a plan that is sent although limits are passed or a freeze is in force, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.guardrails.held_back import HeldBack, find_held_back
from reconciler.model.operations import Operation
from reconciler.model.plan import Plan
from reconciler.rendering.folding import fold_text
from reconciler.rendering.style import Style, printable
from reconciler.rendering.words import name_few

# More are counted.
_MOST_NAMES = 8


def can_be_sent_in_part(plan: Plan) -> bool:
    """Return whether a part of a plan would be sent, and the rest would wait."""
    held = find_held_back(plan.operations, plan.breaches, plan.freezes)
    return 0 < len(held) < len(plan.operations) and all(verdict.has_passed for verdict in plan.policies)


def part_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Write which operations of a plan would be sent and which would wait; nothing if it is all or none of them."""
    if not can_be_sent_in_part(plan):
        return
    held = find_held_back(plan.operations, plan.breaches, plan.freezes)
    head = f"Not applicable as a whole: {_count(plan.operations, held)} would be sent; {_describe_rest(held)}."
    yield style.paint(head, "yellow", "bold")
    for text in (f"Would be sent: {_name_sent(plan.operations, held)}", f"Held back: {_name_held(held)}"):
        first, *others = fold_text(text, indent=2)
        yield f"  {first}"
        yield from (f"    {line}" for line in others)


def describe_part(operations: Sequence[Operation], held: Sequence[HeldBack]) -> str:
    """Describe what an apply sends of a plan, right before it does so or asks.

    Args:
        operations: All operations of the plan.
        held: Those that are held back; at least one, and not all.
    """
    sent = len(operations) - len(held)
    verb = "is" if sent == 1 else "are"
    head = f"Not applicable as a whole: {_count(operations, held)} {verb} sent; {_describe_rest(held)}."
    return f"{head}\n  Sent: {_name_sent(operations, held)}\n  Held back: {_name_held(held)}"


def _count(operations: Sequence[Operation], held: Sequence[HeldBack]) -> str:
    sent = len(operations) - len(held)
    return f"{sent} of {len(operations)} operations lower{'s' if sent == 1 else ''} risk and"


def _describe_rest(held: Sequence[HeldBack]) -> str:
    return f"{len(held)} wait{'s' if len(held) == 1 else ''}"


def _name_sent(operations: Sequence[Operation], held: Sequence[HeldBack]) -> str:
    waiting = {each.operation for each in held}
    return _name(each for each in operations if each not in waiting)


def _name_held(held: Sequence[HeldBack]) -> str:
    return _name(each.operation for each in held)


def _name(operations: Iterable[Operation]) -> str:
    texts = dict.fromkeys(f"{printable(each.trade)} {_describe(each)}" for each in operations)
    return name_few(list(texts), _MOST_NAMES)


def _describe(operation: Operation) -> str:
    return f"({operation.action.value.replace('_', ' ')}, {operation.effect.value})"
