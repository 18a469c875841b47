"""What an exchange may do to a plan that was right: parts that fill, orders it refuses, stops that die."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.plan import Action, Cause, OutcomeKind
from tests.worlds import World, kinds, trade


def last_id(world: World) -> int:
    newest: Any = world.trades()[0]
    return int(newest["id"])


def test_a_partly_filled_entry_is_no_difference() -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.converge(trade())
        world.sandbox.fill(last_id(world), Decimal("0.004"))

        assert world.plan(trade()).is_empty
        assert not world.plan(trade(price=59000)).operations


@pytest.mark.parametrize("status", ["failed", "suspended", "need_reset"])
def test_a_stop_that_died_is_a_loss_and_is_armed_again(status: str) -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.converge(trade())
        world.sandbox.schedule("kill_stop", value=status)
        world.price("USDT_BTC", 59900)
        plan = world.plan(trade())

        assert [(operation.action, operation.cause) for operation in plan.operations] == [(Action.UPDATE, Cause.LOSS)]
        assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
        assert world.plan(trade()).is_empty


def test_a_stop_that_dies_of_an_update_is_told() -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.converge(trade())
        world.price("USDT_BTC", 59900)
        world.sandbox.schedule("kill_stop")

        assert kinds(world.converge(trade(stop=58000))) == [OutcomeKind.FAILED]
        assert not world.plan(trade(stop=58000)).is_empty


def test_an_entry_that_fills_while_it_is_cancelled_is_told() -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.converge(trade())
        world.sandbox.schedule("fill_on_cancel", value="40")

        assert kinds(world.converge()) == [OutcomeKind.FILLED_WHILE_CANCELLING]


def test_an_entry_that_the_exchange_refuses_is_a_failed_create() -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.sandbox.schedule("refuse", value="kyc")
        result = world.converge(trade())

        assert kinds(result) == [OutcomeKind.FAILED]
        assert "KYC" in result.outcomes[0].text
