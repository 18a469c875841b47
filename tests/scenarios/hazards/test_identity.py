"""Identity on the sandbox: renamed and forked workspaces, lost and damaged markers, generations, old branches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.errors import AccessRefused
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.operations import Action
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.targets import Mode
from reconciler.rendering.reasons import describe
from tests.scenarios.hazards.human import Human
from tests.support.world import World, trade

ONE_STEP = ((63000, 100),)
FIRST = trade(steps=ONE_STEP)


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def end_first(world: World) -> None:
    """The trade has run its whole course."""
    world.converge(FIRST)
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 63100)
    world.price("USDT_BTC", 61000)
    assert not world.plan(FIRST).operations


def rename(world: World, name: str, *former: str, foreign: frozenset[int] = frozenset()) -> None:
    world.settings = replace(world.settings, workspace=name, former_names=former, foreign=foreign)


def reason(plan: Plan) -> str:
    assert not plan.operations, plan.operations
    (blocked,) = plan.blocked
    return f"{describe(blocked.reason)}; {describe(blocked.hint)}"


# Workspaces


def test_a_renamed_workspace_does_not_open_again_what_has_ended_under_its_old_name(world: World) -> None:
    end_first(world)
    rename(world, "renamed")
    before = len(world.wire.seen)
    told = reason(world.plan(FIRST))
    assert "#30000001 of workspace `test` has this name and this entry and has ended" in told
    assert "workspace_was: [test]" in told
    # Accounts, active trades, and the history to an empty page: no request more than without the rule.
    assert len(world.wire.seen) - before == 4


def test_the_former_name_or_a_word_that_it_is_foreign_lets_a_renamed_workspace_go_on(world: World) -> None:
    end_first(world)
    rename(world, "renamed", "test")
    assert world.plan(FIRST).is_empty
    rename(world, "renamed", foreign=frozenset({30000001}))
    assert [operation.action for operation in world.plan(FIRST).operations] == [Action.CREATE]


@pytest.mark.parametrize("changed", [trade(price=59000, steps=ONE_STEP), trade(steps=ONE_STEP, generation=2)])
def test_another_entry_or_generation_is_another_trade_whatever_ended_elsewhere(
    world: World, changed: TradeSpec
) -> None:
    end_first(world)
    rename(world, "renamed")
    assert [operation.action for operation in world.plan(changed).operations] == [Action.CREATE]


def test_what_is_live_under_the_old_name_of_a_workspace_is_not_opened_again(world: World) -> None:
    world.converge(FIRST)
    rename(world, "renamed")
    assert "of workspace `test` has this name and this entry" in reason(world.plan(FIRST))
    rename(world, "renamed", "test")
    # The marker takes the new name.
    assert [operation.action for operation in world.plan(FIRST).operations] == [Action.SET_NOTE]


def test_a_copy_of_a_repository_finds_the_trades_of_the_original_and_opens_none_twice(world: World) -> None:
    world.converge(FIRST, trade("other", price=50000))
    world.connect()
    assert world.plan(FIRST, trade("other", price=50000)).is_empty


# Names and generations


def test_a_renamed_trade_is_not_opened_beside_its_old_self(world: World) -> None:
    world.converge(trade("old"))
    plan = world.plan(trade("new"))
    assert [operation.action for operation in plan.operations] == [Action.CANCEL]
    assert "`old`, is in no file and has the same account, pair and side" in describe(plan.blocked[0].reason)


def test_a_raised_generation_waits_for_the_one_before(world: World) -> None:
    world.converge(FIRST)
    assert "generation 1 is still live" in reason(world.plan(replace(FIRST, generation=2)))


def test_an_old_branch_with_a_lower_generation_opens_and_changes_nothing(world: World) -> None:
    world.converge(replace(FIRST, generation=2))
    assert "generation 2 was opened already" in reason(world.plan(trade(price=59000)))


def test_an_old_branch_that_lacks_many_files_is_stopped_by_the_count_of_omissions(world: World) -> None:
    kept = trade("kept", price=50000)
    world.converge(kept, *(trade(f"new{number}", price=51000 + number) for number in range(6)))
    plan = world.plan(kept)
    assert [(each.name, each.value) for each in plan.breaches] == [("omissions", Decimal(6))]
    assert not plan.is_applicable


# Markers


def test_two_live_trades_of_one_identity_are_both_left_alone(world: World) -> None:
    world.converge(FIRST)
    human = Human(world)
    copy = world.api.create(
        {
            "account_id": 1,
            "pair": "USDT_BTC",
            "position": {"type": "buy", "order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "50000"}},
            "take_profit": {"enabled": False},
            "stop_loss": {"enabled": False},
            "note": human.look()["note_raw"],
        }
    )
    told = reason(world.plan(trade(steps=ONE_STEP, stop=58000)))
    assert "#30000001" in told
    assert f"#{copy['id']}" in told
    assert world.plan(trade("other", price=40000)).blocked


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("[reconciler:1 test/btc-dip#1 5f3a9c1e 0b7", "damaged"),
        ("[reconciler:9 test/btc-dip#1 whatever]", "newer version"),
        ("[reconciler", "damaged"),
        ("mine", "carries no marker and is alike in pair, side and size"),
    ],
)
@pytest.mark.parametrize("state", [DesiredState.OPEN, DesiredState.CLOSED])
def test_a_note_that_was_cut_edited_or_emptied_by_hand_blocks_and_is_never_touched(
    world: World, note: str, word: str, state: DesiredState
) -> None:
    world.converge(FIRST)
    Human(world).write_note(note)
    plan = world.plan(replace(FIRST, state=state))
    assert not plan.operations
    if state is DesiredState.OPEN:
        assert word in reason(plan)
    assert Human(world).look()["note_raw"] == note


def test_the_journal_knows_a_trade_that_lost_its_marker_though_its_file_has_another_entry_now(
    world: World, tmp_path: Path
) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as known:
        known.converge(FIRST)
        Human(known).write_note("mine")
        changed = trade(price=50000, steps=ONE_STEP)
        assert "#30000001 was opened for it, and somebody removed its marker" in reason(known.plan(changed))
        known.settings = replace(known.settings, foreign=frozenset({30000001}))
        assert [operation.action for operation in known.plan(changed).operations] == [Action.CREATE]


@pytest.mark.parametrize(
    "note",
    [
        "[reconciler:1 test/other#1 5f3a",
        "[reconciler:1 elsewhere/btc-dip#1 5f3a",
        "[reconciler:1 elsewhere/other#1 5f3a9c1e 0b77d2aa]",
    ],
)
def test_what_is_left_of_the_marker_of_another_trade_does_not_hide_whose_it_is(tmp_path: Path, note: str) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as known:
        known.converge(FIRST)
        Human(known).write_note(note)
        plan = known.plan(trade(price=50000, steps=ONE_STEP))
        assert not plan.operations
        assert "#30000001 was opened for it, and somebody removed its marker" in reason(plan)


def test_a_note_that_was_copied_from_another_trade_makes_no_room_for_a_second_one(world: World, tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as known:
        specs = (FIRST, trade("other", price=50000))
        known.converge(*specs)
        human = Human(known)
        human.write_note(str(human.look(30000002)["note_raw"]))
        plan = known.plan(*specs)
        assert not plan.operations
        assert {blocked.trade for blocked in plan.blocked} == {"btc-dip", "other"}


# Modes and accounts


def test_an_account_that_is_not_listed_in_this_mode_proves_nothing_and_opens_nothing(world: World) -> None:
    world.converge(FIRST)
    plan = world.plan(trade("other", price=50000))
    world.settings = replace(world.settings, target=replace(world.settings.target, mode=Mode.REAL))
    with pytest.raises(AccessRefused, match="account 1 is a paper account, but target sandbox says mode: real"):
        world.apply(plan)
    foreign = trade("elsewhere")
    foreign = replace(foreign, terms=replace(foreign.terms, account_id=999))
    with pytest.raises(AccessRefused, match="account 999 is not among the accounts of this key"):
        world.plan(foreign)
    assert [method for method, _ in world.wire.writes] == ["POST"]


def test_a_marker_of_former_digests_is_written_anew_and_stops_nothing(world: World) -> None:
    world.converge(FIRST)
    marker = str(Human(world).look()["note_raw"])
    head, _, _ = marker.partition(" ")
    identity = marker.split(" ")[1]
    Human(world).write_note(f"{head} {identity} 00000000 11111111]")
    plan = world.plan(FIRST)
    assert [operation.action for operation in plan.operations] == [Action.SET_NOTE]
    world.apply(plan)
    assert Human(world).look()["note_raw"] == marker
    assert world.plan(FIRST).is_empty
