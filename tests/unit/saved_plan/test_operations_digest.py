"""The digest of the operations is the same for a plan that does the same, and another for every other one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.averaging import AveragingOrder
from reconciler.model.fires import ENTRY_FIRES
from reconciler.model.operations import Action, Effect, FieldChange, Operation
from reconciler.saved_plan.operations_digest import digest_operations
from tests.support.world import World, open_position, trade


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def test_time_price_order_and_ids_do_not_count(world: World) -> None:
    first = world.plan(trade("a"), trade("b", price=59000))
    world.price("USDT_BTC", 61500)
    world.clock.sleep(100_000)
    second = world.plan(trade("b", price=59000), trade("a"))
    assert first.prices != second.prices
    assert digest_operations(first.operations) == digest_operations(tuple(reversed(second.operations)))


def test_the_id_of_the_live_trade_does_not_count(world: World) -> None:
    open_position(world)
    (operation,) = world.plan(trade(stop=58000)).operations
    assert operation.precondition is not None
    other = replace(operation, precondition=replace(operation.precondition, live_id=7, note="x"))
    assert digest_operations([operation]) == digest_operations([other])


def _vary(operation: Operation) -> Iterator[Operation]:
    assert operation.after is not None
    entry = replace(operation.after.entry, units=Decimal("0.011"))
    yield replace(operation, action=Action.REPLACE)
    yield replace(operation, trade="other")
    yield replace(operation, generation=2)
    yield replace(operation, effect=Effect.EXECUTES)
    yield replace(operation, side_effects=(Effect.UNPROTECTS,))
    yield replace(operation, changes=(FieldChange(path="a", live="1", wanted="2"),))
    yield replace(operation, after=replace(operation.after, entry=entry))
    yield replace(operation, after=replace(operation.after, account_id=2))
    yield replace(operation, after=replace(operation.after, stop_loss=None))
    yield replace(operation, note_after="a text " + str(operation.note_after))
    yield replace(operation, fires=(ENTRY_FIRES,))
    yield replace(operation, averaging=AveragingOrder(price=Decimal(1), units=Decimal(1)))
    yield replace(operation, step=operation.after.steps[0])
    yield replace(operation, copies_left=1)


def test_every_part_that_a_reviewer_reads_counts(world: World) -> None:
    (operation,) = world.plan(trade()).operations
    varied = list(_vary(operation))
    digests = {digest_operations([each]) for each in (operation, *varied)}
    assert len(digests) == 1 + len(varied)
    # Once more is not the same as once.
    assert digest_operations([operation, operation]) not in digests
