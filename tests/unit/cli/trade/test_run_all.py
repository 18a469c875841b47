"""`close --all` and `cancel --all`: what is meant, what is left alone, how many requests it takes."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import click
import pytest
import requests

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.trade.run_all import run_all
from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.operations import Action
from reconciler.workflows.end_all import Scope
from tests.support.program import CONFIG, Cli
from tests.support.trade_commands import MARKET, adding, order, session_of
from tests.support.world import Killed, World, trade

CLOSE = Scope(action=Action.CLOSE, account=None, pair=None)
CANCEL = Scope(action=Action.CANCEL, account=None, pair=None)
PLAN = """\
version: 1
account: main
trades:
  held-1: &trade
    pair: USDT_BTC
    position: {type: buy, order_type: limit, units: 0.01, price: 61000}
    take_profit: [{order_type: limit, price: 70000, volume: 100}]
    stop_loss: {order_type: market, conditional: {price: 40000}}
  held-2: *trade
  waiting:
    pair: USDT_BTC
    position: {type: buy, order_type: limit, units: 0.02, price: 50000}
    take_profit: [{order_type: limit, price: 70000, volume: 100}]
    stop_loss: {order_type: market, conditional: {price: 40000}}
"""


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def run(world: World, scope: Scope) -> int:
    with click.Context(click.Command("trade")):
        return run_all(session_of(world), scope)


def fill(world: World, held: int, waiting: int = 0) -> None:
    """A world with so many positions and waiting trades."""
    world.converge(
        *(trade(f"held-{number}", price=60000 + number) for number in range(held)),
        *(trade(f"waits-{number}", price=50000 + number, stop=40000) for number in range(waiting)),
    )
    world.price("USDT_BTC", 59900)
    world.connect()


def statuses(world: World) -> dict[str, str]:
    lives = [read_trade(entity) for entity in world.trades()]
    return {live.reading.marker.name if live.reading.marker else "": live.status for live in lives}


@pytest.fixture
def three(cli: Cli, workspace: Path) -> None:
    """Two positions and a waiting trade."""
    (workspace / "btc-dip.yaml").write_text(PLAN)
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "60900")


@pytest.mark.usefixtures("workspace", "three")
@pytest.mark.parametrize("typed", ["2\n", "yes\n"])
def test_close_all_shows_the_list_with_totals_and_takes_the_count_or_yes(cli: Cli, typed: str) -> None:
    done = cli("trade", "close", "--all", typed=typed)
    assert done.code == ExitCode.BLOCKED
    assert "close --all: 2 of workspace test, target sandbox (paper)" in done.err
    assert "held-1 #30000001  USDT_BTC  sells 0.01 BTC at market, about 609 USDT, result about" in done.err
    assert "In all: 2 worth about 1218 USDT, profit now -" in done.err
    assert "Left unchanged: 1 that wait for their entry" in done.err
    assert re.search(r"^\[2/2\] held-\d: close #\d+: done: panic_sold, profit", done.out, re.MULTILINE)
    assert done.out.endswith("Complete: 2 of 2 closed.\n")
    again = cli("trade", "close", "--all", typed="yes\n")
    assert (again.code, again.out) == (ExitCode.BLOCKED, "Nothing to do.\n")


@pytest.mark.usefixtures("workspace", "three")
def test_another_answer_does_nothing(cli: Cli) -> None:
    for typed in ("3\n", "y\n", "\n"):
        assert cli("trade", "close", "--all", typed=typed).code == 1
    assert cli("trade", "close", "--all").code == 64
    assert cli("trade", "close", "--all", "--pair", "USDT_ETH", "--auto-approve").out == "Nothing to do.\n"


@pytest.mark.usefixtures("workspace", "three")
def test_cancel_all_takes_waiting_entries_back_and_positions_only_when_told_to(cli: Cli) -> None:
    done = cli("trade", "cancel", "--all", "--auto-approve", "--account", "main")
    assert done.code == ExitCode.BLOCKED
    assert "frees 1000 USDT" in done.err
    assert "Left unchanged: 2 that hold a position" in done.err
    assert done.out.endswith("Complete: 1 of 1 cancelled.\n")
    positions = cli("trade", "cancel", "--all", "--with-positions", "--auto-approve")
    assert positions.err.count("THE POSITION STAYS, UNPROTECTED") == 2
    assert positions.out.endswith("Complete: 2 of 2 cancelled.\n")


@pytest.mark.usefixtures("workspace", "three")
def test_trades_of_others_are_never_touched(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(CONFIG.replace("workspace: test", "workspace: other"))
    assert cli("trade", "close", "--all", "--auto-approve").out == "Nothing to do.\n"
    assert cli("trade", "cancel", "--all", "--with-positions", "--auto-approve").out == "Nothing to do.\n"


def test_an_emergency_takes_one_request_for_each_trade_and_a_few_for_all(world: World) -> None:
    fill(world, 150)
    assert run(world, CLOSE) == 0
    assert set(statuses(world).values()) == {"panic_sold"}
    writes = len(world.wire.writes)
    # Two pages of active trades and an empty one, the accounts, and two pages of what became of them.
    assert (writes, len(world.wire.seen) - writes) == (150, 3 + 1 + 2 + 1)


def test_what_is_unprotected_is_closed_first_then_the_largest(world: World) -> None:
    world.converge(
        trade("small", units="0.01"),
        trade("large", units="0.05"),
        trade("bare", units="0.001", price=59999),
    )
    ids = {live.reading.marker.name: live.id for live in map(read_trade, world.trades()) if live.reading.marker}
    world.sandbox.schedule("kill_stop", value="suspended", trade_id=ids["bare"])
    world.price("USDT_BTC", 59900)
    world.connect()
    run(world, CLOSE)
    closed = [int(path.split("/")[3]) for _, path in world.wire.writes]
    assert closed == [ids["bare"], ids["large"], ids["small"]]


def test_one_that_is_refused_does_not_stop_the_others(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    fill(world, 3)
    listed = sorted(read_trade(entity).id for entity in world.trades())

    def end_first(number: int, method: str, path: str) -> None:
        if method == "POST" and str(listed[2]) in path:
            world.sandbox.configure("pending_reads", "clock")
            world.wire.before = lambda number, method, path: None
            world.api.cancel(listed[2])
            world.sandbox.configure("pending_reads", "0")

    world.wire.before = end_first
    assert run(world, CLOSE) == 13
    out = capsys.readouterr().out
    assert "FAILED" in out
    assert out.endswith("INCOMPLETE: 2 of 3 closed; check the others above, then run it again.\n")


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_lost_answer_in_the_middle_is_settled_and_the_rest_goes_on(world: World, side: str) -> None:
    fill(world, 4)
    lost: list[str] = []

    def lose(number: int, method: str, path: str) -> None:
        if method == "POST" and len(world.wire.writes) == 2 and not lost:
            lost.append(path)
            raise requests.exceptions.ReadTimeout

    setattr(world.wire, side, lose)
    # A close that shows no effect may still arrive: it is not sent again in this run.
    assert run(world, CLOSE) == (14 if side == "before" else 0)
    assert lost
    assert len(world.wire.writes) == (3 if side == "before" else 4)
    assert run(world, CLOSE) == 0
    assert set(statuses(world).values()) == {"panic_sold"}


def test_ctrl_c_finishes_what_is_in_flight_and_starts_nothing_new(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(world, 4)

    def press(number: int, method: str, path: str) -> None:
        if len(world.wire.writes) == 2 and method == "POST":
            signal.raise_signal(signal.SIGINT)

    world.wire.after = press
    assert run(world, CLOSE) == 130
    assert sorted(statuses(world).values()) == ["panic_sold"] * 2 + ["waiting_targets"] * 2
    assert capsys.readouterr().out.count("not started") == 2


def test_ctrl_c_twice_stops_at_once(world: World) -> None:
    fill(world, 4)

    def press(number: int, method: str, path: str) -> None:
        if method == "POST":
            signal.raise_signal(signal.SIGINT)

    world.wire.before = press
    world.wire.after = press
    with pytest.raises(KeyboardInterrupt):
        run(world, CLOSE)
    assert list(statuses(world).values()).count("panic_sold") == 1


def test_a_rate_limit_stops_the_run_and_what_was_done_is_told(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    from reconciler.sandbox.store.faults import Fault, FaultKind

    fill(world, 3)
    world.sandbox.add_fault(Fault(kind=FaultKind.RATE_LIMIT, method="POST", nth=2))
    assert run(world, CLOSE) == 15
    assert capsys.readouterr().out.count("not started") == 1


def test_what_is_busy_is_told_and_the_exit_code_says_that_it_is_not_all(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(world, 1)
    world.sandbox.configure("pending_reads", "clock")
    world.api.cancel(read_trade(world.trades()[0]).id)
    assert run(world, CLOSE) == 12
    assert "cancellation_pending and does not allow that now" in capsys.readouterr().err


def test_a_fill_while_all_are_cancelled_is_told(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    fill(world, 0, 2)
    world.sandbox.schedule("fill_on_cancel", value="50")
    assert run(world, CANCEL) == 13
    assert "FILLED WHILE CANCELLING" in capsys.readouterr().out


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("fatal", [1, 2, 3])
def test_killed_in_the_middle_and_run_again_all_are_closed_and_none_twice(
    side: str, fatal: int, tmp_path: Path
) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        fill(world, 3)

        def die(number: int, method: str, path: str) -> None:
            if method == "POST" and len(world.wire.writes) == fatal - (side == "before"):
                raise Killed

        setattr(world.wire, side, die)
        with pytest.raises(Killed):
            run(world, CLOSE)
        sent = len(world.wire.writes)
        world.connect()
        assert run(world, CLOSE) == 0
        assert set(statuses(world).values()) == {"panic_sold"}
        assert len(world.wire.writes) + sent == 3
        assert world.journal.find_unresolved() == ()


def test_one_that_ends_by_itself_in_between_counts_as_done(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    fill(world, 2)
    listed = sorted(read_trade(entity).id for entity in world.trades())

    def end_first(number: int, method: str, path: str) -> None:
        if method == "POST" and str(listed[1]) in path:
            world.wire.before = lambda number, method, path: None
            world.api.close_by_market(listed[1])

    world.wire.before = end_first
    assert run(world, CLOSE) == 0
    out = capsys.readouterr().out
    assert "done already: it had ended before: panic_sold" in out
    assert "Complete: 2 of 2 closed." in out


def test_what_an_earlier_run_left_is_settled_after_the_emergency(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        fill(world, 2)

        def die(number: int, method: str, path: str) -> None:
            if method == "POST":
                raise Killed

        world.wire.after = die
        with pytest.raises(Killed):
            order(world, adding(MARKET), "held-0")
        world.connect()
        assert run(world, CLOSE) == 0
        told = capsys.readouterr().err
        assert "held-0: run 2 sent a request (add funds) and never got a result: it had its effect" in told
        first_write = next(place for place, (method, _) in enumerate(world.wire.seen) if method == "POST")
        assert not any(path.endswith("/trades") for _, path in world.wire.seen[:first_write])


def test_a_trade_on_an_account_that_the_target_does_not_name_counts_as_left_unless_an_account_is_meant(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(world, 1)
    world.sandbox.ensure_account(2)
    target = replace(world.settings.target, accounts={"other": 2})
    world.settings = replace(world.settings, target=target)
    assert run(world, CLOSE) == ExitCode.BLOCKED
    assert "Left unchanged: #30000001 on accounts that the target does not name." in capsys.readouterr().err
    assert run(world, replace(CLOSE, account="other")) == 0
    assert "Left unchanged" not in capsys.readouterr().err


def test_trades_without_a_marker_are_named_and_do_not_count(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    fill(world, 1, 1)
    for live in map(read_trade, world.trades()):
        world.api.set_note(live.id, "mine")
    assert run(world, CLOSE) == 0
    assert "Not of this workspace: #30000001 without its marker (`trade close --id ID`)." in capsys.readouterr().err
    assert run(world, CANCEL) == 0
    assert "Not of this workspace: #30000002 without its marker (`trade cancel --id ID`)." in capsys.readouterr().err
    assert sorted(live.status for live in map(read_trade, world.trades())) == ["waiting_position", "waiting_targets"]


def test_cancel_all_names_a_close_that_was_cut_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        world.converge(trade())
        world.sandbox.fill(30000001, Decimal("0.004"))

        def die(number: int, method: str, path: str) -> None:
            if (method, path) == ("POST", "/v2/smart_trades"):
                raise Killed

        world.wire.before = die
        with pytest.raises(Killed):
            run(world, CLOSE)
        world.connect()
        assert run(world, CANCEL) == ExitCode.BLOCKED
        told = capsys.readouterr().err
        assert "Left unchanged: #30000001 of a close that was cut short, and held (`trade close --all`)." in told
        assert run(world, CLOSE) == 0
        assert run(world, CANCEL) == 0
