"""Which live trades go into a file, under which name, and which are skipped with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reconciler.codec.note import write_marker
from reconciler.importing.choices import Choices, Surroundings, choose
from reconciler.matching.sighting import index_active
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec
from tests.support.builders import entry, live, marker, spec, terms, unmarked

ELSEWHERE = live(note=write_marker(marker(workspace="other")))


def decide(
    *lives: LiveTrade, specs: Sequence[TradeSpec] = (), name: str | None = None, foreign: Sequence[int] = ()
) -> Choices:
    around = Surroundings(
        specs={each.name: each for each in specs},
        index=index_active(lives, {"test"}),
        workspaces={"test"},
        foreign=foreign,
        renames={former: each.name for each in specs for former in each.former_names},
    )
    return choose(lives, around, name=name)


def refusal(choices: Choices) -> str:
    (refused,) = choices.refused
    assert choices.chosen == ()
    return refused.reason


def test_a_trade_that_is_new_to_the_files_gets_a_name_with_its_id() -> None:
    (choice,) = decide(unmarked(live())).chosen
    assert (choice.name, choice.generation, choice.spec, choice.is_marked) == ("btc-usdt-7", 1, None, False)


def test_a_trade_that_a_file_describes_is_recognised_without_a_marker() -> None:
    (choice,) = decide(unmarked(live()), specs=[spec(generation=3)]).chosen
    assert (choice.name, choice.generation) == ("btc-dip", 3)
    assert choice.spec == spec(generation=3)


def test_a_marked_trade_keeps_its_name_and_a_moved_one_has_the_new_name() -> None:
    assert decide(live()).chosen[0].name == "btc-dip"
    moved = replace(spec(name="btc-new"), former_names=("btc-dip",))
    assert decide(live(), specs=[moved]).chosen[0].name == "btc-new"


def test_a_given_name_is_taken() -> None:
    (choice,) = decide(unmarked(live()), name="mine").chosen
    assert choice.name == "mine"


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        (decide(ELSEWHERE), "it belongs to workspace `other`"),
        (decide(live(note="[reconciler:1 broken")), "the marker in its note is damaged"),
        (decide(unmarked(live()), foreign=[7]), "reconciler.yaml lists it under `foreign`"),
        (decide(live(), name="another"), "it is marked as `btc-dip` and keeps that name"),
        (decide(live(), specs=[spec(generation=2)]), "it is generation 1, and btc-dip of plan.yaml:1 says 2"),
        (
            decide(unmarked(live()), specs=[spec(terms(pair="USDT_ETH"), name="mine")], name="mine"),
            "the name mine is taken by mine of plan.yaml:1",
        ),
        (
            decide(unmarked(live()), specs=[replace(spec(name="new"), former_names=("old",))], name="old"),
            "the name old was moved to new",
        ),
        (decide(unmarked(live()), specs=[spec(name="a"), spec(name="b")]), "say which with --name NAME"),
    ],
)
def test_a_trade_that_cannot_be_taken_is_skipped_with_the_reason(choices: Choices, reason: str) -> None:
    assert reason in refusal(choices)


def test_of_two_that_may_be_one_trade_of_the_files_neither_is_taken() -> None:
    choices = decide(unmarked(live(id=7)), unmarked(live(id=8)), specs=[spec()])
    assert choices.chosen == ()
    assert [refused.live_id for refused in choices.refused] == [7, 8]


def test_a_name_that_was_made_for_a_trade_says_more_than_a_likeness() -> None:
    specs = [spec(name="a"), spec(name="btc-usdt-7")]
    assert decide(unmarked(live(id=7)), specs=specs).chosen[0].name == "btc-usdt-7"
    other = [spec(name="a"), spec(terms(entered_by=entry(50000)), name="btc-usdt-7")]
    assert decide(unmarked(live(id=7)), specs=other).chosen[0].name == "a"
