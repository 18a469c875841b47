"""Any one or two fields of a live trade are missing, null or of another type: all commands on it, from plan to end.

The sandbox answers, the wire damages what it answers about the trade, and the sandbox says what became of it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.cli.trade.run_all import run_all
from reconciler.cli.trade.run_command import run_command
from reconciler.codec.live_trades import read_trade
from reconciler.errors import CommandRefused
from reconciler.model.commands import Selector
from reconciler.model.operations import Action
from reconciler.model.status import StatusReport
from reconciler.planning.commands import Commands
from reconciler.rendering.drift_text import render_drift
from reconciler.rendering.plan_text import render_plan
from reconciler.rendering.status_text import render_status
from reconciler.rendering.style import Style
from reconciler.rendering.trade_text import render_trade
from reconciler.workflows.end_all import Scope
from reconciler.workflows.import_reading import Asked, find_importable
from reconciler.workflows.plan_files import PlanFiles, Selection, select_all
from reconciler.workflows.survey import Surveyor
from tests.support.trade_commands import session_of
from tests.support.world import World, trade

Json = dict[str, Any]
Path = tuple[str | int, ...]
Damage = tuple[Path, object]
NAME = "btc-dip"
DROPPED = object()
JUNK: tuple[object, ...] = (DROPPED, None, True, 5, -1, 0, "", "x", [], {}, [1], {"value": None}, 0.1, "NaN", "1e400")
# The id says which trade it is. Another account is another trade, another status another state; no note no name.
NEEDED = (("id",), ("account", "id"), ("status", "type"), ("status",), ("account",), ("note",))
ENTERED, CLOSABLE, STOP_STATUS = ("data", "entered_amount"), ("data", "panic_sell_available"), ("stop_loss", "status")


def paths_of(value: object, path: Path = ()) -> Iterator[Path]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths_of(child, (*path, key))


def open_trade(world: World, *, is_entered: bool) -> Json:
    world.converge(trade())
    if is_entered:
        world.price("USDT_BTC", 59900)
    return world.trades()[0]


def list_paths() -> list[Path]:
    with World() as world:
        return [path for path in paths_of(open_trade(world, is_entered=True)) if path not in NEEDED]


PATHS = list_paths()
damages = st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(JUNK)), min_size=1, max_size=2)


def put(entity: Json, damage: Damage) -> None:
    *parents, last = damage[0]
    group: Any = entity
    for key in parents:
        try:
            group = group[key]
        except (KeyError, IndexError, TypeError):
            # The other damage took it away.
            return
    if isinstance(group, dict) and damage[1] is DROPPED:
        group.pop(last, None)
    elif isinstance(group, dict):
        group[last] = copy.deepcopy(damage[1])


def damaging(damages: list[Damage]) -> Callable[[str, str, Any], Any]:
    def alter(_method: str, _path: str, answer: Any) -> Any:
        for entity in answer if isinstance(answer, list) else [answer]:
            if isinstance(entity, dict) and "take_profit" in entity:
                for damage in damages:
                    put(entity, damage)
        return answer

    return alter


def status_of(world: World, live_id: int) -> str:
    """What the sandbox itself says."""
    world.wire.alter = None
    return str(read_trade(world.api.get(live_id)).status)


def selection() -> Selection:
    return select_all(PlanFiles(specs=(trade(),)))


def end_by_name(world: World, action: Action, _live_id: int) -> int:
    return end_one(world, action, Selector(name=NAME, live_id=None))


def end_by_id(world: World, action: Action, live_id: int) -> int:
    return end_one(world, action, Selector(name=None, live_id=live_id))


def end_by_all(world: World, action: Action, _live_id: int) -> int:
    with click.Context(click.Command("trade")):
        return run_all(session_of(world), Scope(action=action, account=None, pair=None, has_positions=True))


def end_one(world: World, action: Action, selector: Selector) -> int:
    def prepare(live: Any) -> Any:
        commands = Commands(live, world.settings.workspaces)
        return commands.close() if action is Action.CLOSE else commands.cancel()

    with click.Context(click.Command("trade")):
        return run_command(session_of(world), selector, prepare)


WAYS = [end_by_name, end_by_id, end_by_all]


@settings(max_examples=40)
@given(damaged=damages, is_entered=st.booleans())
@example(damaged=[(("data",), None), (("position",), None)], is_entered=True)
@example(damaged=[(("stop_loss",), "x"), (("note_raw",), DROPPED)], is_entered=False)
def test_a_damaged_trade_is_planned_shown_surveyed_and_imported(damaged: list[Damage], is_entered: bool) -> None:
    with World() as world:
        live_id = open_trade(world, is_entered=is_entered)["id"]
        world.wire.alter = damaging(damaged)
        plan = world.plan(trade())
        assert not any(operation.opens for operation in plan.operations)
        assert render_plan(plan)
        status: StatusReport = Surveyor(world.session).find_status(selection())
        assert f"#{live_id}" in render_status(status, Style())
        assert render_drift(Surveyor(world.session).find_drift(selection()), Style())
        assert f"#{live_id}" in render_trade(read_trade(world.api.get(live_id)))
        found = find_importable(world.session, PlanFiles(specs=()), Asked(ids=(live_id,)))
        assert len(found.new) + len(found.known) + len(found.refused) == 1


@pytest.mark.parametrize("end", WAYS, ids=["name", "id", "all"])
@settings(max_examples=40)
@given(damaged=damages)
@example(damaged=[(ENTERED, DROPPED)])
@example(damaged=[(ENTERED, "0.0"), (CLOSABLE, None)])
@example(damaged=[(("data",), DROPPED), (("pair",), 5)])
@example(damaged=[(STOP_STATUS, None), (("take_profit",), [])])
def test_a_damaged_position_is_closed(end: Callable[[World, Action, int], int], damaged: list[Damage]) -> None:
    with World() as world:
        live_id = open_trade(world, is_entered=True)["id"]
        world.wire.alter = damaging(damaged)
        assert end(world, Action.CLOSE, live_id) == 0
        assert status_of(world, live_id) == "panic_sold"


@pytest.mark.parametrize("end", WAYS, ids=["name", "id", "all"])
@settings(max_examples=40)
@given(damaged=damages)
@example(damaged=[(ENTERED, "x")])
@example(damaged=[(("data",), []), (("account", "name"), 5)])
def test_a_damaged_entry_is_cancelled(end: Callable[[World, Action, int], int], damaged: list[Damage]) -> None:
    with World() as world:
        live_id = open_trade(world, is_entered=False)["id"]
        world.wire.alter = damaging(damaged)
        assert end(world, Action.CANCEL, live_id) == 0
        assert status_of(world, live_id) == "cancelled"


def test_what_says_that_it_cannot_be_closed_is_not_closed() -> None:
    with World() as world:
        live_id = open_trade(world, is_entered=True)["id"]
        world.wire.alter = damaging([(CLOSABLE, False)])
        with pytest.raises(CommandRefused):
            end_by_id(world, Action.CLOSE, live_id)
        assert status_of(world, live_id) == "waiting_targets"
