"""The head of a plan: whether it can be applied, why not, the words that allow it, and which rules have changed."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.plan import Plan
from reconciler.rendering.commit_text import describe_commit
from reconciler.rendering.folding import fold_text
from reconciler.rendering.freeze_text import freeze_lines, held_lines
from reconciler.rendering.guardrail_text import describe_above_default, describe_guardrail, is_above_default
from reconciler.rendering.policy_text import policy_lines
from reconciler.rendering.sent_part import can_be_sent_in_part, part_lines
from reconciler.rendering.style import Style, printable
from reconciler.rendering.words import count_of, name_few

_MOST_NAMES = 3


def head_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Write all that a reviewer must know before the changes; it ends with an empty line."""
    context = plan.context
    head = f"Workspace {context.workspace}, target {context.target} ({context.mode}){describe_commit(context)}"
    yield style.paint(printable(head), "bold")
    yield from freeze_lines(plan.freezes, style)
    yield from held_lines(plan.operations, plan.freezes, style)
    yield from policy_lines(plan.policies, style)
    yield ""
    verdict = list(_verdict_lines(plan, style))
    if verdict:
        yield from verdict
        yield ""
    yield from _rule_lines(plan, style)


def allowing_line(plan: Plan) -> str:
    """Write what allows a plan that passes limits, to be read below all changes; empty if it can be applied."""
    guardrails = plan.breaches
    words = [guardrail.acknowledge for guardrail in guardrails if guardrail.acknowledge]
    stuck = [guardrail.name for guardrail in guardrails if not guardrail.acknowledge]
    if stuck:
        names = name_few([printable(name) for name in dict.fromkeys(stuck)], _MOST_NAMES)
        return f"Not applicable: {names} cannot be acknowledged."
    options = " ".join(f"--acknowledge {printable(each)}" for each in dict.fromkeys(words))
    head = "Not applicable as a whole. To allow all" if can_be_sent_in_part(plan) else "Not applicable. To allow this"
    return f"{head}: {options}" if options else ""


def _verdict_lines(plan: Plan, style: Style) -> Iterator[str]:
    guardrails, count = plan.breaches, len(plan.breaches)
    yield from part_lines(plan, style)
    if count:
        verb = "is" if count == 1 else "are"
        words = "Held back, since" if can_be_sent_in_part(plan) else "NOT APPLICABLE:"
        yield style.paint(f"{words} {count_of(count, 'limit')} {verb} passed", "red", "bold")
        texts = map(describe_guardrail, guardrails)
        for text in texts:
            first, *others = fold_text(printable(text), indent=4)
            yield f"  {style.paint('!', 'red', 'bold')} {first}"
            yield from (f"      {line}" for line in others)
    elif plan.operations and plan.is_applicable:
        yield style.paint("Applicable: no limit is passed" + _list_acknowledged(plan), "bold")
    for guardrail in plan.guardrails:
        if guardrail.is_passed and not guardrail.is_breach:
            yield style.paint("  Guardrail ", "yellow") + printable(describe_guardrail(guardrail))
        elif is_above_default(guardrail):
            yield style.paint("  Guardrail ", "yellow") + printable(describe_above_default(guardrail))


def _list_acknowledged(plan: Plan) -> str:
    return " that is not acknowledged." if any(guardrail.acknowledged for guardrail in plan.guardrails) else "."


def _rule_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Write the rules that differ from the base of the review."""
    if not plan.config_changes:
        return
    base = printable(plan.config_base or "the base")
    yield style.paint(f"Rules changed against {base}:", "red", "bold")
    width = max(len(printable(change.path)) for change in plan.config_changes)
    for change in plan.config_changes:
        before = "(none)" if change.before is None else printable(change.before)
        after = "(none)" if change.after is None else printable(change.after)
        yield f"  {printable(change.path).ljust(width)}  {before} -> {after}"
    yield ""
