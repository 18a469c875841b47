"""What earlier runs sent without learning what became of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.applying.earlier_runs import settle_earlier_runs
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.reasons import Reason
from reconciler.rendering.reasons import describe
from tests.support.world import Killed, World, trade


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = Database(sqlite_url(tmp_path_factory.mktemp("journal") / "journal.sqlite"))
    with World(database=database) as made:
        yield made


def kill_at_create(world: World, *, is_sent: bool) -> None:
    """A run dies right before or right after its create takes effect."""

    def die(number: int, method: str, path: str) -> None:
        if method == "POST":
            raise Killed

    if is_sent:
        world.wire.after = die
    else:
        world.wire.before = die
    with pytest.raises(Killed):
        world.converge(trade())
    world.connect()


@pytest.mark.parametrize(
    ("is_sent", "words"),
    [(True, "it had its effect (#30000001 is waiting_position)"), (False, "it had no effect")],
    ids=["sent", "not sent"],
)
def test_what_a_killed_run_did_is_found_by_reading_and_reported_once(world: World, is_sent: bool, words: str) -> None:
    kill_at_create(world, is_sent=is_sent)
    found: list[Reason] = []
    assert settle_earlier_runs(world.session, found.append) == {}
    (reported,) = map(describe, found)
    assert reported == f"btc-dip: run 1 sent a request (create) and never got a result: {words}"
    assert world.journal.find_unresolved() == ()
    assert settle_earlier_runs(world.session, found.append) == {}
    assert len(found) == 1
