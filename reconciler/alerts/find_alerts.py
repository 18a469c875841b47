"""The alerts of a check for drift, and of the end of an apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from reconciler.errors import Frozen, GuardrailError, PolicyRefused, ReconcilerError
from reconciler.model.alerts import Alert, AlertEvent
from reconciler.model.drift import DriftReport, Finding, FindingKind
from reconciler.model.freeze import Freeze
from reconciler.model.guardrails import Guardrail
from reconciler.model.outcomes import Outcome, OutcomeKind, is_held_back
from reconciler.model.plan import Plan
from reconciler.rendering.finding_text import finding_line
from reconciler.rendering.guardrail_text import describe_guardrail
from reconciler.rendering.outcome_text import render_outcome, waits
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import Style

_FAILED = (OutcomeKind.FAILED, OutcomeKind.STALE, OutcomeKind.FILLED_WHILE_CANCELLING)
_DONE = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)


def find_drift_alerts(report: DriftReport) -> tuple[Alert, ...]:
    """Find the alerts of a check for drift: one for the losses of each trade, one for each edit, and freezes."""
    losses: dict[str, list[Finding]] = {}
    for finding in report.of(FindingKind.LOSS):
        losses.setdefault(finding.trade, []).append(finding)
    edits = (_describe_edit(finding, _find_loss_at_stop(report, finding.trade)) for finding in report.alarms)
    return (
        *(_describe_loss(trade, found) for trade, found in losses.items()),
        *(alert for alert in edits if alert is not None),
        *find_freeze_alerts(report.freezes),
    )


def find_freeze_alerts(freezes: Iterable[Freeze]) -> Iterator[Alert]:
    """Find the alerts of freezes that are in force."""
    for freeze in freezes:
        until = f" until {freeze.until:%Y-%m-%d %H:%M} UTC" if freeze.until else ""
        topic = f"{freeze.source} {freeze.set_at.isoformat(timespec='minutes') if freeze.set_at else ''}"
        yield Alert(event=AlertEvent.FREEZE, topic=f"{topic} {freeze.reason}", text=f"frozen{until}: {freeze.reason}")


def find_plan_alerts(plan: Plan) -> Iterator[Alert]:
    """Find the losses that nothing in a plan ends."""
    texts: dict[str, list[str]] = {}
    for notice in plan.notices:
        if notice.needs_attention:
            texts.setdefault(notice.trade or f"#{notice.live_id}", []).append(describe(notice.reason))
    for trade, found in texts.items():
        yield Alert(event=AlertEvent.LOSS, subject=trade, text="; ".join(found), weight=Decimal(len(found)))


def find_outcome_alerts(outcomes: Sequence[Outcome], error: ReconcilerError | None) -> Iterator[Alert]:
    """Find the alerts of what a run did.

    Args:
        outcomes: How each operation ended.
        error: What stopped the run before its end, or None.
    """
    for outcome in outcomes:
        event = _find_event(outcome)
        if event is not None:
            text = render_outcome(outcome, Style())
            name, action = outcome.operation.trade, outcome.operation.action.value
            yield Alert(event=event, subject=name, topic=action, text=text, detail=text)
    if error is not None:
        yield describe_error(error)
    done = sum(outcome.kind in _DONE for outcome in outcomes)
    if done:
        text = f"{done} of {len(outcomes)} operations are done"
        yield Alert(event=AlertEvent.APPLIED, text=text, is_lasting=False)


def find_held_alerts(plan: Plan, outcomes: Sequence[Outcome]) -> Iterator[Alert]:
    """Find the alerts of the limits that hold a part of a plan back while the rest was sent.

    Args:
        plan: The plan.
        outcomes: How each operation ended.
    """
    reasons = (outcome.reason for outcome in outcomes if is_held_back(outcome))
    values = (dict(why.values).get("limits") for why in reasons if why is not None)
    names = dict.fromkeys(str(name) for limits in values if isinstance(limits, tuple) for name in limits)
    breaches = [each for each in plan.breaches if each.name in names]
    yield from map(_describe_breach, breaches)
    # By the limits of now, which may be other ones than those of a saved plan.
    for name in names.keys() - {each.name for each in breaches}:
        yield Alert(event=AlertEvent.GUARDRAIL, topic=name, text=f"{name}: a part of the plan is held back")


def find_refusal_alerts(plan: Plan | None, error: ReconcilerError) -> Iterator[Alert]:
    """Find the alerts of an apply that sent nothing.

    Args:
        plan: The plan, if there is one.
        error: Why it was refused.
    """
    if isinstance(error, GuardrailError) and not isinstance(error, Frozen | PolicyRefused) and plan is not None:
        yield from map(_describe_breach, plan.breaches)
        if plan.breaches:
            return
    yield describe_error(error)


def describe_error(error: ReconcilerError) -> Alert:
    """Make the alert of an error that stopped an apply."""
    is_guardrail = isinstance(error, GuardrailError)
    event = AlertEvent.GUARDRAIL if is_guardrail else AlertEvent.APPLY_FAILED
    # A freeze has an alert of its own; its refusals are of one kind whatever the plan is.
    return Alert(event=event, topic="run", text=error.message, detail=type(error).__name__)


def _describe_breach(guardrail: Guardrail) -> Alert:
    topic = " ".join((guardrail.name, guardrail.scope, guardrail.unit))
    weight, text = guardrail.value or Decimal(0), describe_guardrail(guardrail)
    return Alert(event=AlertEvent.GUARDRAIL, topic=topic, text=text, weight=weight)


def _describe_loss(trade: str, findings: Sequence[Finding]) -> Alert:
    texts = [finding_line(finding) for finding in findings]
    detail = "\n".join(sorted(finding.topic for finding in findings))
    return Alert(
        event=AlertEvent.LOSS, subject=trade, text="; ".join(texts), weight=Decimal(len(findings)), detail=detail
    )


def _describe_edit(finding: Finding, loss_at_stop: Decimal) -> Alert | None:
    if finding.kind is not FindingKind.DRIFT:
        return None
    return Alert(
        event=AlertEvent.DRIFT,
        subject=finding.trade,
        topic=f"{finding.topic} {finding.path} {finding.live_id}",
        text=finding_line(finding),
        weight=loss_at_stop,
        detail=f"{finding.live!r} {finding.reason!r}",
    )


def _find_loss_at_stop(report: DriftReport, trade: str) -> Decimal:
    risk = report.risks.get(trade)
    loss = None if risk is None or risk.after is None else risk.after.loss_at_stop
    return loss if loss is not None else Decimal(0)


def _find_event(outcome: Outcome) -> AlertEvent | None:
    if outcome.kind is OutcomeKind.INDETERMINATE:
        return AlertEvent.INDETERMINATE
    is_stopped = outcome.kind is OutcomeKind.NOT_STARTED and outcome.reason is not None and not waits(outcome)
    return AlertEvent.APPLY_FAILED if outcome.kind in _FAILED or is_stopped else None
