"""Money at risk of edited trades: before as applied, after as live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.drifting.edit_risk import measure_edits
from reconciler.drifting.find_drift import find_drift
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.risk import LevelChange, LevelKind, OperationRisk
from reconciler.risk.plan_risk import Seen
from reconciler.risk.trade_risk import Rules
from tests.support import builders
from tests.support.surveys import SPEC, kept, make_survey, shown

RULES = {builders.ACCOUNT: Rules(fee=Decimal("0.001"))}


def measured(lives: Sequence[LiveTrade]) -> dict[str, OperationRisk]:
    survey = make_survey([SPEC], lives, kept())
    return measure_edits(survey, find_drift(survey), Seen(lives={}), RULES)


def test_a_stop_that_was_moved_away_can_lose_more_than_as_applied() -> None:
    (risk,) = measured([shown(stop_loss=builders.stop(57000))]).values()
    assert risk.before is not None
    assert risk.after is not None
    assert risk.before.loss_at_stop == Decimal(600) - Decimal("584.415")
    assert risk.after.loss_at_stop == Decimal(600) - Decimal("569.43")
    stops = {level.price: level.change for level in risk.levels if level.kind is LevelKind.STOP}
    assert stops == {Decimal(58500): LevelChange.REMOVED, Decimal(57000): LevelChange.WORSE}


def test_a_removed_stop_leaves_no_stop_and_what_it_had_before() -> None:
    (risk,) = measured([shown(stop_loss=None)]).values()
    assert risk.before is not None
    assert risk.after is not None
    assert (risk.before.has_stop, risk.after.has_stop) == (True, False)
    assert risk.after.loss_at_stop is None


def test_a_stop_that_is_not_active_any_more_counts_as_lost() -> None:
    (risk,) = measured([builders.live(SPEC, Phase.OPEN, stop_status="failed")]).values()
    assert risk.before is not None
    assert risk.after is not None
    assert (risk.before.has_stop, risk.after.has_stop) == (True, False)


def test_another_step_changes_the_reward_alone() -> None:
    (risk,) = measured([shown(steps=[builders.step(63000, 50), builders.step(64000, 50)])]).values()
    assert risk.before is not None
    assert risk.after is not None
    assert risk.before.loss_at_stop == risk.after.loss_at_stop
    assert (risk.before.reward or 0) > (risk.after.reward or 0)


def test_what_was_not_edited_or_has_another_note_has_no_risk_to_show() -> None:
    assert measured([shown()]) == {}
    noted = replace(shown(), note=f"mine {shown().note}")
    assert measured([noted]) == {}
    assert measured([]) == {}
