"""One look at the live trades: what is read, how often, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import write_marker
from reconciler.errors import AccessRefused
from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.model.drift import DriftReport, FindingKind, Topic
from reconciler.model.live import Phase
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.status import StatusReport
from reconciler.model.targets import Mode, TargetKind
from reconciler.planning.operations import wanted_marker
from reconciler.rendering.finding_text import describe_finding
from reconciler.workflows.plan_files import PlanFiles, Selection, select_all
from reconciler.workflows.survey import Surveyor
from tests.support.averaging_orders import averaged, open_trade, order
from tests.support.world import World, trade

FIRST = 30000001


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A sandbox that stands for an API, with a journal."""
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as made:
        made.settings = replace(made.settings, target=replace(made.settings.target, kind=TargetKind.API))
        yield made


def surveyor(world: World) -> Surveyor:
    return Surveyor(world.session)


def look(world: World, *specs: TradeSpec, by: Surveyor | None = None) -> DriftReport:
    return (by or surveyor(world)).find_drift(select_all(PlanFiles(specs=specs)))


def stand(world: World, *specs: TradeSpec) -> StatusReport:
    return surveyor(world).find_status(select_all(PlanFiles(specs=specs)))


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
    assert report.alarms[0].reason["status"] == "cancelled"


def test_no_more_than_ten_trades_are_read_by_their_ids_in_one_look(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(12)]
    world.converge(*specs)
    world.sandbox.reset()
    watcher, before = surveyor(world), len(world.wire.seen)
    assert len(look(world, *specs, by=watcher).alarms) == 12
    assert sum(path.startswith("/v2/smart_trades/") for _, path in world.wire.seen[before:]) == 10
    assert len(look(world, *specs, by=watcher).alarms) == 12


def test_a_trade_whose_marker_is_gone_costs_no_look_into_the_history(world: World) -> None:
    world.converge(trade())
    world.api.set_note(FIRST, "-")
    before = len(world.wire.seen)
    assert topics(look(world, trade())) == [Topic.MARKER_GONE]
    assert not any("status=all" in path for _, path in world.wire.seen[before:])


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
    note = write_marker(wanted_marker("test", asked))
    world.api.set_note(FIRST, note)
    blind, before = Surveyor(replace(world.session, journal=NO_JOURNAL)), len(world.wire.seen)
    for _ in range(2):
        assert look(world, asked, by=blind).alarms == ()
    assert sum("currency_rates" in path for _, path in world.wire.seen[before:]) == 1


def test_the_wrong_mode_is_refused(world: World) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, mode=Mode.REAL))
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
    assert (len(rates), report.requests) == (1, 4)
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
    blind = Surveyor(replace(world.session, journal=NO_JOURNAL))
    report = look(world, trade(), by=blind)
    assert [finding.topic for finding in report.findings] == [Topic.NOT_LIVE]
    assert not report.has_journal


ORDERS = (order(59500), order(59000, "0.01"))


def told(report: DriftReport) -> list[tuple[FindingKind, str]]:
    return [(each.kind, describe_finding(each)) for each in report.findings if each.kind is not FindingKind.PROGRESS]


@pytest.fixture
def averaging(world: World) -> World:
    """A position with two averaging orders that wait."""
    open_trade(world)
    world.converge(averaged(*ORDERS))
    return world


def order_ids(world: World) -> list[int]:
    """Of the averaging orders, in the order in which they were sent."""
    return [each.id for each in read_averaging_orders(world.api, read_trade(world.api.get(FIRST)))]


def test_averaging_orders_that_are_not_sent_yet_are_a_matter_of_the_file(world: World) -> None:
    open_trade(world)
    assert told(look(world, averaged(*ORDERS))) == [(FindingKind.FILE, "averaging orders have to be sent or cancelled")]


