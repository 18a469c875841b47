"""An ordinary large workspace: what it costs in requests."""

from __future__ import annotations

import pytest

from reconciler.codec.body import write_body
from reconciler.codec.note import write_note
from reconciler.planning.operations import wanted_marker
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.survey import Surveyor
from tests.support.world import World, trade

pytestmark = pytest.mark.slow


def test_a_thousand_unchanged_trades_take_at_most_twelve_requests_to_plan_and_to_look_at() -> None:
    specs = tuple(trade(f"t{number}", price=40000 + number, stop=39000) for number in range(1000))
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

        world.connect()
        selection = select_all(PlanFiles(specs=specs))
        report = Surveyor(world.session).find_drift(selection)
        assert report.findings == ()
        assert len(world.wire.seen) <= 12
        assert report.requests == len(world.wire.seen)
        assert world.wire.writes == []

        world.connect()
        status = Surveyor(world.session).find_status(selection)
        assert len(status.trades) == 1000
        # The clock of a sandbox is read, too, which does not count: the clock of 3Commas is not asked for.
        assert world.wire.seen[-1] == ("GET", "/ver1/time")
        assert len(world.wire.seen[:-1]) <= 12
        assert status.requests == len(world.wire.seen[:-1])
        assert world.wire.writes == []
