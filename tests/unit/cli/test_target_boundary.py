"""A target is a boundary: trades on accounts that it does not name are left unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import click
import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.trade.run_all import run_all
from reconciler.errors import CommandRefused
from reconciler.model.operations import Action
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.rendering.reasons import describe
from reconciler.workflows.end_all import Scope
from tests.support.trade_commands import cancel, order, session_of
from tests.support.world import World, kinds, trade

BOTH = frozenset({1, 2})


@pytest.fixture
def world() -> Iterator[World]:
    """Two accounts of one key."""
    with World() as made:
        made.sandbox.ensure_account(2)
        made.settings = replace(made.settings, named_accounts=BOTH)
        yield made


def use_target(world: World, accounts: Mapping[str, int], *, named: frozenset[int] = BOTH) -> None:
    """Work with a target that names these accounts."""
    target = replace(world.settings.target, accounts=accounts)
    world.settings = replace(world.settings, target=target, named_accounts=named)
    world.connect()


def on(account: int, spec: TradeSpec) -> TradeSpec:
    return replace(spec, terms=replace(spec.terms, account_id=account))


def statuses(world: World) -> dict[int, str]:
    found: dict[int, str] = {}
    for entity in world.trades():
        account, status = entity["account"], entity["status"]
        assert isinstance(account, dict)
        assert isinstance(status, dict)
        found[int(account["id"])] = str(status["type"])
    return found


def test_a_trade_of_another_target_is_neither_replaced_nor_cancelled(world: World) -> None:
    world.converge(trade())
    use_target(world, {"main": 2})
    plan = world.plan(on(2, trade()))
    assert [operation.action for operation in plan.operations] == [Action.CREATE]
    world.apply(plan)
    assert statuses(world) == {1: "waiting_position", 2: "waiting_position"}
    world.connect()
    assert world.plan(on(2, trade())).is_empty


def test_a_file_that_no_longer_names_a_trade_does_not_cancel_it_on_another_account(world: World) -> None:
    world.converge(trade(), trade("other", price=50000, stop=49000))
    use_target(world, {"main": 2})
    assert [each.trade for each in world.plan(on(2, trade("new", price=40000, stop=39000))).operations] == ["new"]


def test_a_trade_that_is_to_be_closed_is_not_closed_on_another_account(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    use_target(world, {"main": 2})
    assert kinds(world.converge(on(2, trade(state=DesiredState.CLOSED)))) == []
    assert statuses(world) == {1: "waiting_targets"}


def test_a_file_for_an_account_that_the_target_does_not_name_is_blocked(world: World) -> None:
    plan = world.plan(on(2, trade()))
    assert plan.operations == ()
    assert "account 2, which the target does not name" in describe(plan.blocked[0].reason)


def test_a_trade_on_an_account_that_no_target_names_any_more_is_not_opened_again_elsewhere(world: World) -> None:
    world.converge(trade())
    use_target(world, {"main": 2}, named=frozenset({2}))
    plan = world.plan(on(2, trade()))
    assert plan.operations == ()
    assert "live on account 1, which no target names" in describe(plan.blocked[0].reason)
    world.settings = replace(world.settings, foreign=frozenset({30000001}))
    assert len(world.plan(on(2, trade())).operations) == 1


@pytest.mark.parametrize("kind", [Action.CLOSE, Action.CANCEL])
def test_an_emergency_of_one_target_does_not_cross_to_another(
    world: World, kind: Action, capsys: pytest.CaptureFixture[str]
) -> None:
    world.converge(trade())
    if kind is Action.CLOSE:
        world.price("USDT_BTC", 59900)
    use_target(world, {"main": 2})
    with click.Context(click.Command("trade")):
        assert run_all(session_of(world), Scope(action=kind, account=None, pair=None)) == ExitCode.BLOCKED
        assert world.wire.writes == []
        assert "#30000001 on accounts that the target does not name" in capsys.readouterr().err
        # Whoever names an account means no other.
        assert run_all(session_of(world), Scope(action=kind, account="main", pair=None)) == ExitCode.DONE


def test_a_command_by_name_does_not_cross_either(world: World) -> None:
    world.converge(trade())
    use_target(world, {"main": 2})
    with pytest.raises(CommandRefused, match="account 1, which target sandbox does not name"):
        order(world, cancel)
    assert world.wire.writes == []
