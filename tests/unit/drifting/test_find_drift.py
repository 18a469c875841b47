"""Drift of a whole survey: its order, duplicates, and trades in no file."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.drift import FindingKind
from reconciler.model.live import Phase
from tests.support import builders
from tests.support.surveys import SPEC, check, kept, shown, topics


def test_two_live_trades_of_one_name_are_drift() -> None:
    assert topics(check([SPEC], [builders.live(id=1), builders.live(id=2)])) == [("duplicate", "")]


def test_a_trade_in_no_file_is_compared_with_the_journal_when_the_whole_workspace_is_checked() -> None:
    live = shown(stop_loss=builders.stop(58000))
    (drift, *_) = check([], [live], applied=kept())
    assert (drift.path, drift.applied, drift.filed, drift.live) == (
        "stop_loss.conditional.price.value",
        "58500",
        None,
        "58000",
    )
    assert check([], [live], applied=kept(), is_whole=False) == ()


def test_losses_come_first() -> None:
    first, second = builders.spec(name="first"), builders.spec(name="second")
    lives = [
        builders.live(first, Phase.OPEN, id=1, shown=replace(first.terms, stop_loss=builders.stop(58000))),
        builders.live(second, Phase.OPEN, id=2, stop_status="failed"),
    ]
    kinds = [each.kind for each in check([first, second], lives)]
    assert kinds == sorted(kinds, key=list(FindingKind).index)
    assert kinds[0] is FindingKind.LOSS
