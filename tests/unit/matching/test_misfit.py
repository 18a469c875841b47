"""A right marker in a wrong trade is noticed before anything is done to that trade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.codec.note import write_marker
from reconciler.errors import CommandRefused
from reconciler.journal.database import Database, sqlite_url
from reconciler.matching.misfit import find_misfit
from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.targets import TargetKind
from reconciler.model.terms import Side, Terms
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support import builders, trade_commands
from tests.support.trade_commands import order
from tests.support.world import World, kinds, trade

SPEC = builders.spec()
NOTE = write_marker(builders.marker(SPEC))


def misfit(
    live: LiveTrade,
    spec: TradeSpec | None = SPEC,
    applied: AppliedTrade | None = None,
    known: LiveTrade | None = None,
    sent: Sequence[SentOrder] = (),
) -> str:
    found = find_misfit(live, spec, applied, lambda _: known, lambda _: sent)
    return "" if found is None else describe(found)


def pasted(phase: Phase = Phase.OPEN, entered: str = "0.01", **terms: Any) -> LiveTrade:
    """A trade with the marker of another one."""
    return builders.live(None, phase, shown=builders.terms(**terms), note=NOTE, entered=entered)


def applied(live_id: int = 7, terms: Terms | None = SPEC.terms) -> AppliedTrade:
    return AppliedTrade(live_id=live_id, generation=1, terms=terms, note=None, is_ended=False, was_ended_by_us=False)


@pytest.mark.parametrize("phase", [Phase.ENTERING, Phase.OPEN])
@pytest.mark.parametrize(
    "terms",
    [
        {"pair": "USDT_ETH"},
        {"account_id": 2},
        {"entered_by": builders.entry(side=Side.SELL)},
        {"is_own_funds": True},
        {"is_instant": True},
    ],
)
def test_what_never_changes_of_a_trade_has_to_be_that_of_the_file(phase: Phase, terms: dict[str, Any]) -> None:
    reason = misfit(pasted(phase, **terms))
    assert "#7 carries its marker and is another trade" in reason
    assert "instead of account 1 USDT_BTC buy (smart trade)" in reason


def test_the_trade_of_the_file_fits() -> None:
    assert misfit(builders.live(SPEC, Phase.OPEN, entered="0.01")) == ""
    assert misfit(builders.live(SPEC, Phase.ENTERING)) == ""


@pytest.mark.parametrize(("entered", "fits"), [("0.0099", True), ("0.01", True), ("0.02", False), ("0.001", False)])
def test_a_held_size_differs_by_lots_and_fees_and_no_more(entered: str, fits: bool) -> None:
    assert (misfit(pasted(entered=entered)) == "") is fits


def test_averaging_orders_make_a_position_larger() -> None:
    spec = replace(SPEC, averaging=(AveragingOrder(price=Decimal(59000), units=SPEC.terms.entry.units),))
    assert misfit(pasted(entered="0.02"), spec) == ""
    assert misfit(pasted(entered="0.03"), spec) != ""


def executed(units: str) -> SentOrder:
    order = AveragingOrder(price=Decimal(59000), units=Decimal(units))
    return SentOrder(id=1, order=order, status="finished", filled_units=Decimal(units), cancelable=False)


@pytest.mark.parametrize(
    ("entered", "counted", "sent", "fits"),
    [
        ("0.02", 1, ["0.01"], True),
        ("0.035", 2, ["0.01", "0.015"], True),
        ("0.02", 1, [], False),  # the trade has no such order
        ("0.02", 0, ["0.01"], False),  # none was sent from here
        ("0.03", 1, ["0.01"], False),  # they do not explain all of it
        ("0.012", 1, ["0.01"], False),  # its own entry was another one
    ],
)
def test_executed_averaging_orders_explain_a_size_though_the_file_has_dropped_them(
    entered: str, counted: int, sent: list[str], fits: bool
) -> None:
    note = write_marker(replace(builders.marker(SPEC), averaging_sent=counted))
    live = builders.live(None, Phase.OPEN, shown=builders.terms(), note=note, entered=entered)
    assert (misfit(live, sent=[executed(units) for units in sent]) == "") is fits


def test_an_edited_size_of_a_waiting_entry_is_drift_and_no_other_trade() -> None:
    assert misfit(pasted(Phase.ENTERING, entered="0", entered_by=builders.entry(units="0.5"))) == ""


def test_the_id_of_the_journal_settles_it() -> None:
    assert misfit(pasted(entered="0.5"), applied=applied(live_id=7)) == ""


def test_a_journal_that_has_learned_the_wrong_id_is_not_believed_against_what_never_changes() -> None:
    assert "is another trade" in misfit(pasted(pair="USDT_ETH"), applied=applied(live_id=7))
    assert misfit(pasted(pair="USDT_ETH"), applied=applied(live_id=7, terms=None)) == ""


def test_the_journal_knows_another_trade() -> None:
    other = builders.live(SPEC, Phase.OPEN, id=5, note="mine")
    reason = misfit(pasted(), applied=applied(live_id=5), known=other)
    assert "#7" in reason
    assert "#5" in reason
    assert misfit(pasted(), applied=applied(live_id=5)) == ""


def test_a_trade_that_made_way_for_this_one_is_no_contradiction() -> None:
    before = builders.spec(builders.terms(entered_by=builders.entry(59000)))
    note = write_marker(builders.marker(before, pending=SPEC.terms))
    made_way = builders.live(before, Phase.ENDED, id=5, note=note, status="cancelled", entered=0)
    assert misfit(pasted(), applied=applied(live_id=5), known=made_way) == ""


@pytest.mark.parametrize(
    ("text", "status", "terms", "fits"),
    [
        ("sells what #5 holds", "cancelled", {}, True),
        ("asked: sells what #5 holds by hand", "cancelled", {}, True),
        ("sells what #6 holds", "cancelled", {}, False),
        ("sells what #55 holds", "cancelled", {}, False),
        ("sells what #5 holds", "waiting_targets", {}, False),
        ("sells what #5 holds", "cancelled", {"pair": "USDT_ETH"}, False),
        ("sells what #5 holds", "cancelled", {"entered_by": builders.entry(units="0.009")}, False),
    ],
)
def test_the_sale_of_what_a_cancelled_entry_holds_fits_though_no_journal_knows_it(
    text: str, status: str, terms: dict[str, Any], *, fits: bool
) -> None:
    phase = Phase.ENDED if status == "cancelled" else Phase.OPEN
    cancelled = builders.live(SPEC, phase, id=5, status=status, entered="0.004")
    shown = builders.terms(**{"is_own_funds": True, "entered_by": builders.entry(units="0.004"), **terms})
    sale = builders.live(None, Phase.OPEN, shown=shown, note=f"{NOTE} {text}", entered=0)
    assert (misfit(sale, applied=applied(live_id=5), known=cancelled) == "") is fits


def test_where_the_file_has_changed_the_journal_says_what_was_opened() -> None:
    changed = builders.spec(builders.terms(pair="USDT_ETH"))
    assert misfit(builders.live(SPEC), changed, applied(live_id=5)) == ""
    assert misfit(pasted(Phase.ENTERING, entered="0", pair="USDT_SOL"), changed, applied(live_id=5)) != ""


@pytest.mark.parametrize("terms", [{"pair": "USDT_ETH"}, {"account_id": 2}, {"is_instant": True}])
def test_a_trade_that_is_about_to_make_way_still_has_its_old_entry(terms: dict[str, Any]) -> None:
    wanted = builders.spec(builders.terms(**terms))
    note = write_marker(builders.marker(SPEC, pending=wanted.terms))
    assert misfit(builders.live(SPEC, Phase.ENTERING, note=note), wanted) == ""
    other = builders.terms(pair="USDT_SOL")
    assert "is another trade" in misfit(builders.live(SPEC, Phase.ENTERING, shown=other, note=note), wanted)


def test_without_journal_and_file_the_marker_alone_counts() -> None:
    assert misfit(builders.live(SPEC), None) == ""
    assert misfit(pasted(Phase.ENTERING, entered="0", entered_by=builders.entry(59000)), None) == ""


# By plan, apply and command, on the sandbox.


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as made:
        made.settings = replace(made.settings, target=replace(made.settings.target, kind=TargetKind.API))
        yield made


def paste(world: World, *, has_journal: bool = True) -> int:
    """The note of `btc-dip` is moved into an open trade of another pair; the id of that trade."""
    world.converge(trade())
    (mine,) = world.trades()
    body = {
        "account_id": 1,
        "pair": "USDT_ETH",
        "position": {"type": "buy", "order_type": "market", "units": {"value": "1"}},
        "take_profit": {"enabled": False},
        "stop_loss": {"enabled": False},
        "note": mine["note"],
    }
    other = int(str(world.api.create(body)["id"]))
    world.api.set_note(int(str(mine["id"])), "mine")
    if not has_journal:
        world.database = None
    world.connect()
    return other


@pytest.mark.parametrize("has_journal", [True, False])
@pytest.mark.parametrize("wanted", [trade(stop=58000), trade(state=DesiredState.CLOSED)])
def test_a_pasted_marker_gets_no_trade_changed_or_closed(world: World, wanted: TradeSpec, has_journal: bool) -> None:
    other = paste(world, has_journal=has_journal)
    plan = world.plan(wanted)
    assert plan.operations == ()
    assert f"#{other}" in describe(plan.blocked[0].reason)
    assert world.wire.writes == []


def test_a_command_by_name_refuses_a_trade_with_a_pasted_marker(world: World) -> None:
    other = paste(world)
    with pytest.raises(CommandRefused, match=f"#{other}.*--id"):
        order(world, trade_commands.close)
    assert world.wire.writes == []


def test_a_trade_that_was_replaced_from_another_machine_still_fits(world: World) -> None:
    world.converge(trade())
    journal, world.database = world.database, None
    world.connect()
    world.converge(trade(order_type="market", stop=50000, steps=((70000, 100),)))
    world.database = journal
    world.connect()
    wanted = trade(order_type="market", stop=51000, steps=((70000, 100),))
    assert kinds(world.converge(wanted)) == [OutcomeKind.APPLIED]


def test_a_stop_follows_the_file_though_it_has_dropped_averaging_orders_that_were_executed(world: World) -> None:
    base = trade(stop=50000)
    world.database = None
    world.connect()
    world.price("USDT_BTC", 59900)
    spec = replace(base, averaging=(AveragingOrder(price=Decimal(59000), units=Decimal("0.01")),))
    world.converge(spec)
    world.converge(spec)
    world.price("USDT_BTC", 58900)
    wanted = trade(stop=51000)
    assert kinds(world.converge(wanted)) == [OutcomeKind.APPLIED]
    assert world.plan(wanted).is_empty


@pytest.mark.parametrize("has_journal", [True, False])
def test_a_create_is_not_done_by_another_trade_with_its_marker(world: World, has_journal: bool) -> None:
    plan = world.plan(trade())
    paste(world, has_journal=has_journal)
    result = world.apply(plan, is_saved=True)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "is another trade" in describe_outcome(result.outcomes[0])