def test_averaging_orders_are_read_only_where_the_marker_counts_some(averaging: World) -> None:
    one = ("GET", f"/v2/smart_trades/{FIRST}/trades")
    before = averaging.wire.seen.count(one)
    look(averaging, averaged(*ORDERS))
    assert averaging.wire.seen.count(one) == before + 1
    averaging.converge(averaged(*ORDERS), trade("other", pair="USDT_ETH", price=3000, stop=2900, steps=((3300, 100),)))
    seen = len(averaging.wire.seen)
    look(averaging, averaged(*ORDERS), trade("other", pair="USDT_ETH", price=3000, stop=2900, steps=((3300, 100),)))
    assert [path for _, path in averaging.wire.seen[seen:] if path.endswith("/trades")] == [one[1]]


@pytest.mark.parametrize("last", [59900, 59400, 58900], ids=["both wait", "one executed", "both executed"])
def test_what_becomes_of_averaging_orders_of_the_file_is_no_drift(averaging: World, last: int) -> None:
    averaging.price("USDT_BTC", last)
    assert told(look(averaging, averaged(*ORDERS))) == []


def test_an_averaging_order_that_left_the_file_is_a_matter_of_the_file_and_then_nothing(averaging: World) -> None:
    less = averaged(ORDERS[0])
    assert [kind for kind, _ in told(look(averaging, less))] == [FindingKind.FILE]
    averaging.converge(less)
    assert told(look(averaging, less)) == []


def test_an_averaging_order_that_an_apply_cancelled_is_no_drift_when_it_comes_back_into_the_file(
    averaging: World,
) -> None:
    averaging.converge(averaged(ORDERS[0]))
    assert told(look(averaging, averaged(*ORDERS))) == []


def test_an_averaging_order_that_was_cancelled_by_hand_is_drift(averaging: World) -> None:
    averaging.api.cancel_trade(FIRST, order_ids(averaging)[1])
    expected = (FindingKind.DRIFT, "averaging order 0.01 BTC at 59000 USDT is cancelled, but the file lists it")
    assert told(look(averaging, averaged(*ORDERS))) == [expected]


def test_an_averaging_order_that_was_added_by_hand_is_drift_where_the_marker_counts_some(averaging: World) -> None:
    averaging.api.add_funds(FIRST, {"order_type": "limit", "units": {"value": "0.002"}, "price": {"value": "58000"}})
    text = "1 averaging order more than this workspace sent; waiting and not in the file: 0.002 BTC at 58000 USDT"
    assert told(look(averaging, averaged(*ORDERS))) == [(FindingKind.DRIFT, text)]


def test_funds_that_were_added_at_market_beside_averaging_orders_are_drift(averaging: World) -> None:
    averaging.price("USDT_BTC", 59400)
    averaging.api.add_funds(FIRST, {"order_type": "market", "units": {"value": "0.003"}})
    text = "funds were added: 0.018 BTC were entered instead of 0.015 BTC"
    assert told(look(averaging, averaged(*ORDERS))) == [(FindingKind.DRIFT, text)]


def test_an_averaging_order_that_is_counted_and_not_listed_is_a_loss(averaging: World) -> None:
    note = str(averaging.trades()[0]["note_raw"])
    averaging.api.set_note(FIRST, note.replace(" a2]", " a3]"))
    ((kind, text),) = told(look(averaging, averaged(*ORDERS)))
    assert (kind, "counts more averaging orders" in text) == (FindingKind.LOSS, True)


def coins_held(world: World) -> None:
    """A position whose trade somebody cancels."""
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.api.cancel(FIRST)


def test_coins_of_a_trade_in_no_file_are_read_by_id_once_and_then_known(world: World) -> None:
    coins_held(world)
    one = ("GET", f"/v2/smart_trades/{FIRST}")
    other = trade("other", price=50000, stop=48000)
    world.converge(other)
    for _ in range(2):
        world.connect()
        report = look(world, other)
        assert topics(report) == [Topic.COINS_HELD]
        assert (report.alarms[0].trade, report.alarms[0].live_id) == ("btc-dip", FIRST)
        assert world.plan(other).attention == 1
        assert world.wire.seen.count(one) <= 1
    row = next(each for each in stand(world, other).trades if each.trade == "btc-dip")
    assert (row.live_id, row.is_in_file, row.attention) == (FIRST, False, ("coins_held",))


