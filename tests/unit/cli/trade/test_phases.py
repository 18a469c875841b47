"""Every command in every phase: done where the trade allows it, refused with its status where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

import click
import pytest

from reconciler.cli.trade.run_command import run_command
from reconciler.codec.body import write_body
from reconciler.codec.live_trades import read_trade
from reconciler.errors import AccessRefused, CommandRefused, StalePlanError
from reconciler.model.commands import Selector
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.targets import Mode
from reconciler.rendering.reasons import describe_all
from tests.support import trade_commands
from tests.support.trade_commands import LIMIT, MARKET, Make, adding, order, reducing, session_of
from tests.support.world import World, open_position, trade

COMMANDS: dict[str, Make] = {
    "start": trade_commands.start,
    "process": trade_commands.process,
    "close": trade_commands.close,
    "cancel": trade_commands.cancel,
    "add funds at market": adding(MARKET),
    "add funds by a limit order": adding(LIMIT),
    "reduce funds": reducing(MARKET),
    "note": trade_commands.note,
    "close step": trade_commands.close_step,
    "cancel step": trade_commands.cancel_step,
}
ADDING = {"add funds at market", "add funds by a limit order"}
ALLOWED: dict[str, set[str]] = {
    "entering": {"start", "process", "cancel", "note", "cancel step", *ADDING},
    "filling": {"close", "start", "process", "cancel", "note", "cancel step", *ADDING},
    "open": set(COMMANDS) - {"start"},
    "busy": {"process", "note"},
    "ended": {"note"},
}


def _enter(world: World) -> None:
    world.converge(trade())


def _fill(world: World) -> None:
    world.converge(trade())
    world.sandbox.fill(live_of(world).id, Decimal("0.004"))


def _close_slowly(world: World) -> None:
    open_position(world)
    world.sandbox.configure("pending_reads", "clock")
    world.api.close_by_market(live_of(world).id)


def _end(world: World) -> None:
    open_position(world)
    world.price("USDT_BTC", 58000)


PHASES: dict[str, tuple[Callable[[World], None], Phase]] = {
    "entering": (_enter, Phase.ENTERING),
    "filling": (_fill, Phase.FILLING),
    "open": (open_position, Phase.OPEN),
    "busy": (_close_slowly, Phase.BUSY),
    "ended": (_end, Phase.ENDED),
}


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def live_of(world: World) -> LiveTrade:
    return read_trade(world.trades()[0])


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_done_where_the_phase_allows_it_and_refused_where_not(
    world: World, phase: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare, expected = PHASES[phase]
    prepare(world)
    live = live_of(world)
    assert live.phase is expected
    world.connect()
    if command not in ALLOWED[phase]:
        with pytest.raises(CommandRefused, match=live.status):
            order(world, COMMANDS[command])
        assert world.wire.writes == []
        return
    assert order(world, COMMANDS[command]) == 0
    # Of a partly filled entry the rest is cancelled, and a trade of its own is opened and closed.
    assert len(world.wire.writes) == (3 if (command, phase) == ("close", "filling") else 1)
    assert capsys.readouterr().out.startswith("[1/1] btc-dip: ")


def test_a_start_enters_at_market_and_the_next_plan_has_nothing_to_do(world: World) -> None:
    _enter(world)
    assert order(world, trade_commands.start) == 0
    live = live_of(world)
    assert (live.phase, live.is_stop_armed) == (Phase.OPEN, True)
    assert world.plan(trade()).is_empty


def test_a_start_past_the_stop_says_so_before_it_asks(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.converge(trade(price=50000, stop=49000))
    live = live_of(world)
    world.price("USDT_BTC", 50500)
    assert "THE STOP" not in describe_all(trade_commands.start(world, live_of(world)).money)
    world.price("USDT_BTC", 48999)
    command = trade_commands.start(world, live)
    assert "at market now" in describe_all(command.money)


def test_funds_change_the_position_and_the_plan_leaves_its_size_alone(world: World) -> None:
    open_position(world)
    assert order(world, adding(MARKET)) == 0
    assert live_of(world).entered_units == Decimal("0.012")
    assert world.plan(trade()).is_empty
    assert order(world, reducing(MARKET)) == 0
    assert live_of(world).closed_units == Decimal("0.002")
    assert world.plan(trade()).is_empty


def test_more_than_can_be_reduced_is_refused_with_the_largest_amount(world: World) -> None:
    from reconciler.model.commands import Funds
    from reconciler.model.terms import OrderType

    open_position(world)
    everything = Funds(order_type=OrderType.MARKET, units=Decimal("0.01"), price=None)
    with pytest.raises(CommandRefused, match=r"at most 0\.009\d+ BTC"):
        order(world, reducing(everything))
    assert world.wire.writes == [("POST", "/v2/smart_trades")]


def test_funds_that_the_account_cannot_pay_are_a_failure(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    from reconciler.model.commands import Funds
    from reconciler.model.terms import OrderType

    open_position(world)
    fortune = Funds(order_type=OrderType.MARKET, units=Decimal(100), price=None)
    assert order(world, adding(fortune)) == 0
    assert order(world, adding(fortune)) == 1
    assert "the order failed" in capsys.readouterr().out


def test_a_closed_step_is_progress_and_a_cancelled_one_comes_back_by_the_next_plan(world: World) -> None:
    open_position(world)
    assert order(world, trade_commands.close_step) == 0
    assert live_of(world).finished_steps
    assert world.plan(trade()).is_empty


def test_a_cancelled_step_shows_as_edited_outside(world: World) -> None:
    open_position(world)
    assert order(world, trade_commands.cancel_step) == 0
    assert [step.terms.level.value for step in live_of(world).steps] == [Decimal(63000)]
    plan = world.plan(trade())
    assert [operation.cause.value for operation in plan.operations] == ["drift"]


def test_the_last_step_the_stop_and_a_waiting_entry_are_never_cancelled_as_a_step(world: World) -> None:
    from reconciler.live.orders import read_orders
    from reconciler.planning.commands import Commands
    from reconciler.planning.step_commands import cancel_step

    world.converge(trade(steps=((63000, 100),)))
    live = live_of(world)
    orders = {each.purpose: each for each in read_orders(world.api, live.id)}
    commands = Commands(live, {"test"})
    with pytest.raises(CommandRefused, match="the last one that would stay open"):
        cancel_step(commands, 1, None)
    with pytest.raises(CommandRefused, match="is the stop of btc-dip"):
        cancel_step(commands, None, orders["stop_loss"].id, list(orders.values()))
    with pytest.raises(CommandRefused, match="the entry of btc-dip #30000001 is not over"):
        cancel_step(commands, None, orders["position"].id, list(orders.values()))
    with pytest.raises(CommandRefused, match="has no step 2 and is waiting_position; its steps are: 1"):
        cancel_step(commands, 2, None)


def test_a_step_is_not_the_one_that_stays_when_the_price_has_reached_it(world: World) -> None:
    from reconciler.model.live import Prices
    from reconciler.planning.commands import Commands
    from reconciler.planning.step_commands import cancel_step

    open_position(world)
    there = Prices(bid=Decimal(64000), ask=Decimal(64000), last=Decimal(64000))
    live = replace(live_of(world), prices=there)
    with pytest.raises(CommandRefused, match="the last one that would stay open"):
        cancel_step(Commands(live, {"test"}), 2, None)


@pytest.mark.parametrize("make", [trade_commands.start, adding(MARKET)])
def test_a_stop_that_does_not_stand_behind_what_was_bought_is_no_success(
    world: World, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    world.converge(trade())
    world.sandbox.schedule("kill_stop", value="suspended")
    if make is not trade_commands.start:
        world.price("USDT_BTC", 59900)
    assert order(world, make) == 1
    assert "the stop is not active (suspended)" in capsys.readouterr().out


def test_two_live_trades_with_one_identity_are_both_named_and_neither_is_touched(world: World) -> None:
    world.converge(trade())
    first = live_of(world)
    body = write_body(first.terms)
    body["note"] = first.note
    second = read_trade(world.api.create(body))
    world.connect()
    with pytest.raises(CommandRefused, match=f"#{first.id} and #{second.id} are both `btc-dip`"):
        order(world, trade_commands.cancel)
    assert world.wire.writes == []


def test_a_trade_whose_marker_is_damaged_may_be_the_one_and_is_not_guessed_at(world: World) -> None:
    world.converge(trade())
    live = live_of(world)
    world.api.set_note(live.id, live.note[:20])
    with pytest.raises(CommandRefused, match=f"#{live.id} may be `btc-dip` too"):
        order(world, trade_commands.cancel)


def test_an_unmarked_trade_is_reached_by_its_id_and_the_question_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    body = write_body(trade().terms)
    body["note"] = "by hand"
    live = read_trade(world.api.create(body))
    with click.Context(click.Command("trade")):
        make = partial(trade_commands.note, world)
        assert run_command(session_of(world), Selector(name=None, live_id=live.id), make) == 0
    assert "NOT of this workspace: it carries no marker, its note is `by hand`" in capsys.readouterr().err
    assert live_of(world).note == "sold half by hand"


def test_an_account_of_another_mode_is_refused_before_anything_is_asked(world: World) -> None:
    world.converge(trade())
    world.settings = replace(world.settings, target=replace(world.settings.target, mode=Mode.REAL))
    with pytest.raises(AccessRefused, match="is a paper account"):
        order(world, trade_commands.cancel)


def test_a_number_that_means_another_step_than_when_it_was_asked_is_refused(world: World) -> None:
    open_position(world)
    live = live_of(world)
    gone = live.steps[0].id

    def take_first_away(number: int, method: str, path: str) -> None:
        if path == f"/v2/smart_trades/{live.id}":
            world.wire.before = lambda number, method, path: None
            world.api.cancel_trade(live.id, gone)

    world.wire.before = take_first_away
    with pytest.raises(CommandRefused, match="has no step 2"):
        order(world, trade_commands.cancel_step)
    assert live_of(world).phase is Phase.OPEN


def test_approved_beforehand_a_command_goes_on_with_a_size_that_has_changed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    open_position(world)
    live_id = live_of(world).id

    def execute_first(number: int, method: str, path: str) -> None:
        if path == f"/v2/smart_trades/{live_id}":
            world.price("USDT_BTC", 63000)

    world.wire.before = execute_first
    assert order(world, trade_commands.close) == 0
    assert "Going on: #30000001 holds 0.005 BTC now, it was 0.01 before." in capsys.readouterr().err
    assert live_of(world).status == "panic_sold"


@pytest.mark.parametrize("is_by_id", [False, True])
def test_a_trade_whose_note_names_another_one_meanwhile_is_closed_by_its_id_alone(world: World, is_by_id: bool) -> None:
    open_position(world)
    live = live_of(world)
    # By its id the trade is read once before the question, too.
    reads = iter([False, True] if is_by_id else [True])

    def paste(number: int, method: str, path: str) -> None:
        if path == f"/v2/smart_trades/{live.id}" and next(reads):
            world.wire.before = lambda number, method, path: None
            world.api.set_note(live.id, live.note.replace("test/btc-dip#1 ", "test/other#1 "))

    def close() -> int:
        selector = Selector(name=None, live_id=live.id) if is_by_id else Selector(name="btc-dip", live_id=None)
        with click.Context(click.Command("trade")):
            return run_command(session_of(world), selector, lambda live: trade_commands.close(world, live))

    world.wire.before = paste
    if is_by_id:
        assert close() == 0
    else:
        with pytest.raises(StalePlanError, match="its note names other#1 now, it named btc-dip#1 before"):
            close()
    after = read_trade(world.api.get(live.id))
    assert "test/other#1 " in after.note
    assert after.status == ("panic_sold" if is_by_id else live.status)
