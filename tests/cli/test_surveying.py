"""One look at the live trades: what is read, how often, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.surveying import Surveyor
from reconciler.cli.workspace import Selection, Workspace
from reconciler.errors import AccessRefused
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.drift import DriftReport, Topic
from reconciler.model.journal import NO_JOURNAL
from reconciler.model.live import Phase
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.status import StatusReport
from reconciler.planning.operations import wanted_marker
from tests.worlds import World, trade

FIRST = 30000001


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A sandbox that stands for an API, with a journal."""
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as made:
        made.settings = replace(made.settings, target=replace(made.settings.target, kind="api"))
        yield made


def surveyor(world: World) -> Surveyor:
    return Surveyor(world.settings, world.api, world.clock, world.journal)


def look(world: World, *specs: TradeSpec, by: Surveyor | None = None) -> DriftReport:
    return (by or surveyor(world)).report(Workspace(specs=specs, problems=(), files=1), whole(specs))


def stand(world: World, *specs: TradeSpec) -> StatusReport:
    return surveyor(world).stand(Workspace(specs=specs, problems=(), files=1), whole(specs))


def whole(specs: tuple[TradeSpec, ...]) -> Selection:
    return Selection(specs=specs, is_whole=True)


def topics(report: DriftReport) -> list[Topic]:
    return [finding.topic for finding in report.alarms]


def test_what_does_not_exist_any_more_is_read_once_and_then_known_as_gone(world: World) -> None:
    world.converge(trade())
    world.sandbox.reset()
    watcher = surveyor(world)
    assert topics(look(world, trade(), by=watcher)) == [Topic.VANISHED]
    one = ("GET", f"/v2/smart_trades/{FIRST}")
    assert world.wire.seen.count(one) == 1
    assert topics(look(world, trade(), by=watcher)) == [Topic.VANISHED]
    assert world.wire.seen.count(one) == 1


def test_what_ended_after_its_note_was_emptied_is_read_by_its_id(world: World) -> None:
    world.converge(trade())
    world.api.set_note(FIRST, "-")
    world.api.cancel(FIRST)
    report = look(world, trade())
    assert topics(report) == [Topic.MARKER_GONE]
    assert "cancelled" in report.alarms[0].text


def test_no_more_than_ten_trades_are_read_by_their_ids_in_one_look(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(12)]
    world.converge(*specs)
    world.sandbox.reset()
    watcher, before = surveyor(world), len(world.wire.seen)
    assert len(look(world, *specs, by=watcher).alarms) == 10
    assert sum(path.startswith("/v2/smart_trades/") for _, path in world.wire.seen[before:]) == 10
    assert len(look(world, *specs, by=watcher).alarms) == 12


def test_a_trade_whose_marker_is_gone_costs_no_look_into_the_history(world: World) -> None:
    world.converge(trade())
    world.api.set_note(FIRST, "-")
    report = look(world, trade())
    assert topics(report) == [Topic.MARKER_GONE]
    assert report.requests == 2


def test_what_has_ended_is_searched_once_and_then_known(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 58000)
    first, second = look(world, trade()), look(world, trade())
    assert first.alarms == second.alarms == ()
    assert (first.requests, second.requests) == (3, 2)


def test_limits_of_a_pair_are_read_where_rounding_may_explain_a_difference_and_only_once(world: World) -> None:
    asked, shown = trade(price="60000.129"), trade(price="60000.12")
    world.converge(shown)
    note = str(wanted_marker("test", asked))
    world.api.set_note(FIRST, note)
    blind, before = Surveyor(world.settings, world.api, world.clock, NO_JOURNAL), len(world.wire.seen)
    for _ in range(2):
        assert look(world, asked, by=blind).alarms == ()
    assert sum("currency_rates" in path for _, path in world.wire.seen[before:]) == 1


def test_the_wrong_mode_is_refused(world: World) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, mode="real"))
    with pytest.raises(AccessRefused):
        look(world, trade())


def test_status_reads_prices_by_the_pair_where_trades_come_without(world: World) -> None:
    specs = (trade(), trade("other", price=50000))
    world.converge(*specs)

    def hide_prices(method: str, path: str, answer: Any) -> Any:
        for entity in answer if isinstance(answer, list) else ():
            entity.get("data", {}).pop("current_price", None)
        return answer

    world.wire.alter = hide_prices
    before = len(world.wire.seen)
    report = stand(world, *specs)
    rates = [path for _, path in world.wire.seen[before:] if "currency_rates" in path]
    assert (len(rates), report.requests) == (1, 3)
    assert all(each.next_distance_pct is not None for each in report.trades)


def test_status_shows_trades_of_every_state_and_those_whose_marker_is_gone(world: World) -> None:
    world.converge(trade(), trade("other", price=50000), trade("lost", price=40000))
    world.converge(trade(state=DesiredState.ABANDONED), trade("other", price=50000), trade("lost", price=40000))
    world.api.set_note(FIRST + 2, "-")
    report = stand(world, trade(state=DesiredState.ABANDONED), trade("lost", price=40000))
    found = {each.trade: (each.phase, each.has_marker, each.is_in_file) for each in report.trades}
    assert found == {
        "btc-dip": (Phase.ENDED, True, True),
        "lost": (Phase.ENTERING, False, True),
        "other": (Phase.ENTERING, True, False),
    }


def test_without_a_journal_the_same_is_seen_but_for_what_left_no_trace(world: World) -> None:
    world.converge(trade())
    world.api.set_note(FIRST, "-")
    world.api.cancel(FIRST)
    blind = Surveyor(world.settings, world.api, world.clock, NO_JOURNAL)
    report = look(world, trade(), by=blind)
    assert [finding.topic for finding in report.findings] == [Topic.NOT_LIVE]
    assert not report.has_journal
