"""Creates are confirmed together, and none waits long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.applying.unconfirmed import CreatedTrades, EndedTrades
from reconciler.model.outcomes import OutcomeKind
from reconciler.planning.requests import CONFIRM_AFTER_S, CREATES_PER_CONFIRMATION
from tests.support.world import World, trade


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def test_creates_are_due_when_there_are_many_or_the_first_has_waited_long(world: World) -> None:
    (create,) = world.plan(trade()).operations
    created = CreatedTrades(world.session)
    due = [created.is_due]
    created.add(1, create)
    due.append(created.is_due)
    world.clock.sleep(CONFIRM_AFTER_S)
    assert [*due, created.is_due] == [False, False, True]
    many = CreatedTrades(world.session)
    due = []
    for live_id in range(CREATES_PER_CONFIRMATION):
        due.append(many.is_due)
        many.add(live_id, create)
    assert not any(due)
    assert many.is_due


def test_one_reading_confirms_all_and_what_does_not_exist_is_indeterminate(world: World) -> None:
    plan = world.plan(trade("a"), trade("b", price=50000))
    world.apply(plan)
    created = CreatedTrades(world.session)
    for live_id, operation in zip((30000001, 30000002), plan.operations, strict=True):
        created.add(live_id, operation)
    sent = len(world.wire.seen)
    confirmed = created.confirm()
    assert [outcome.kind for outcome in confirmed.outcomes] == [OutcomeKind.APPLIED] * 2
    assert len(world.wire.seen) == sent + 1
    assert created.confirm().outcomes == ()


def test_nothing_that_ended_means_no_request(world: World) -> None:
    ended = EndedTrades(world.session, lambda operation, live: pytest.fail(f"{operation} {live}"))
    assert (ended.is_due, ended.confirm().outcomes, world.wire.seen) == (False, (), [])
