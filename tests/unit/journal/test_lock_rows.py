"""The rows of locks: who holds one, until when, and who may take it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import Locked
from reconciler.journal.database import Database
from reconciler.journal.lock_holder import Holder
from reconciler.journal.lock_rows import (
    LIFETIME_S,
    clamp_locks,
    drop_locks,
    find_locks,
    find_obstacle,
    make_lock,
    renew_locks,
    take_away_locks,
    write_locks,
)

HOLDER = Holder(user="me", host="here", machine="m", pid=7, started="1")
NOW = 1_000_000.0
KEYS = ["account 1", "target"]


def is_unknown(_: Holder) -> bool | None:
    return None


def test_a_lock_is_found_as_it_was_written(database: Database) -> None:
    lock = make_lock(3, "token", HOLDER, NOW)
    with database.begin() as connection:
        write_locks(connection, KEYS, lock)
        assert find_locks(connection, KEYS) == [lock, lock]
        assert find_locks(connection, ["another"]) == []
    assert lock.describe(NOW + 5) == (
        "run 3 of me@here (process 7), since 1970-01-12 13:46:40 UTC, last sign of life 5 s ago"
    )


def test_a_lock_is_over_after_its_lifetime_or_when_its_process_died() -> None:
    lock = make_lock(3, "token", HOLDER, NOW)
    assert not lock.is_over(NOW + LIFETIME_S - 1, is_unknown)
    assert lock.is_over(NOW + LIFETIME_S, is_unknown)
    assert lock.is_over(NOW, lambda _: False)
    assert not lock.is_over(NOW, lambda _: True)
    assert replace(lock, expires_at=None).is_over(NOW, is_unknown)


def test_only_a_lock_that_is_not_over_is_in_the_way(database: Database) -> None:
    lock = make_lock(3, "token", HOLDER, NOW)
    with database.begin() as connection:
        write_locks(connection, KEYS[:1], lock)
        assert find_obstacle(connection, KEYS, NOW, is_unknown) == lock
        assert find_obstacle(connection, KEYS, NOW, lambda _: False) is None
        assert find_obstacle(connection, KEYS, NOW + LIFETIME_S, is_unknown) is None


def test_a_clock_in_the_future_makes_no_lock_last_longer(database: Database) -> None:
    with database.begin() as connection:
        write_locks(connection, KEYS, make_lock(3, "token", HOLDER, NOW + 10_000_000))
        clamp_locks(connection, KEYS, NOW)
        assert {lock.expires_at for lock in find_locks(connection, KEYS)} == {NOW + LIFETIME_S}


def test_renewing_shows_a_sign_of_life(database: Database) -> None:
    with database.begin() as connection:
        write_locks(connection, KEYS, make_lock(3, "token", HOLDER, NOW))
        renew_locks(connection, KEYS, "token", NOW + 20)
        assert {lock.seen_at for lock in find_locks(connection, KEYS)} == {NOW + 20}


def test_a_run_that_lost_a_lock_sends_nothing_more(database: Database) -> None:
    with database.begin() as connection:
        write_locks(connection, KEYS, make_lock(3, "token", HOLDER, NOW))
        with pytest.raises(Locked, match="slept past the expiry"):
            renew_locks(connection, KEYS, "token", NOW + LIFETIME_S)
        write_locks(connection, KEYS[:1], make_lock(4, "another", HOLDER, NOW))
        with pytest.raises(Locked, match="was taken by run 4 of me@here"):
            renew_locks(connection, KEYS, "token", NOW + 1)
        drop_locks(connection, KEYS, "token")
        assert [lock.token for lock in find_locks(connection, KEYS)] == ["another"]


def test_taking_locks_away_takes_all_of_the_same_run(database: Database) -> None:
    with database.begin() as connection:
        write_locks(connection, [*KEYS, "account 2"], make_lock(3, "token", HOLDER, NOW))
        write_locks(connection, ["account 9"], make_lock(4, "another", HOLDER, NOW))
        take_away_locks(connection, KEYS[:1], ["token", ""])
        assert find_locks(connection, [*KEYS, "account 2"]) == []
        assert len(find_locks(connection, ["account 9"])) == 1
