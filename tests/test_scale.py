"""An ordinary large workspace: what it costs in requests."""

from __future__ import annotations

from reconciler.model.body import write_body
from reconciler.model.marker import write_note
from reconciler.planning.operations import wanted_marker
from tests.worlds import World, trade


def test_a_thousand_unchanged_trades_take_at_most_twelve_requests() -> None:
    specs = [trade(f"t{number}", price=40000 + number, stop=39000) for number in range(1000)]
    with World() as world:
        for spec in specs:
            world.api.create({**write_body(spec.terms), "note": write_note(wanted_marker("test", spec), "")})
        world.connect()
        plan = world.plan(*specs)
        assert plan.is_empty
        assert plan.unchanged == 1000
        assert len(world.wire.seen) <= 12
        assert plan.requests_used == len(world.wire.seen)
        assert world.wire.writes == []
