"""The trade that sells what a partly filled entry held is found whatever the files call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import click
import pytest

from reconciler.applying.sale_lookup import find_sale, may_be_sold
from reconciler.cli.exit_codes import decide_run
from reconciler.cli.trade.run_all import run_all
from reconciler.cli.trade.run_command import run_command
from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.commands import Selector
from reconciler.model.operations import Action
from reconciler.model.specs import DesiredState
from reconciler.workflows.end_all import Scope, find_to_close, prepare_close
from tests.support.trade_commands import session_of
from tests.support.world import Killed, World, trade

FIRST = 30000001
SECOND = FIRST + 1
RENAMED = replace(trade("btc-new", state=DesiredState.CLOSED), former_names=("btc-dip",))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A trade whose entry is partly filled."""
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as made:
        made.converge(trade())
        made.sandbox.fill(FIRST, Decimal("0.004"))
        yield made


def close_all(world: World) -> int:
    with click.Context(click.Command("trade")):
        return run_all(session_of(world), Scope(action=Action.CLOSE, account=None, pair=None))


def close(world: World, name: str = "btc-dip") -> int:
    trades = session_of(world)
    selector = Selector(name=name, live_id=None)
    with click.Context(click.Command("trade")):
        return run_command(trades, selector, lambda live: prepare_close(trades, live), find_to_close)


def statuses(world: World) -> list[str]:
    return [read_trade(entity).status for entity in world.trades()]


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("path", ["/v2/smart_trades", f"/v2/smart_trades/{SECOND}/close_by_market"])
def test_a_trade_that_is_renamed_while_it_is_closed_is_sold_once(world: World, side: str, path: str) -> None:
    plan = world.plan(RENAMED)

    def die(_number: int, method: str, sent: str) -> None:
        if (method, sent) == ("POST", path):
            raise Killed

    setattr(world.wire, side, die)
    with pytest.raises(Killed):
        world.apply(plan)
    world.connect()
    for _ in range(2):
        close_all(world)
        world.converge(RENAMED)
    assert statuses(world) == ["panic_sold", "cancelled"]
    ended = read_trade(world.api.get(FIRST))
    assert (find_sale(world.session, ended), may_be_sold(world.session, ended)) == (SECOND, False)


def apply_closed(world: World) -> int:
    return decide_run(world.converge(trade(state=DesiredState.CLOSED)))


@pytest.mark.parametrize("again", [close, close_all, apply_closed])
def test_a_sale_that_failed_is_none_and_is_tried_again(
    world: World, again: Callable[[World], int], capsys: pytest.CaptureFixture[str]
) -> None:
    world.sandbox.schedule("refuse", value="kyc")
    assert close(world) != 0
    assert statuses(world) == ["failed", "cancelled"]
    assert find_sale(world.session, read_trade(world.api.get(FIRST))) is None
    assert "0.004 BTC are still held, without a stop" in capsys.readouterr().out
    assert world.plan(trade()).attention
    plan = world.plan(trade(state=DesiredState.CLOSED))
    assert [each.live_id for each in plan.operations] == [FIRST]

    assert again(world) == 0
    assert statuses(world) == ["panic_sold", "failed", "cancelled"]
    assert close_all(world) == 0
    assert len(world.trades()) == len(("sold", "failed", "cancelled"))


def test_a_request_whose_effect_is_not_known_may_have_opened_the_sale(world: World) -> None:
    def die(_number: int, method: str, path: str) -> None:
        if (method, path) == ("POST", "/v2/smart_trades"):
            raise Killed

    world.wire.after = die
    with pytest.raises(Killed):
        close(world)
    world.connect()
    ended = read_trade(world.api.get(FIRST))
    assert (find_sale(world.session, ended), may_be_sold(world.session, ended)) == (None, True)
