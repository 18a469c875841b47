"""Updates that the journal remembers as refused after a step was executed."""

from __future__ import annotations

from pathlib import Path

from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.matching.match import Match, Matching
from reconciler.workflows.refused_updates import read_refused_updates
from tests.support.world import World, trade


def read_messages(world: World) -> list[str]:
    spec, live = trade(), read_trade(world.api.get(30000001))
    matching = Matching(matches=(Match(spec=spec, live=live),), blocked=(), orphans=())
    return [each.message for each in read_refused_updates(world.journal, matching).get(live.id, ())]


def test_only_refusals_after_a_step_was_executed_are_remembered(tmp_path: Path) -> None:
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as world:
        world.converge(trade())
        world.price("USDT_BTC", 59900)
        assert not read_messages(world)

        world.price("USDT_BTC", 63100)
        world.converge(trade(stop=59000))
        assert not read_messages(world)

        world.sandbox.configure("finished_steps", "refused")
        world.converge(trade(stop=60000))
        (message,) = read_messages(world)
        assert message.startswith("PATCH /v2/smart_trades/30000001 was refused (422")
