"""Freezes and policies in a saved plan, written and read back."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.codec.body import Body
from reconciler.codec.instants import read_instant
from reconciler.guardrails.held_back import HeldBack, find_held_back
from reconciler.model.freeze import Allowed, Freeze, FreezeSource
from reconciler.model.plan import Plan
from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.rendering.freeze_json import write_freeze
from reconciler.saved_plan.fields import read_list, read_object, read_optional_integer, read_optional_text, read_texts


def write_holds(plan: Plan) -> Body:
    """Write what holds operations of a plan back, and which."""
    return {
        "freezes": [write_freeze(freeze) for freeze in plan.freezes],
        "held_back": [_write_held(held) for held in find_held_back(plan.operations, plan.breaches, plan.freezes)],
        "policies": [_write_policy(verdict) for verdict in plan.policies],
    }


def count_held(plan: Plan) -> int:
    """Count the operations that a passed limit or a freeze holds back."""
    return len(find_held_back(plan.operations, plan.breaches, plan.freezes))


def count_sent(plan: Plan) -> int:
    """Count the operations that an apply sends; none of a plan that a policy refuses."""
    is_refused = not all(verdict.has_passed for verdict in plan.policies)
    return 0 if is_refused else len(plan.operations) - count_held(plan)


def _write_held(held: HeldBack) -> Body:
    operation = held.operation
    return {
        "trade": operation.trade,
        "action": operation.action.value,
        "effect": operation.effect.value,
        "by": [*dict.fromkeys(each.name for each in held.guardrails), *(["freeze"] if held.freezes else [])],
    }


def read_freezes(document: Mapping[str, object]) -> tuple[Freeze, ...]:
    """Read the freezes of a plan, for those who look at it: an apply finds those of its own time."""
    return tuple(_read_freeze(read_object(each)) for each in read_list(document["freezes"]))


def read_policies(document: Mapping[str, object]) -> tuple[PolicyVerdict, ...]:
    """Read the verdicts on a plan, for those who look at it: an apply asks again."""
    return tuple(_read_policy(read_object(each)) for each in read_list(document["policies"]))


def _read_freeze(freeze: Mapping[str, object]) -> Freeze:
    until, set_at = read_optional_text(freeze["until"]), read_optional_text(freeze["set_at"])
    return Freeze(
        source=FreezeSource(str(freeze["source"])),
        reason=str(freeze["reason"]),
        until=None if until is None else read_instant(until),
        allow=frozenset(map(Allowed, read_texts(freeze["allow"]))),
        who=read_optional_text(freeze["who"]) or "",
        set_at=None if set_at is None else read_instant(set_at),
    )


def _write_policy(verdict: PolicyVerdict) -> Body:
    return {
        "source": verdict.source.value,
        "command": list(verdict.command),
        "result": verdict.result.value,
        "exit_code": verdict.exit_code,
        "output": verdict.output,
    }


def _read_policy(verdict: Mapping[str, object]) -> PolicyVerdict:
    return PolicyVerdict(
        source=PolicySource(str(verdict["source"])),
        command=read_texts(verdict["command"]),
        result=PolicyResult(str(verdict["result"])),
        exit_code=read_optional_integer(verdict["exit_code"]),
        output=str(verdict["output"]),
    )
