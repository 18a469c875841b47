"""Progress of a live trade."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.drift_codes import DriftCode
from reconciler.model.live import Phase
from reconciler.model.reasons import reason
from reconciler.model.terms import Step
from tests.support import builders
from tests.support.surveys import SPEC, btc, check, shown, usdt


def test_what_the_market_did_is_progress() -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(trailing=2)))
    live = builders.live(
        wanted,
        Phase.OPEN,
        shown=builders.terms(stop_loss=builders.stop(61000, trailing=2)),
        step_statuses=["finished"],
    )
    assert [each.reason for each in check([wanted], [live])] == [
        reason(DriftCode.POSITION_ENTERED, units=btc("0.01"), price=usdt(60000)),
        reason(DriftCode.STEPS_EXECUTED, executed=1, total=2),
        reason(DriftCode.STOP_MOVED, before=usdt(58500), now=usdt(61000)),
    ]


def test_a_stop_that_was_dragged_is_drift_and_no_progress_beside() -> None:
    found = check([SPEC], [shown(stop_loss=builders.stop(59000))])
    assert [each.topic for each in found] == ["field", "entered"]


def test_levels_that_became_prices_and_a_part_of_an_entry_are_progress() -> None:
    percent = builders.spec(
        builders.terms(
            entered_by=builders.entry(None, trigger=60000, trailing=2),
            steps=[builders.step(None, 100, percent=5)],
            stop_loss=None,
        )
    )
    became: tuple[Step, ...] = (builders.step(63000, 100, percent=5),)
    live = builders.live(percent, Phase.OPEN, shown=replace(percent.terms, steps=became), average=60000)
    assert [each.topic for each in check([percent], [live])] == ["entered", "levels_set"]
    filling = builders.live(phase=Phase.FILLING, entered="0.004")
    assert [each.reason for each in check([SPEC], [filling])] == [reason(DriftCode.ENTRY_FILLING, units=btc("0.004"))]
