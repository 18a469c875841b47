"""Tests of reconciler/alerts/find_alerts.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from reconciler.alerts.find_alerts import (
    describe_error,
    find_drift_alerts,
    find_freeze_alerts,
    find_held_alerts,
    find_outcome_alerts,
    find_plan_alerts,
    find_refusal_alerts,
)
from reconciler.applying.endings import end_held_back
from reconciler.errors import Frozen, GuardrailError, NotSent
from reconciler.guardrails.held_back import find_held_back
from reconciler.model.alerts import AlertEvent
from reconciler.model.drift import FindingKind, Topic
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.outcomes import Outcome, OutcomeKind
from tests.support import builders
from tests.support.drift_reports import finding, report
from tests.support.guardrails import CREATE, TIGHTEN, judge, named
from tests.support.world import World, trade


def test_the_losses_of_a_trade_are_one_alert_and_each_edit_is_one_by_its_loss_at_stop() -> None:
    found = find_drift_alerts(
        report(
            finding(FindingKind.LOSS, Topic.STOP_GONE, "eth"),
            finding(FindingKind.LOSS, Topic.STEP_FAILED, "eth"),
            finding(
                FindingKind.DRIFT,
                Topic.FIELD,
                path="stop_loss.conditional.price.value",
                applied="58500",
                filed="58500",
                live="1",
            ),
            finding(FindingKind.PROGRESS, Topic.ENTERED),
        )
    )
    assert [(each.event, each.subject, each.weight) for each in found] == [
        (AlertEvent.LOSS, "eth", Decimal(2)),
        (AlertEvent.DRIFT, "btc-dip", Decimal("21.18")),
    ]
    assert found[1].text == "stop_loss.conditional.price  58500 -> 1"


def test_an_edit_of_the_same_input_is_the_same_alert_with_another_detail() -> None:
    one, other = (
        find_drift_alerts(report(finding(FindingKind.DRIFT, Topic.FIELD, path="stop_loss.price.value", live=live)))[0]
        for live in ("1", "2")
    )
    assert one.key == other.key
    assert one.detail != other.detail


def test_a_freeze_is_an_alert_with_its_reason_and_end() -> None:
    until = datetime(2026, 12, 1, 8, tzinfo=UTC)
    (found,) = find_freeze_alerts([Freeze(source=FreezeSource.COMMAND, reason="CPI", until=until)])
    assert (found.event, found.text) == (AlertEvent.FREEZE, "frozen until 2026-12-01 08:00 UTC: CPI")


def test_an_apply_that_went_well_is_one_alert_that_does_not_last() -> None:
    with World() as world:
        plan = world.plan(trade())
        assert list(find_plan_alerts(plan)) == []
        (found,) = find_outcome_alerts(world.apply(plan).outcomes, None)
    assert (found.event, found.text, found.is_lasting) == (AlertEvent.APPLIED, "1 of 1 operations are done", False)


def test_what_failed_is_unknown_or_was_not_begun_is_an_alert_by_trade() -> None:
    with World() as world:
        (operation,) = world.plan(trade()).operations
    ends = {
        OutcomeKind.FAILED: [AlertEvent.APPLY_FAILED],
        OutcomeKind.STALE: [AlertEvent.APPLY_FAILED],
        OutcomeKind.FILLED_WHILE_CANCELLING: [AlertEvent.APPLY_FAILED],
        OutcomeKind.INDETERMINATE: [AlertEvent.INDETERMINATE],
        OutcomeKind.NOT_STARTED: [],
        OutcomeKind.ALREADY_DONE: [AlertEvent.APPLIED],
    }
    for kind, events in ends.items():
        found = list(find_outcome_alerts([Outcome(operation=operation, kind=kind, live_id=None)], None))
        assert [each.event for each in found] == events
    (stopped,) = find_outcome_alerts([], NotSent("the network is down"))
    assert (stopped.event, stopped.subject, stopped.text) == (AlertEvent.APPLY_FAILED, "", "the network is down")


def test_a_refusal_names_the_guardrails_that_are_passed_or_else_the_error() -> None:
    with World() as world:
        plan = world.plan(trade())
    breached = replace(
        plan, guardrails=tuple(replace(each, holds=("btc-dip",)) for each in plan.guardrails if each.is_breach)
    )
    (found,) = find_refusal_alerts(breached, GuardrailError("Guardrail: creates 21"))
    assert (found.event, found.text) == (AlertEvent.GUARDRAIL, "Guardrail: creates 21")
    assert describe_error(Frozen("frozen: CPI")).event is AlertEvent.GUARDRAIL


def test_a_limit_that_holds_back_a_part_is_the_alert_of_that_limit_and_no_failure() -> None:
    operations = [named(CREATE, "a"), named(TIGHTEN, "b")]
    plan = builders.plan(operations, guardrails=judge(operations, {"creates": 0}))
    outcomes = [end_held_back(each) for each in find_held_back(plan.operations, plan.breaches)]
    assert list(find_outcome_alerts(outcomes, None)) == []
    (found,) = find_held_alerts(plan, outcomes)
    (refused,) = find_refusal_alerts(plan, GuardrailError("x"))
    assert found == refused
    (other,) = find_held_alerts(replace(plan, guardrails=()), outcomes)
    assert (other.event, other.text) == (AlertEvent.GUARDRAIL, "creates: a part of the plan is held back")
