"""What an exchange may do to a plan that was right: parts that fill, orders it refuses, stops that die."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest
import requests

from reconciler.model.operations import Action, Cause
from reconciler.model.outcomes import OutcomeKind
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.wire.server import serve_aside
from tests.support.world import World, kinds, trade

pytestmark = pytest.mark.slow

# Schedules an event with a value; the method is that of the request which it is to meet.
Schedule = Callable[[str, str, str], None]
Demanded = tuple[World, Schedule]


@pytest.fixture(params=["embedded", "by a fault", "served"])
def demanded(request: pytest.FixtureRequest) -> Iterator[Demanded]:
    """A world with Bitcoin at 61,000, and the ways to ask its exchange for an event."""
    with World() as world, ExitStack() as stack:
        world.price("USDT_BTC", 61000)
        url = stack.enter_context(serve_aside(world.sandbox)) if request.param == "served" else ""
        if url:
            world.connect(url)

        def schedule(event: str, value: str, method: str) -> None:
            body = {"event": event, "value": value}
            if request.param == "by a fault":
                act = f"POST /sandbox/schedule {json.dumps(body)}"
                world.sandbox.add_fault(Fault(kind=FaultKind.ACT, method=method, request=act))
            elif url:
                requests.post(f"{url}/sandbox/schedule", json=body, timeout=10).raise_for_status()
            else:
                world.sandbox.schedule(event, value=value)

        yield world, schedule
        world.api.session.close()


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


@pytest.mark.parametrize("status", ["failed", "suspended", "need_reset"])
def test_a_stop_that_dies_of_an_update_is_told(demanded: Demanded, status: str) -> None:
    world, schedule = demanded
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    schedule("kill_stop", status, "PATCH")
    result = world.converge(trade(stop=58000))

    assert kinds(result) == [OutcomeKind.FAILED]
    assert f"the update was taken, but the stop is not active ({status})" in describe_outcome(result.outcomes[0])
    assert [operation.cause for operation in world.plan(trade(stop=58000)).operations] == [Cause.LOSS]
    assert kinds(world.converge(trade(stop=58000))) == [OutcomeKind.APPLIED]


@pytest.mark.parametrize(("percent", "units"), [("40", "0.004"), ("100", "0.01")])
def test_an_entry_that_fills_while_it_is_cancelled_is_told(demanded: Demanded, percent: str, units: str) -> None:
    world, schedule = demanded
    world.converge(trade())
    schedule("fill_on_cancel", percent, "DELETE")
    result = world.converge()

    assert kinds(result) == [OutcomeKind.FILLED_WHILE_CANCELLING]
    assert f"{units} BTC were filled at 60060" in describe_outcome(result.outcomes[0])


def test_an_entry_that_fills_while_it_is_replaced_is_not_opened_again(demanded: Demanded) -> None:
    world, schedule = demanded
    world.converge(trade())
    schedule("fill_on_cancel", "40", "DELETE")

    assert kinds(world.converge(trade(order_type="market", stop=58000))) == [OutcomeKind.FILLED_WHILE_CANCELLING]
    assert len(world.trades()) == 1


def test_an_entry_that_the_exchange_refuses_is_a_failed_create() -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.sandbox.schedule("refuse", value="kyc")
        result = world.converge(trade())

        assert kinds(result) == [OutcomeKind.FAILED]
        assert "KYC" in describe_outcome(result.outcomes[0])
