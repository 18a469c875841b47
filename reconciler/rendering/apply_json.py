"""What an apply did as JSON; `schemas/apply.schema.json` describes the document and the events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reconciler import __version__
from reconciler.codec.instants import write_instant
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.reasons import Reason
from reconciler.rendering.outcome_text import describe_outcome, describe_takeover_file, summarize_outcomes, waits
from reconciler.rendering.risk_json import write_described
from reconciler.rendering.views.tones import find_symbol

KIND = "reconciler-apply"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "1.0"
_MODULE = "reconciler"

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that has ended, or that was refused.

    Attributes:
        plan: What was to be done.
        digest: Digest of the plan.
        outcomes: One for each operation, in the order in which they ended.
        error: What stopped or refused it; empty if nothing did.
        unsettled: Trade to the reason why it is not known what an earlier run did to it.
        exit_code: Exit code of the command.
        ended_at: When it ended.
    """

    plan: Plan
    digest: str
    outcomes: Sequence[Outcome] = ()
    error: str = ""
    unsettled: Mapping[str, Reason] = field(default_factory=dict)
    exit_code: int
    ended_at: datetime


def render_apply_json(run: Run) -> str:
    """Write a run as a JSON document with a line feed at its end; in ASCII, so that no terminal acts on it."""
    return json.dumps(write_run(run), indent=2) + "\n"


def write_run(run: Run) -> Json:
    """Make the document of a run."""
    context = run.plan.context
    summary, _ = summarize_outcomes(run.outcomes)
    return {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "reconciler_version": __version__,
        "workspace": context.workspace,
        "target": {"name": context.target, "kind": str(context.target_kind), "mode": str(context.mode)},
        "git_commit": context.git_commit,
        "plan_digest": run.digest,
        "ended_at": write_instant(run.ended_at),
        "exit_code": run.exit_code,
        "error": run.error or None,
        "summary": {**_count(run), "text": summary},
        "unsettled": {trade: write_described(why) for trade, why in run.unsettled.items()},
        "outcomes": [write_outcome(outcome) for outcome in run.outcomes],
    }


def write_outcome(outcome: Outcome) -> Json:
    """Make the object of one outcome."""
    return {
        **_write_operation(outcome.operation, outcome.live_id),
        "outcome": outcome.kind.value,
        "is_held_back": waits(outcome),
        "reason": write_described(outcome.reason) if outcome.reason else None,
        "is_listed": outcome.is_listed,
        "takeover": describe_takeover_file(outcome) or None,
    }


def write_start(plan: Plan, at: datetime) -> str:
    """Write the first event: the version, and what the run is for."""
    context = plan.context
    about = {"workspace": context.workspace, "target": context.target, "operations": len(plan.operations)}
    found = {"format_version": FORMAT_VERSION, "reconciler": __version__, **about}
    return _write_event("version", f"reconciler {__version__}", at, found)


def write_begin(operation: Operation, at: datetime) -> str:
    """Write the event of an operation that begins."""
    text = f"{operation.trade}: {_name_action(operation)} begins"
    return _write_event("apply_start", text, at, {"hook": _write_operation(operation, operation.live_id)})


def write_end(outcome: Outcome, at: datetime) -> str:
    """Write the event of an operation that has ended."""
    is_good = outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)
    why = describe_outcome(outcome)
    operation = outcome.operation
    text = f"{operation.trade}: {_name_action(operation)}: {outcome.kind.value}{f': {why}' if why else ''}"
    name, level = ("apply_complete", "info") if is_good else ("apply_errored", "error")
    if waits(outcome):
        name, level = "apply_held_back", "warn"
    return _write_event(name, text, at, {"hook": write_outcome(outcome)}, level)


def write_summary(run: Run) -> Sequence[str]:
    """Write the last events: what stopped the run, and what it did."""
    lines = []
    if run.error:
        diagnostic = {"diagnostic": {"severity": "error", "summary": run.error}}
        lines.append(_write_event("diagnostic", run.error, run.ended_at, diagnostic, "error"))
    summary, _ = summarize_outcomes(run.outcomes)
    changes = {"changes": {**_count(run), "operation": "apply"}, "exit_code": run.exit_code}
    return [*lines, _write_event("change_summary", summary, run.ended_at, changes)]


def _write_event(kind: str, message: str, at: datetime, found: Mapping[str, object], level: str = "info") -> str:
    """Write one line; its keys are those of tools of the field."""
    head = {"@level": level, "@message": message, "@module": _MODULE, "@timestamp": write_instant(at), "type": kind}
    return json.dumps({**head, **found})


def _write_operation(operation: Operation, live_id: int | None) -> Json:
    return {
        "trade": operation.trade,
        "live_id": live_id,
        "action": operation.action.value,
        "symbol": find_symbol(operation),
        "effect": operation.effect.value,
        "pair": operation.pair,
        "generation": operation.generation,
    }


def _name_action(operation: Operation) -> str:
    return operation.action.value.replace("_", " ")


def _count(run: Run) -> Json:
    """Count operations by how they ended; those that a limit or a freeze holds back are among the not started."""
    counts: Json = {kind.value: sum(outcome.kind is kind for outcome in run.outcomes) for kind in OutcomeKind}
    return {**counts, "held_back": sum(map(waits, run.outcomes))}
