"""The verdict on a plan: whether it can be applied, why not, the words that allow it, and which rules have changed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from reconciler.guardrails.freeze import explain_freezes
from reconciler.model.freeze import find_allowed
from reconciler.model.guardrails import Guardrail
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan import Plan
from reconciler.model.plan_view import RulesView, VerdictView
from reconciler.model.policy import PolicyVerdict
from reconciler.model.views import AlertView, FieldView, OutputView
from reconciler.rendering.guardrail_text import is_above_default, say_above_default, say_guardrail
from reconciler.rendering.phrases import code, join, name_values, phrase, value
from reconciler.rendering.policy_text import MOST_LINES, describe_verdict
from reconciler.rendering.reasons import say
from reconciler.rendering.sent_part import describe_counts, find_held_part, say_held, say_sent
from reconciler.rendering.words import count_of

IN_PART = "Not applicable as a whole"
_MOST_NAMES = 3
_MOST_HELD = 8


def view_verdict(plan: Plan) -> VerdictView:
    """Make the verdict on a plan."""
    held = find_held_part(plan)
    return VerdictView(
        is_applicable=plan.is_applicable,
        word="Applicable" if plan.is_applicable else IN_PART if held else "Not applicable",
        head=describe_counts(plan.operations, held) if held else _describe_head(plan),
        tone=Tone.GOOD if plan.is_applicable else Tone.WARNING if held else Tone.DANGER,
        sent=say_sent(plan.operations, held) if held else (),
        held=say_held(held) if held else (),
        cause=f"Held back, since {_describe_head(plan)}" if held else "",
        reasons=tuple(_say_reasons(plan)),
        notes=tuple(_say_notes(plan)),
        remedy=say_remedy(plan),
        policies=tuple(map(_view_policy, plan.policies)),
    )


def view_freezes(plan: Plan) -> tuple[AlertView, ...]:
    """Make the alerts of the freezes in force, with what they let through."""
    if not plan.freezes:
        return ()
    found = [
        AlertView(tone=Tone.DANGER, text=phrase("FROZEN by ", say(each))) for each in explain_freezes(plan.freezes)
    ]
    *first, last = map(str, find_allowed(plan.freezes))
    words = f"{', '.join(first)} or {last}" if first else last
    allowed = phrase(f"Only what {words} goes through. By hand trades can be closed and cancelled.")
    return (*found, AlertView(tone=Tone.QUIET, text=allowed))


def view_rules(plan: Plan) -> RulesView | None:
    """Make the view of the rules that differ from the base of the review; None if there are none."""
    if not plan.config_changes:
        return None
    changes = (
        FieldView(path=each.path, before=each.before, after=each.after, trades=each.trades)
        for each in plan.config_changes
    )
    return RulesView(base=plan.config_base or "the base", changes=tuple(changes))


def say_remedy(plan: Plan) -> Phrase:
    """Say what allows a plan that passes limits, to be read again below all changes; empty if nothing does."""
    stuck = list(dict.fromkeys(each.name for each in plan.breaches if not each.acknowledge))
    if stuck:
        return phrase(name_values(stuck, _MOST_NAMES), " cannot be acknowledged.")
    words = dict.fromkeys(each.acknowledge for each in plan.breaches)
    options = join(((code(f"--acknowledge {each}"),) for each in words), " ")
    words_before = "To allow all: " if find_held_part(plan) else "To allow this: "
    return phrase(words_before, options) if options else ()


def _describe_head(plan: Plan) -> str:
    count = len(plan.breaches)
    if count:
        return f"{count_of(count, 'limit')} {'is' if count == 1 else 'are'} passed"
    if plan.held:
        return "a freeze is in force"
    if not plan.is_applicable:
        return "a rule of the user refuses it"
    acknowledged = any(guardrail.acknowledged for guardrail in plan.guardrails)
    return f"no limit is passed{' that is not acknowledged' if acknowledged else ''}"


def _say_reasons(plan: Plan) -> Iterator[Phrase]:
    yield from map(say_guardrail, plan.breaches)
    if plan.held:
        yield _say_held(plan)
    for verdict in plan.policies:
        if not verdict.has_passed:
            yield phrase(describe_verdict(verdict), ".")


def _say_held(plan: Plan) -> Phrase:
    held = dict.fromkeys((each.trade, each.effect.value) for each in plan.held)
    shown = [phrase(value(trade), f" ({effect})") for trade, effect in list(held)[:_MOST_HELD]]
    more = f" and {len(held) - _MOST_HELD} more" if len(held) > _MOST_HELD else ""
    return phrase("Held back by the freeze: ", join(shown, ", "), more)


def _say_notes(plan: Plan) -> Iterator[Phrase]:
    for guardrail in plan.guardrails:
        if _is_noted(guardrail):
            yield phrase("Guardrail ", say_guardrail(guardrail))
        elif is_above_default(guardrail):
            yield phrase("Guardrail ", say_above_default(guardrail))


def _is_noted(guardrail: Guardrail) -> bool:
    return guardrail.is_passed and not guardrail.is_breach


def _view_policy(verdict: PolicyVerdict) -> OutputView:
    lines = verdict.output.splitlines()
    return OutputView(
        head=phrase(describe_verdict(verdict)),
        tone=Tone.GOOD if verdict.has_passed else Tone.DANGER,
        command=shlex.join(verdict.command),
        lines=tuple(lines[:MOST_LINES]),
        more=max(0, len(lines) - MOST_LINES),
    )
