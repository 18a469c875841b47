"""The pace that processes share."""

from __future__ import annotations

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import RateLimited
from reconciler.journal.database import Database
from reconciler.journal.request_times import FIRST_BAN_S, SqlSharedPace
from reconciler.live.pacing import BLOCK_AFTER_429_S, WINDOW_S, RequestBudget
from reconciler.sandbox.store.limits import RateLimits
from tests.support.world import START_AT, World, kinds, trade


def budget_of(database: Database, clock: ManualClock, limit: int = 10, key: str = "key") -> RequestBudget:
    """The budget of a process of its own."""
    return RequestBudget(limit, clock, shared=SqlSharedPace(database, key))


def test_two_processes_with_one_key_share_one_pace(database: Database) -> None:
    clock = ManualClock(START_AT)
    first, second = budget_of(database, clock), budget_of(database, clock)
    for _ in range(9):
        first.acquire()
    assert second.time_needed_s(1) == pytest.approx(WINDOW_S)
    second.acquire()
    assert clock.monotonic() == pytest.approx(WINDOW_S)
    budget_of(database, clock, key="other").acquire()
    assert clock.monotonic() == pytest.approx(WINDOW_S)


def test_room_is_kept_for_what_protects_a_position(database: Database) -> None:
    clock = ManualClock(START_AT)
    busy, urgent = budget_of(database, clock), budget_of(database, clock)
    for _ in range(9):
        busy.acquire()
    with urgent.protecting(is_protecting=True):
        urgent.acquire()
    assert clock.monotonic() == 0
    with urgent.protecting(is_protecting=True):
        urgent.acquire()
    assert clock.monotonic() == pytest.approx(WINDOW_S)


def test_a_429_stops_every_process_and_is_remembered(database: Database) -> None:
    clock = ManualClock(START_AT)
    budget_of(database, clock).stop(BLOCK_AFTER_429_S, "too soon")
    with pytest.raises(RateLimited, match="another 300 s: too soon") as caught:
        budget_of(database, clock).acquire()
    assert caught.value.status == 429
    clock.sleep(BLOCK_AFTER_429_S)
    budget_of(database, clock).acquire()


def test_a_418_is_remembered_and_each_further_one_doubles_the_silence(database: Database) -> None:
    clock = ManualClock(START_AT)
    for lasts_s in (FIRST_BAN_S, 2 * FIRST_BAN_S, 4 * FIRST_BAN_S):
        budget_of(database, clock).ban("banned")
        clock.sleep(lasts_s - 1)
        with pytest.raises(RateLimited, match="banned") as caught:
            budget_of(database, clock).acquire()
        assert caught.value.status == 418
        clock.sleep(1)
        budget_of(database, clock).acquire()


def test_the_key_itself_is_not_kept(database: Database) -> None:
    from reconciler.journal import tables

    budget_of(database, ManualClock(START_AT), key="marked-secret").acquire()
    with database.begin() as connection:
        rows = [*connection.execute(tables.requests.select()), *connection.execute(tables.bans.select())]
    assert rows
    assert "marked-secret" not in str(rows)


@pytest.mark.slow
def test_a_thousand_operations_use_the_permitted_rate_and_the_exchange_never_says_too_many(database: Database) -> None:
    """The exchange counts for itself, by the documented limits, on a clock that moves while the client waits."""
    limit, sent_at = 80, list[float]()
    with World(database=database, is_tied=True, rate_limits=RateLimits()) as world:
        specs = [trade(f"t{number}", price=40000 + number, units="0.001") for number in range(1000)]
        world.api.session.budget = budget_of(database, world.clock, limit)
        world.wire.before = lambda number, method, path: sent_at.append(world.clock.monotonic())
        plan = world.plan(*specs)
        planned_at = world.clock.monotonic()
        result = world.apply(plan)
        ended_at = world.clock.monotonic()
        assert set(world.wire.statuses) == {200, 201}
        exchange_s = (world.sandbox.now_ms - START_AT.timestamp() * 1000) / 1000
        assert exchange_s == pytest.approx(ended_at, abs=1)
    assert {kind.value for kind in kinds(result)} == {"applied"}
    for first, beyond in zip(sent_at, sent_at[limit:], strict=False):
        assert beyond >= first + WINDOW_S
    # The first window is free; of every one after it at least 95 percent are used.
    whole_windows = int(sent_at[-1] // WINDOW_S)
    assert len(sent_at) >= 0.95 * limit * whole_windows
    assert abs(ended_at - planned_at - plan.seconds_needed) <= 0.1 * plan.seconds_needed


def test_the_exchange_of_that_test_does_say_too_many_to_who_is_faster() -> None:
    with World(is_tied=True, rate_limits=RateLimits()) as world:
        world.api.session.budget = RequestBudget(200, world.clock)
        for _ in range(100):
            world.trades()
        with pytest.raises(RateLimited):
            world.trades()
        assert world.wire.statuses == {200: 100, 429: 1}