def test_a_narrowed_look_leaves_out_trades_in_no_file(world: World) -> None:
    coins_held(world)
    other = trade("other", price=50000, stop=48000)
    world.converge(other)
    selection = Selection(files=PlanFiles(specs=(other,)), specs=(other,), is_whole=False)
    report = surveyor(world).find_drift(selection)
    assert topics(report) == []


def test_many_ended_trades_in_no_file_are_found_in_the_history_and_not_read_one_by_one(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number, stop=48000) for number in range(12)]
    other = trade("other", price=45000, stop=44000)
    world.converge(*specs, other)
    for number in range(12):
        world.sandbox.fill(FIRST + number, Decimal("0.01"))
        world.api.cancel(FIRST + number)
    before = len(world.wire.seen)
    assert len(look(world, other).alarms) == 12
    assert sum(path.startswith("/v2/smart_trades/") for _, path in world.wire.seen[before:]) <= 10


def test_a_closed_trade_that_the_journal_knows_costs_no_look_into_the_history(world: World) -> None:
    closed = trade(state=DesiredState.CLOSED)
    world.converge(trade())
    world.converge(closed)
    first, second = look(world, closed), look(world, closed)
    assert (first.alarms, second.alarms, second.requests) == ((), (), 2)


def test_an_unknown_status_is_an_alarm_while_the_file_asks_for_a_change(world: World) -> None:
    world.converge(trade())

    def show(method: str, path: str, answer: Any) -> Any:
        entities = answer if isinstance(answer, list) else [answer]
        for entity in entities if "/smart_trades" in path else ():
            entity["status"] = {"type": "quantum_hold", "title": "?", "error": None}
        return answer

    world.wire.alter = show
    changed = trade(stop=59000)
    for _ in range(2):
        assert topics(look(world, changed)) == [Topic.UNKNOWN_STATUS]
        plan = world.plan(changed)
        assert (plan.attention, plan.is_empty) == (1, True)
    assert topics(look(world, trade())) == []
    assert world.plan(trade()).attention == 0


def test_a_moved_trade_that_was_closed_from_here_is_no_news_under_its_new_name(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.converge(trade(state=DesiredState.CLOSED))
    moved = replace(trade("new"), former_names=("btc-dip",))
    assert topics(look(world, moved)) == []
    assert world.plan(moved).attention == 0


def test_coins_of_a_closed_trade_are_said_though_its_marker_was_taken_off(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.api.set_note(FIRST, "mine")
    world.api.cancel(FIRST)
    closed = trade(state=DesiredState.CLOSED)
    for _ in range(2):
        assert topics(look(world, closed)) == [Topic.COINS_HELD]
        assert world.plan(closed).attention == 1
    assert topics(look(world, trade(state=DesiredState.ABANDONED))) == []


def test_status_says_what_can_be_lost_and_adds_it_up(world: World) -> None:
    world.converge(trade(), trade("eth"))
    report = stand(world, trade(), trade("eth"))
    losses = [row.risk.loss_at_stop for row in report.trades if row.risk is not None]
    assert len(losses) == 2
    assert None not in losses
    assert report.risk["USDT"].loss_at_stop == sum(each for each in losses if each is not None)
    assert [row.r_now for row in report.trades] == [None, None]


def test_status_of_a_position_says_its_result_in_losses_at_stop(world: World) -> None:
    world.converge(trade())
    open_trade(world)
    (row,) = stand(world, trade()).trades
    assert row.risk is not None
    assert row.risk.at_market is not None
    assert row.risk.loss_at_stop
    assert row.r_now == row.risk.at_market / row.risk.loss_at_stop


def test_drift_says_what_an_edit_has_done_to_the_loss_at_stop(world: World) -> None:
    world.converge(trade())
    open_trade(world)
    applied = stand(world, trade()).trades[0].risk
    stop = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": 57000}}}
    world.api.update(FIRST, {"position": {"units": {"value": "0.01"}}, "stop_loss": stop})
    risk = look(world, trade()).risks["btc-dip"]
    now = stand(world, trade()).trades[0].risk
    assert applied is not None
    assert now is not None
    assert risk.before is not None
    assert risk.after is not None
    assert risk.before.loss_at_stop == applied.loss_at_stop
    assert risk.after.loss_at_stop == now.loss_at_stop != applied.loss_at_stop
