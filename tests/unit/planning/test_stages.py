"""The stages of each action, as data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.operations import BY_HAND_ACTIONS, Action
from reconciler.planning.stages import OPENING_STAGES, Stage, changes_entry, list_stages
from tests.support import builders, planning

REPRICE = planning.only(
    planning.plan([builders.spec(builders.terms(entered_by=builders.entry(59000)))], [builders.live()])
)


def test_a_change_of_entry_is_announced_before_it_is_sent() -> None:
    assert changes_entry(REPRICE)
    assert list_stages(REPRICE) == (Stage.READ, Stage.ANNOUNCE, Stage.UPDATE, Stage.NOTE)


@pytest.mark.parametrize("action", [each for each in Action if each not in BY_HAND_ACTIONS])
def test_every_action_of_a_plan_reads_its_trade_before_it_writes(action: Action) -> None:
    stages = list_stages(replace(REPRICE, action=action))
    assert stages[0] is (Stage.RATES if action is Action.CREATE else Stage.READ)


@pytest.mark.parametrize("action", sorted(BY_HAND_ACTIONS))
def test_an_action_by_hand_has_no_stages_of_a_plan(action: Action) -> None:
    with pytest.raises(KeyError):
        list_stages(replace(REPRICE, action=action))


def test_a_replace_ends_as_a_create() -> None:
    assert list_stages(replace(REPRICE, action=Action.REPLACE))[-3:] == OPENING_STAGES
