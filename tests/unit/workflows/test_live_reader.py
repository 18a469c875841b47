"""A list is never believed against better knowledge: what the journal knows is read by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from reconciler.cli.exit_codes import decide_run, has_open_ends
from reconciler.codec.phases import ENDED_STATUSES
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState
from reconciler.model.targets import TargetKind
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support.world import World, kinds, trade

FIRST = 30000001
TWIN = {
    "account_id": 1,
    "pair": "USDT_BTC",
    "position": {"type": "buy", "order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "60000"}},
    "take_profit": {"enabled": False},
    "stop_loss": {"enabled": False},
    "note": "by hand",
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A sandbox that stands for an API, with a journal."""
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as made:
        made.settings = replace(made.settings, target=replace(made.settings.target, kind=TargetKind.API))
        yield made


def creates(world: World) -> int:
    return world.wire.writes.count(("POST", "/v2/smart_trades"))


def hide(world: World, is_hidden: Callable[[Any], bool]) -> None:
    """Lists do not show some trades; their ids still do."""

    def alter(method: str, path: str, answer: Any) -> Any:
        is_list = path.startswith("/v2/smart_trades?")
        return [entity for entity in answer if not is_hidden(entity)] if is_list else answer

    world.connect()
    world.wire.alter = alter


def everything(_: Any) -> bool:
    return True


def is_over(entity: Any) -> bool:
    return entity["status"]["type"] in ENDED_STATUSES


def test_a_trade_that_no_list_shows_is_read_by_its_id_and_is_as_its_file_says(world: World) -> None:
    world.converge(trade())
    hide(world, everything)
    plan = world.plan(trade())
    assert plan.operations == ()
    assert plan.blocked == ()
    assert ("GET", f"/v2/smart_trades/{FIRST}") in world.wire.seen


def test_a_trade_that_no_list_shows_can_still_be_changed_and_closed(world: World) -> None:
    world.converge(trade())
    hide(world, everything)
    assert kinds(world.converge(trade(stop=58000))) == [OutcomeKind.APPLIED]
    assert kinds(world.converge(trade(state=DesiredState.CLOSED))) == [OutcomeKind.APPLIED]
    assert creates(world) == 0


def test_a_create_that_lists_do_not_show_in_the_end_is_no_plain_success(world: World) -> None:
    plan = world.plan(trade())
    hide(world, everything)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.APPLIED]
    assert not result.outcomes[0].is_listed
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 12
    assert creates(world) == 1
    assert world.plan(trade()).operations == ()


@pytest.mark.parametrize("is_hidden", [everything, is_over])
def test_a_trade_that_finished_and_is_listed_no_more_stays_finished(
    world: World, is_hidden: Callable[[Any], bool]
) -> None:
    world.converge(trade())
    for price in (59900, 66100):
        world.price("USDT_BTC", price)
    hide(world, is_hidden)
    for _ in range(2):
        assert world.plan(trade()).operations == ()
        world.connect()
        hide(world, is_hidden)
    assert world.plan(trade(generation=2)).operations[0].generation == 2


def test_a_trade_that_was_closed_from_here_and_is_listed_no_more_is_not_opened_again(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.converge(trade(state=DesiredState.CLOSED))
    hide(world, is_over)
    plan = world.plan(trade())
    assert plan.operations == ()
    assert "raise generation to 2" in describe(plan.blocked[0].hint)


def test_what_neither_lists_nor_ids_show_blocks_until_the_user_says_that_it_is_gone(world: World) -> None:
    world.converge(trade())
    world.sandbox.reset()
    world.connect()
    plan = world.plan(trade())
    assert plan.operations == ()
    assert f"the journal knows #{FIRST} as opened for it" in describe(plan.blocked[0].reason)
    assert f"foreign: [{FIRST}]" in describe(plan.blocked[0].hint)
    world.settings = replace(world.settings, foreign=frozenset({FIRST}))
    assert len(world.plan(trade()).operations) == 1


def test_an_outage_that_answers_with_empty_lists_costs_few_requests_and_opens_nothing(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(40)]
    world.converge(*specs)
    hide(world, everything)
    plan = world.plan(*specs)
    assert plan.operations == ()
    assert len(plan.blocked) == 30
    assert sum(path.startswith("/v2/smart_trades/") for _, path in world.wire.seen) == 10


def test_a_lower_generation_than_the_journal_knows_is_an_old_branch_whatever_lists_show(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.converge(trade(state=DesiredState.CLOSED))
    world.converge(trade(generation=2, price=50000, stop=49000))
    hide(world, everything)
    assert "generation 2 was opened already" in describe(world.plan(trade()).blocked[0].reason)


# What a person does between plan and apply of a saved plan.


def test_a_twin_that_was_opened_by_hand_since_the_review_holds_a_saved_plan_back(world: World) -> None:
    plan = world.plan(trade())
    world.api.create(TWIN)
    result = world.apply(plan, is_saved=True)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "carries no marker and is alike in pair, side and size" in describe_outcome(result.outcomes[0])
    assert len(world.trades()) == 1


@pytest.mark.parametrize("note", ["mine", "[reconciler:1 other/btc-dip#1 00000000 00000000]", "[reconciler:1 test/btc"])
def test_a_saved_plan_is_not_carried_out_again_though_its_trade_lost_the_marker(world: World, note: str) -> None:
    plan = world.plan(trade())
    world.apply(plan, is_saved=True)
    world.api.set_note(FIRST, note)
    world.connect()
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.STALE]
    assert creates(world) == 0


def test_a_saved_plan_that_was_applied_is_done_though_lists_show_nothing(world: World) -> None:
    plan = world.plan(trade())
    world.apply(plan, is_saved=True)
    hide(world, everything)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.ALREADY_DONE]
    assert creates(world) == 0


