"""A command whose answer is lost, or whose process dies: settled by reading, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.live.orders import read_orders
from tests.support import trade_commands
from tests.support.trade_commands import ABOVE, LIMIT, MARKET, Make, adding, order, reducing, settle
from tests.support.world import Killed, World, open_position, trade

pytestmark = pytest.mark.slow


def _waiting(world: World) -> None:
    world.converge(trade())


def _with_waiting_order(world: World) -> None:
    open_position(world)
    live_id = read_trade(world.trades()[0]).id
    world.api.add_funds(live_id, {"order_type": "limit", "units": {"value": "0.002"}, "price": {"value": "50000"}})


# What is there before, and what is asked.
STORIES: dict[str, tuple[Callable[[World], None], Make]] = {
    "start": (_waiting, trade_commands.start),
    "close": (open_position, trade_commands.close),
    "cancel a waiting trade": (_waiting, trade_commands.cancel),
    "cancel a position": (open_position, trade_commands.cancel),
    "add funds at market": (open_position, adding(MARKET)),
    "add funds by a limit order": (open_position, adding(LIMIT)),
    "add funds by a limit order that fills at once": (open_position, adding(ABOVE)),
    "add funds to a waiting trade": (_waiting, adding(MARKET)),
    "reduce funds at market": (open_position, reducing(MARKET)),
    "reduce funds by a limit order": (open_position, reducing(ABOVE)),
    "note": (open_position, trade_commands.note),
    "close a step": (open_position, trade_commands.close_step),
    "cancel a step": (open_position, trade_commands.cancel_step),
    "cancel an order": (_with_waiting_order, trade_commands.cancel_order),
}

# What neither commits money nor executes is sent again where reading shows no effect.
SENT_AGAIN = {"cancel a waiting trade", "cancel a position", "note", "cancel a step", "cancel an order"}


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[[], World]]:
    opened: list[World] = []

    def make() -> World:
        world = World(database=Database(sqlite_url(tmp_path / f"{len(opened)}.sqlite")))
        opened.append(world)
        return world

    yield make
    for world in opened:
        world.sandbox.close()
        assert world.database is not None
        world.database.close()


def _essence(world: World) -> list[object]:
    """What counts of the account, without ids and times."""
    found: list[object] = []
    for entity in world.trades():
        live = read_trade(entity)
        orders = sorted(
            (each.purpose, each.status, str(each.units), str(each.filled_units))
            for each in read_orders(world.api, live.id)
        )
        found.append((live.status, live.note, str(live.entered_units), str(live.closed_units), orders))
    return found


def _undisturbed(make_world: Callable[[], World], story: str) -> tuple[list[str], list[object]]:
    """The methods of all requests of a command, and what it leads to."""
    prepare, make = STORIES[story]
    world = make_world()
    prepare(world)
    world.connect()
    assert order(world, make) == 0
    methods = [method for method, _ in world.wire.seen]
    assert sum(method != "GET" for method in methods) == 1
    return methods, _essence(world)


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_lost_answer_is_settled_by_reading_and_the_command_is_done_once(
    story: str, side: str, make_world: Callable[[], World]
) -> None:
    _, expected = _undisturbed(make_world, story)
    prepare, make = STORIES[story]
    world = make_world()
    prepare(world)
    world.connect()
    lost: list[str] = []

    def lose(number: int, method: str, path: str) -> None:
        if method != "GET" and not lost:
            lost.append(path)
            raise requests.exceptions.ReadTimeout

    setattr(world.wire, side, lose)
    if side == "before" and story not in SENT_AGAIN:
        assert order(world, make) == 14
        assert world.wire.writes == []
        world.connect()
    assert order(world, make) == 0
    assert lost
    assert _essence(world) == expected
    assert world.journal.find_unresolved() == ()


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_the_write_or_any_request_after_it_the_next_command_tells_what_was_done_and_nothing_happens_twice(
    story: str, side: str, make_world: Callable[[], World], capsys: pytest.CaptureFixture[str]
) -> None:
    methods, expected = _undisturbed(make_world, story)
    write = next(place for place, method in enumerate(methods) if method != "GET")
    prepare, make = STORIES[story]
    told_done = 0
    for fatal in range(write - 1, len(methods)):
        world = make_world()
        prepare(world)
        world.connect()

        def die(number: int, method: str, path: str, fatal: int = fatal) -> None:
            if number == fatal:
                raise Killed

        setattr(world.wire, side, die)
        with pytest.raises(Killed):
            order(world, make)
        world.connect()
        capsys.readouterr()
        settle(world)
        told = capsys.readouterr().err
        assert world.journal.find_unresolved() == ()
        if "it had its effect" in told or "did this before" in told:
            told_done += 1
        else:
            assert order(world, make) == 0, f"killed {side} request {fatal}"
        assert _essence(world) == expected, f"killed {side} request {fatal}: {told}"
    # Before the write nothing is done; after it, and at every request that follows, all of it is.
    assert told_done == len(methods) - write - (side == "before")


def test_an_answer_that_is_lost_every_time_is_indeterminate_and_nothing_is_sent_twice(
    make_world: Callable[[], World], capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    open_position(world)
    before = _essence(world)

    lost: list[str] = []

    def lose(number: int, method: str, path: str) -> None:
        if method != "GET":
            lost.append(path)
            raise requests.exceptions.ReadTimeout

    world.wire.before = lose
    assert order(world, adding(MARKET)) == 14
    assert "not sent again in this run" in capsys.readouterr().out
    assert len(lost) == 1
    assert _essence(world) == before


def test_funds_that_may_have_been_the_entry_are_unclear_and_block_until_the_user_says(
    make_world: Callable[[], World], capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    _waiting(world)

    def lose(number: int, method: str, path: str) -> None:
        if method == "POST":
            world.price("USDT_BTC", 59900)
            raise requests.exceptions.ReadTimeout

    world.wire.before = lose
    assert order(world, adding(MARKET)) == 14
    assert "its entry may have bought" in capsys.readouterr().out
    world.connect()
    assert order(world, adding(MARKET)) == 14
    assert "reconciler journal resolve" in capsys.readouterr().err
    assert len(world.wire.writes) == 0
    world.connect()
    assert order(world, trade_commands.close) == 0


def test_process_leaves_no_trace_and_is_sent_again(make_world: Callable[[], World]) -> None:
    world = make_world()
    _waiting(world)
    world.connect()
    lost: list[str] = []

    def lose(number: int, method: str, path: str) -> None:
        if method != "GET" and not lost:
            lost.append(path)
            raise requests.exceptions.ReadTimeout

    world.wire.after = lose
    assert order(world, trade_commands.process) == 0
    assert len(world.wire.writes) == 2


def test_a_trade_that_changes_right_before_the_write_is_left_alone(make_world: Callable[[], World]) -> None:
    from reconciler.errors import StalePlanError

    world = make_world()
    _waiting(world)
    reads = 0

    def fill(number: int, method: str, path: str) -> None:
        nonlocal reads
        reads += method == "GET" and path.startswith("/v2/smart_trades/")
        if reads == 1 and path.startswith("/v2/smart_trades/"):
            world.price("USDT_BTC", 59900)

    world.wire.before = fill
    with pytest.raises(StalePlanError, match="waiting_targets now, it was waiting_position"):
        order(world, trade_commands.cancel)
    assert read_trade(world.trades()[0]).status == "waiting_targets"


def test_a_fill_while_cancelling_is_told_with_what_is_held(
    make_world: Callable[[], World], capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    _waiting(world)
    world.sandbox.schedule("fill_on_cancel", value="50")
    assert order(world, trade_commands.cancel) == 1
    out = capsys.readouterr().out
    assert "FILLED WHILE CANCELLING" in out
    assert "btc-dip-held:" in out
    assert "skip_enter_step: true" in out


def test_a_refusal_of_the_api_is_shown_with_its_fields(
    make_world: Callable[[], World], capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    _waiting(world)
    assert order(world, adding(replace(MARKET, units=Decimal("0.0000001")))) == 1
    assert "units_to_buy" in capsys.readouterr().out
