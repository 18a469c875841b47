"""Entities of every status and market form; any one or two fields of them may be missing, null or of another type."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.codec.body import write_body
from reconciler.codec.live_trades import read_trade
from reconciler.importing.choices import Surroundings, choose
from reconciler.live.update_body import update_body
from reconciler.matching.opening import Judge, Wanted
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.live import Phase
from reconciler.model.operations import Action
from reconciler.planning.commands import Commands
from reconciler.rendering.command_text import render_question
from reconciler.rendering.style import Style
from reconciler.rendering.trade_text import render_trade
from tests.support.entities import SPOT, as_entity

Json = dict[str, Any]
CASES = sorted((Path(__file__).parents[2] / "cases" / "entities").glob("*.json"))
ENTITIES: list[Json] = [json.loads(path.read_text(), parse_float=Decimal) for path in CASES]
ACTIVE = [entity for entity in ENTITIES if read_trade(entity).phase not in (Phase.ENDED, Phase.BUSY)]
JUNK = st.sampled_from([..., None, True, 5, -1, "", "x", [], {}, [1], {"value": None}, Decimal("0.1")])
# These suffice to show and to end a trade.
NEEDED = {("id",)}
WORKSPACES = frozenset({"prod"})


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths_of(child, (*path, key))


@st.composite
def damaged(draw: st.DrawFn) -> Json:
    entity = copy.deepcopy(draw(st.sampled_from(ACTIVE)))
    for _ in range(draw(st.integers(1, 2))):
        paths = sorted((path for path in paths_of(entity) if path not in NEEDED), key=str)
        *parents, last = draw(st.sampled_from(paths))
        group: Any = entity
        for key in parents:
            group = group[key]
        value = draw(JUNK)
        if value is not ...:
            group[last] = copy.deepcopy(value)
        elif isinstance(group, dict):
            del group[last]
    return entity


@given(entity=damaged())
def test_a_damaged_entity_is_shown_and_can_be_ended(entity: Json) -> None:
    live = read_trade(entity)
    assert f"#{live.id}" in render_trade(live)
    commands = Commands(live, WORKSPACES)
    ends = []
    if live.flags.close and live.phase is not Phase.ENDED:
        ends.append(commands.close())
    if live.flags.cancel and live.phase is not Phase.ENDED:
        ends.append(commands.cancel())
    status = entity.get("status")
    was_status_changed = not isinstance(status, dict) or live.status not in {
        "waiting_position",
        "waiting_targets",
    }
    data = entity.get("data")
    was_flag_changed = isinstance(data, dict) and False in (
        data.get("cancel_available"),
        data.get("panic_sell_available"),
    )
    assert ends or was_status_changed or was_flag_changed
    for operation in ends:
        assert operation.action in (Action.CLOSE, Action.CANCEL)
        assert render_question(operation, Style())


@given(entity=damaged())
def test_a_damaged_entity_is_indexed_and_what_is_vague_blocks_a_create_in_its_place(entity: Json) -> None:
    live = read_trade(entity)
    index = index_active([live], WORKSPACES)
    seen = [*index.unmarked.lives, *index.damaged, *index.damaged_elsewhere]
    assert seen == [live]
    if not index.vague or live.reading.damaged_name is not None:
        return
    undamaged = next(each for each in ENTITIES if each["id"] == live.id)
    wanted = Wanted(name="new", generation=1, terms=read_trade(undamaged).terms)
    is_elsewhere = not live.unreadable or live.terms.pair not in ("", wanted.terms.pair)
    is_elsewhere = is_elsewhere or live.terms.account_id not in (0, wanted.terms.account_id)
    verdict = Judge(Sighting(index=index, history=History(newest={}), all_names=["new"])).judge(wanted)
    assert is_elsewhere or verdict.obstacle is not None


@given(entity=damaged())
def test_a_damaged_entity_is_imported_or_refused_with_the_field(entity: Json) -> None:
    live = read_trade(entity)
    around = Surroundings(specs={}, index=index_active([live], WORKSPACES), workspaces=WORKSPACES, foreign=())
    found = choose([live], around)
    assert [each.live.id for each in found.chosen] + [each.live_id for each in found.refused] == [live.id]
    assert all(each.reason for each in found.refused)


@pytest.mark.parametrize("entity", ENTITIES, ids=[path.stem for path in CASES])
def test_a_recorded_form_is_read_whole(entity: Json) -> None:
    live = read_trade(entity)
    is_old = "entered_amount" not in entity["data"]
    assert [each.field for each in live.unreadable] == (["data.entered_total"] if is_old else [])
    assert live.terms.pair == entity["pair"]
    assert render_trade(live)


@pytest.mark.parametrize("entity", ACTIVE, ids=[str(entity["id"]) for entity in ACTIVE])
def test_a_recorded_form_is_imported_and_echoed(entity: Json) -> None:
    live = read_trade(entity)
    around = Surroundings(specs={}, index=index_active([live], WORKSPACES), workspaces=WORKSPACES, foreign=())
    assert [each.live.id for each in choose([live], around).chosen] == [live.id]
    echo = update_body(entity, live.terms, ())
    assert read_trade({**entity, **echo_of(entity, echo)}).terms.stop_loss == live.terms.stop_loss


def echo_of(entity: Json, echo: Json) -> Json:
    return {"stop_loss": {**entity["stop_loss"], **echo["stop_loss"]}}


def test_a_trailing_stop_without_a_percent_is_read_and_written() -> None:
    entity = next(each for each in ENTITIES if each["id"] == 41000003)
    stop = read_trade(entity).terms.stop_loss
    assert stop is not None
    assert (stop.is_trailing, stop.trailing_pct, stop.has_unstated_distance) == (True, None, True)
    body: Any = write_body(read_trade(entity).terms)
    assert body["stop_loss"]["conditional"]["trailing"] == {"enabled": True}


def test_an_unreadable_trade_without_a_note_blocks_a_create_on_its_account_and_pair() -> None:
    entity = as_entity(SPOT, note="")
    entity["stop_loss"]["conditional"] = None
    index = index_active([read_trade(entity)], WORKSPACES)
    judge = Judge(Sighting(index=index, history=History(newest={}), all_names=["new"]))
    other = Wanted(name="new", generation=1, terms=SPOT)
    obstacle = judge.judge(other).obstacle
    assert obstacle is not None
    assert "stop_loss" in str(dict(obstacle.reason.values)["problem"])
    foreign = Judge(Sighting(index=index, history=History(newest={}), foreign=[7], all_names=["new"]))
    assert foreign.judge(other).obstacle is None


def test_two_fields_that_cannot_be_read_are_both_named() -> None:
    entity = as_entity(SPOT)
    entity["pair"], entity["leverage"] = None, {"enabled": "perhaps"}
    assert [each.field for each in read_trade(entity).unreadable] == ["pair", "leverage"]


def test_a_switch_that_is_missing_is_not_off() -> None:
    entity = as_entity(SPOT)
    del entity["stop_loss"]["enabled"], entity["take_profit"]["enabled"]
    assert [each.field for each in read_trade(entity).unreadable] == ["take_profit", "stop_loss"]