def test_a_trade_of_this_workspace_in_no_file_at_the_same_place_holds_a_saved_plan_back(world: World) -> None:
    plan = world.plan(trade())
    world.converge(trade("renamed", price=60001))
    result = world.apply(plan, is_saved=True)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "is in no file and has the same account" in describe_outcome(result.outcomes[0])


def test_a_twin_of_the_new_entry_holds_a_replace_back_in_plan_and_apply(world: World) -> None:
    world.converge(trade())
    wanted = trade(pair="USDT_ETH", price=2900, stop=2800, steps=((3300, 100),), units="1")
    plan = world.plan(wanted)
    assert len(plan.operations) == 1
    world.api.create({**TWIN, "pair": "USDT_ETH", "position": {**TWIN_ENTRY, "units": {"value": "1"}}})
    assert "carries no marker and is alike in pair, side and size" in describe(world.plan(wanted).blocked[0].reason)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.STALE]
    assert [entity["status"] for entity in world.trades() if entity["id"] == FIRST] != ["cancelled"]


TWIN_ENTRY = {"type": "buy", "order_type": "limit", "price": {"value": "2900"}}


# What was sent and never answered.


def lose_create(world: World, side: str) -> None:
    def lose(number: int, method: str, path: str) -> None:
        if (method, path) == ("POST", "/v2/smart_trades"):
            setattr(world.wire, side, lambda number, method, path: None)
            raise requests.exceptions.ReadTimeout

    setattr(world.wire, side, lose)


def test_a_create_whose_answer_was_lost_waits_for_the_longest_gateway_delay(world: World) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, gateway_delay_s=300))
    lose_create(world, "before")
    assert kinds(world.converge(trade())) == [OutcomeKind.INDETERMINATE]
    for _ in range(2):
        world.connect()
        world.clock.sleep(140)
        plan = world.plan(trade())
        assert plan.operations == ()
        assert "a gateway may hold it back until 00:05:00 UTC" in describe(plan.blocked[0].reason)
    world.clock.sleep(30)
    world.connect()
    assert kinds(world.converge(trade())) == [OutcomeKind.APPLIED]
    assert len(world.trades()) == 1


def test_a_create_that_takes_effect_minutes_later_is_found_and_not_sent_again(world: World) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, gateway_delay_s=300))
    lose_create(world, "before")
    held = world.plan(trade())
    world.apply(held)
    operation = held.operations[0]
    assert operation.after is not None
    world.clock.sleep(120)
    world.connect()
    world.api.create({**TWIN, "note": operation.note_after})
    assert world.plan(trade()).blocked == ()
    assert creates(world) == 1


@pytest.mark.parametrize("delay_s", [0, 300])
def test_no_run_sends_a_create_twice_however_short_the_delay(world: World, delay_s: int) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, gateway_delay_s=delay_s))
    sent: list[str] = []

    def lose(number: int, method: str, path: str) -> None:
        if method == "POST":
            sent.append(path)
            raise requests.exceptions.ReadTimeout

    world.wire.before = lose
    assert kinds(world.converge(trade(), trade("other", price=50000, stop=49000))) == [OutcomeKind.INDETERMINATE] * 2
    assert len(sent) == 2
