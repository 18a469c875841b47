"""The end of a partly filled entry, cut short anywhere and ordered again: nothing is sold twice, nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import click
import pytest

from reconciler.cli.exit_codes import decide_run
from reconciler.cli.trade.run_all import run_all
from reconciler.cli.trade.run_command import run_command
from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.commands import Selector
from reconciler.model.operations import Action
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState
from reconciler.rendering.plan_text import render_plan
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.workflows.end_all import Scope, find_to_close, prepare_close
from tests.scenarios.crashes.test_every_request import Saboteur
from tests.support.trade_commands import session_of, settle
from tests.support.world import Killed, World, trade

pytestmark = pytest.mark.slow

OPEN = trade()
CLOSED = trade(state=DesiredState.CLOSED)
FIRST = 30000001
HELD = Decimal("0.004")
SOLD = ["panic_sold", "cancelled"]
GATEWAY_DELAY_S = 120
BY_NAME = Selector(name="btc-dip", live_id=None)
Order = Callable[[World], int]


def close_one(world: World, selector: Selector = BY_NAME) -> int:
    """Give `close btc-dip`, or another one."""
    trades = session_of(world)
    with click.Context(click.Command("trade")):
        return run_command(trades, selector, lambda live: prepare_close(trades, live), find_to_close)


def close_by_id(world: World) -> int:
    """Give `close --id`, of the trade that was partly filled."""
    return close_one(world, Selector(name=None, live_id=FIRST))


def end_all(world: World, action: Action) -> int:
    """Give `close --all`, or `cancel --all --with-positions`."""
    with click.Context(click.Command("trade")):
        return run_all(session_of(world), Scope(action=action, account=None, pair=None, has_positions=True))


def close_all(world: World) -> int:
    """Give `close --all`."""
    return end_all(world, Action.CLOSE)


def cancel_all(world: World) -> int:
    """Give `cancel --all --with-positions`."""
    return end_all(world, Action.CANCEL)


def apply_closed(world: World) -> int:
    """Apply `state: closed`."""
    return decide_run(world.converge(CLOSED))


CLOSES: dict[str, Order] = {"close NAME": close_one, "close --id": close_by_id, "close --all": close_all}
AGAIN: dict[str, Order] = {**CLOSES, "apply": apply_closed}


@pytest.fixture
def make_world() -> Iterator[Callable[[], World]]:
    """Worlds with a partly filled entry, each with a journal of its own."""
    opened: list[World] = []

    def make() -> World:
        world = World(database=Database(sqlite_url(Path(":memory:"))), is_tied=True)
        opened.append(world)
        world.converge(OPEN)
        world.sandbox.fill(FIRST, HELD)
        world.connect()
        return world

    yield make
    for world in opened:
        world.sandbox.close()
        assert world.database is not None
        world.database.close()


def order_again(world: World, again: str) -> int:
    """What somebody does who reads what became of the command before: nothing, if all is sold."""
    settle(world)
    return 0 if statuses(world) == SOLD else AGAIN[again](world)


def statuses(world: World) -> list[str]:
    """The statuses of all trades, the newest first."""
    return [read_trade(entity).status for entity in world.trades()]


def tells(plan: Plan) -> str:
    """The plan as it is printed, in one line."""
    return " ".join(render_plan(plan).split())


def assert_sold_once(world: World, why: str) -> None:
    """Nothing is held, nothing is open, and no request is unsettled."""
    assert statuses(world) == SOLD, why
    newest, oldest = map(read_trade, world.trades())
    assert (newest.closed_units, oldest.closed_units) == (HELD, Decimal(0)), why
    assert world.journal.find_unresolved() == (), why
    assert not world.plan(CLOSED).operations, why
    assert not world.plan(CLOSED).attention, why


def count_requests(make_world: Callable[[], World], command: Order) -> int:
    """How many requests an undisturbed command sends."""
    world = make_world()
    assert command(world) == 0
    requests = len(world.wire.seen)
    assert_sold_once(world, "undisturbed")
    return requests


@pytest.mark.parametrize("command", CLOSES)
@pytest.mark.parametrize("again", AGAIN)
@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_any_request_and_ordered_again_what_is_held_is_sold_once(
    command: str, again: str, side: str, make_world: Callable[[], World]
) -> None:
    for fatal in range(count_requests(make_world, CLOSES[command])):
        world = make_world()

        def die(number: int, method: str, path: str, fatal: int = fatal) -> None:
            if number == fatal:
                raise Killed

        setattr(world.wire, side, die)
        with pytest.raises(Killed):
            CLOSES[command](world)
        world.connect()
        assert order_again(world, again) == 0, f"killed {side} request {fatal}"
        assert_sold_once(world, f"killed {side} request {fatal}")


@pytest.mark.parametrize("command", CLOSES)
@pytest.mark.parametrize("again", ["close NAME", "close --all", "apply"])
@pytest.mark.parametrize("side", ["before", "in"])
def test_killed_around_any_journal_write_and_ordered_again_what_is_held_is_sold_once(
    command: str, again: str, side: str, make_world: Callable[[], World]
) -> None:
    fatal, is_over = 0, False
    while not is_over:
        fatal += 1
        world = make_world()
        assert world.database is not None
        saboteur = Saboteur(world.database)
        saboteur.fatal = (side, fatal)
        try:
            CLOSES[command](world)
            is_over = True
        except Killed:
            pass
        saboteur.fatal = None
        world.connect()
        if not is_over:
            assert order_again(world, again) == 0, f"killed {side} transaction {fatal}"
        assert_sold_once(world, f"killed {side} transaction {fatal}")
    assert fatal > len(SOLD)


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_cancel_that_is_killed_and_given_again_keeps_the_coins_and_says_so(
    side: str, make_world: Callable[[], World]
) -> None:
    world = make_world()
    assert cancel_all(world) == 0
    for fatal in range(len(world.wire.seen)):
        world = make_world()

        def die(number: int, method: str, path: str, fatal: int = fatal) -> None:
            if number == fatal:
                raise Killed

        setattr(world.wire, side, die)
        with pytest.raises(Killed):
            cancel_all(world)
        world.connect()
        assert cancel_all(world) == 0
        assert statuses(world) == ["cancelled"]
        assert "with 0.004 BTC that no stop protects" in tells(world.plan(OPEN))


FAULTS = {
    "lost before": FaultKind.LOSE_REQUEST,
    "lost after": FaultKind.LOSE_REPLY,
    "cut": FaultKind.CUT_REPLY,
    "reset": FaultKind.RESET,
    "500 before": FaultKind.SERVER_ERROR,
    "502 before": FaultKind.BAD_GATEWAY,
    "504 after": FaultKind.GATEWAY_TIMEOUT,
    "504, let through later": FaultKind.HOLD,
}
# Without a delay no gateway holds anything back.
DELAYED_FAULTS = [
    (fault, delay_s)
    for fault, kind in FAULTS.items()
    for delay_s in (0, GATEWAY_DELAY_S)
    if delay_s or kind is not FaultKind.HOLD
]
WRITES = {
    "cancel": f"/v2/smart_trades/{FIRST}",
    "open": "/v2/smart_trades",
    "close": f"/v2/smart_trades/{FIRST + 1}/close_by_market",
}


@pytest.mark.parametrize("command", ["close NAME", "close --all", "apply"])
@pytest.mark.parametrize(("fault", "delay_s"), DELAYED_FAULTS)
@pytest.mark.parametrize("write", WRITES)
def test_an_answer_that_is_lost_is_settled_and_what_is_held_is_sold_once(
    command: str, fault: str, write: str, delay_s: int, make_world: Callable[[], World]
) -> None:
    kind = FAULTS[fault]
    world = make_world()
    target = replace(world.settings.target, gateway_delay_s=delay_s)
    world.settings = replace(world.settings, target=target)
    seconds = Decimal(60) if kind is FaultKind.HOLD else None
    method = "DELETE" if write == "cancel" else "POST"
    world.sandbox.add_fault(Fault(kind=kind, method=method, path=WRITES[write], seconds=seconds))
    first = AGAIN[command](world)
    if statuses(world) != SOLD:
        # Neither the exit code nor a plan of the file as it was says that all is well.
        assert first != 0
        plan = world.plan(OPEN)
        assert plan.attention or plan.blocked or not world.trades()
    # Again at once, when what was lost may still arrive, and again later.
    for wait_s in (0, GATEWAY_DELAY_S + 1, 0):
        world.clock.sleep(wait_s)
        world.connect()
        if statuses(world) != SOLD:
            AGAIN[command](world)
        settle(world)
    assert_sold_once(world, f"{fault} of {write}")
