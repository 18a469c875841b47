"""Bad news, by what the files, the API and the journal know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from reconciler.attention.bad_news import find_bad_news
from reconciler.attention.evidence import Evidence
from reconciler.codec.note import write_marker
from reconciler.matching.sighting import index_active
from reconciler.model.journal import AppliedTrade, KnownTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import Reason, reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Side, Terms
from tests.support import builders

SPEC = builders.spec()
OWN_FUNDS = builders.terms(is_own_funds=True)


def news(
    specs: Sequence[TradeSpec],
    active: Sequence[LiveTrade] = (),
    *,
    ended: Sequence[LiveTrade] = (),
    applied: Mapping[str, AppliedTrade] | None = None,
    left: Sequence[KnownTrade] = (),
    opening: Sequence[Terms] = (),
    foreign: Sequence[int] = (),
    unlisted: Sequence[int] = (),
    vanished: Mapping[str, int] | None = None,
    is_whole: bool = True,
) -> list[tuple[str, int]]:
    """Topic and id of all bad news."""
    evidence = Evidence(
        specs=specs,
        index=index_active(active, {builders.WORKSPACE}),
        newest={live.reading.marker.name: live for live in ended if live.reading.marker},
        applied=applied or {},
        foreign=foreign,
        is_whole=is_whole,
        all_names={spec.name for spec in specs},
        left=left,
        opening=opening,
        unlisted=unlisted,
        vanished=vanished or {},
    )
    return [(each.topic.value, each.live_id) for each in find_bad_news(evidence)]


def ended(spec: TradeSpec = SPEC, *, status: str = "cancelled", live_id: int = 7, **more: object) -> LiveTrade:
    """A trade that ended with 0.01 BTC held, or what is asked instead."""
    changes: dict[str, object] = {"entered": "0.01", **more}
    return builders.live(spec, Phase.ENDED, status=status, id=live_id, **changes)  # type: ignore[arg-type] # by name


def known(live: LiveTrade, name: str = "gone", generation: int = 1) -> KnownTrade:
    return KnownTrade(name=name, generation=generation, live_id=live.id, ended=live)


def journal(
    spec: TradeSpec, live_id: int, *, is_ours: bool = False, was_abandoned: bool = False
) -> dict[str, AppliedTrade]:
    trade = AppliedTrade(
        live_id=live_id,
        generation=spec.generation,
        terms=spec.terms,
        note=None,
        is_ended=True,
        was_ended_by_us=is_ours,
        was_abandoned=was_abandoned,
    )
    return {spec.name: trade}


HELD = [("coins_held", 7)]


@pytest.mark.parametrize("status", ["cancelled", "failed"])
@pytest.mark.parametrize("state", [DesiredState.OPEN, DesiredState.CLOSED])
def test_coins_that_an_end_has_left_are_news_whatever_has_ended_it(status: str, state: DesiredState) -> None:
    spec = replace(SPEC, state=state)
    assert news([spec], ended=[ended(status=status)]) == HELD
    assert news([spec], ended=[ended(status=status)], applied=journal(SPEC, 7, is_ours=True)) == HELD


@pytest.mark.parametrize("status", ["finished", "stop_loss_finished", "panic_sold", "settled", "liquidated"])
def test_an_end_that_sold_all_but_a_fee_has_left_no_coins(status: str) -> None:
    assert news([replace(SPEC, state=DesiredState.CLOSED)], ended=[ended(status=status, closed="0.00999")]) == []


def test_a_short_position_that_was_left_is_news() -> None:
    short = builders.spec(
        builders.terms(
            entered_by=builders.entry(side=Side.SELL), steps=[builders.step(57000, 100)], stop_loss=builders.stop(62000)
        )
    )
    assert news([short], ended=[ended(short)]) == HELD
    buying = builders.live(builders.spec(OWN_FUNDS, name="held"), Phase.OPEN, id=9)
    assert news([short], [buying], ended=[ended(short)], is_whole=False) == HELD, "a long one covers no short one"


@pytest.mark.parametrize("state", [DesiredState.ABANDONED, DesiredState.RELEASED])
def test_coins_that_their_file_gives_up_are_not_news(state: DesiredState) -> None:
    assert news([replace(SPEC, state=state)], ended=[ended()]) == []


def test_a_file_that_gives_up_a_later_generation_says_nothing_of_the_one_before() -> None:
    spec = replace(SPEC, state=DesiredState.ABANDONED, generation=2)
    assert news([spec], ended=[ended()]) == HELD


def test_coins_that_were_abandoned_once_are_not_news_under_a_file_that_is_open_again() -> None:
    assert news([SPEC], ended=[ended()], applied=journal(SPEC, 7, is_ours=True, was_abandoned=True)) == []
    assert news([SPEC], ended=[ended()], applied=journal(SPEC, 6, is_ours=True, was_abandoned=True)) == HELD


def test_what_is_foreign_is_not_news() -> None:
    assert news([SPEC], ended=[ended()], foreign=[7]) == []
    assert news([SPEC], ended=[ended(entered=0)], foreign=[7]) == []
    assert news([], left=[known(ended())], foreign=[7]) == []


def own_funds(units: str = "0.01", *, name: str = "held", pair: str = builders.PAIR) -> TradeSpec:
    entry = builders.entry(60000, units)
    return builders.spec(builders.terms(is_own_funds=True, entered_by=entry, pair=pair), name=name)


@pytest.mark.parametrize("phase", [Phase.BUSY, Phase.OPEN, Phase.ENDED])
def test_a_later_trade_with_own_funds_takes_the_coins_over_and_they_stay_so(phase: Phase) -> None:
    taker = own_funds()
    live = builders.live(taker, phase, id=9)
    if phase is Phase.ENDED:
        assert news([SPEC, taker], ended=[ended(), live]) == []
    else:
        assert news([SPEC, taker], [live], ended=[ended()]) == []


def test_what_the_journal_or_the_plan_knows_to_take_over_counts() -> None:
    taker = own_funds()
    assert news([SPEC], ended=[ended()], applied=journal(taker, 9)) == []
    assert news([SPEC], ended=[ended()], opening=[taker.terms]) == []
    assert news([SPEC], ended=[ended()], left=[known(ended(taker, live_id=9, entered=0, closed="0.01"))]) == []


@pytest.mark.parametrize(
    ("taker", "live_id"),
    [
        (own_funds("0.005"), 9),
        (own_funds(pair="USDT_ETH"), 9),
        (own_funds(), 3),
        (builders.spec(name="held"), 9),
    ],
    ids=["too small", "another pair", "opened before", "not with own funds"],
)
def test_what_does_not_cover_the_coins_takes_nothing_over(taker: TradeSpec, live_id: int) -> None:
    live = builders.live(taker, Phase.OPEN, id=live_id)
    assert news([SPEC, taker], [live], ended=[ended()]) == HELD


def test_a_taker_that_failed_took_nothing_over() -> None:
    taker = own_funds()
    failed = ended(taker, live_id=9, status="failed", entered=0)
    assert news([SPEC, taker], ended=[ended(), failed], applied=journal(taker, 9)) == [*HELD, ("failed", 9)]


def test_one_trade_covers_the_coins_of_one_and_two_small_ones_those_of_one_large() -> None:
    second = builders.spec(name="second")
    both = [ended(), ended(second, live_id=8)]
    one = builders.live(own_funds(), Phase.OPEN, id=9)
    assert news([SPEC, second], [one], ended=both, is_whole=False) == [("coins_held", 8)]
    halves = [builders.live(own_funds("0.005", name=f"half-{number}"), Phase.OPEN, id=9 + number) for number in (1, 2)]
    assert news([SPEC], halves, ended=[ended()], is_whole=False) == []


def test_a_fee_and_a_lot_do_not_hide_that_coins_are_taken_over() -> None:
    live = builders.live(own_funds("0.0099"), Phase.OPEN, id=9)
    assert news([SPEC], [live], ended=[ended()], is_whole=False) == []


def test_coins_of_a_name_in_no_file_are_known_by_the_journal() -> None:
    assert news([], left=[known(ended())]) == HELD
    assert news([], left=[known(ended(entered=0))]) == []
    assert news([], left=[known(ended(status="finished"))]) == []
    assert news([], left=[known(builders.unmarked(ended()))]) == HELD, "its marker was taken off"


UNEXPECTED = {
    "cancelled": "cancelled_outside",
    "panic_sold": "closed_outside",
    "failed": "failed",
    "liquidated": "liquidated",
}


@pytest.mark.parametrize("status", UNEXPECTED)
def test_an_end_that_nobody_asked_for_is_news_while_the_file_says_open(status: str) -> None:
    over = ended(status=status, entered=0)
    assert news([SPEC], ended=[over]) == [(UNEXPECTED[status], 7)]
    assert news([SPEC], ended=[over], applied=journal(SPEC, 7, is_ours=True)) == []
    assert news([SPEC], ended=[over], applied=journal(SPEC, 6, is_ours=True)) == [(UNEXPECTED[status], 7)]
    assert news([replace(SPEC, generation=2)], ended=[over]) == []
    for state in (DesiredState.CLOSED, DesiredState.ABANDONED, DesiredState.RELEASED):
        assert news([replace(SPEC, state=state)], ended=[over]) == []
    assert news([], ended=[over]) == []


@pytest.mark.parametrize("status", ["finished", "stop_loss_finished", "settled"])
def test_an_end_by_the_market_is_not_news(status: str) -> None:
    assert news([SPEC], ended=[ended(status=status)]) == []


def test_what_made_way_for_another_entry_is_not_news() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000))
    over = ended(entered=0, note=write_marker(builders.marker(pending=wanted)))
    assert news([builders.spec(wanted)], ended=[over]) == []
    assert news([SPEC], ended=[over]) == [("cancelled_outside", 7)]


CHANGES: dict[str, TradeSpec] = {
    "entry": builders.spec(builders.terms(entered_by=builders.entry(59000))),
    "exits": builders.spec(builders.terms(stop_loss=builders.stop(58600))),
    "text": builders.spec(note="other"),
    "generation": builders.spec(generation=2),
    "closed": builders.spec(state=DesiredState.CLOSED),
    "abandoned": builders.spec(state=DesiredState.ABANDONED),
    "released": builders.spec(state=DesiredState.RELEASED),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_waits_behind_a_busy_trade_is_news_and_an_unknown_status_too(change: str) -> None:
    known_word = builders.live(phase=Phase.BUSY, status="pending_reduce_funds")
    unknown_word = builders.live(phase=Phase.BUSY, status="quantum_hold")
    assert news([CHANGES[change]], [known_word]) == [("busy", 7)]
    assert news([CHANGES[change]], [unknown_word]) == [("unknown_status", 7)]
    assert news([SPEC], [known_word]) == news([SPEC], [unknown_word]) == []


def test_a_removed_file_waits_behind_a_busy_trade_where_the_whole_workspace_is_planned() -> None:
    busy = builders.live(phase=Phase.BUSY)
    assert news([], [busy]) == [("busy", 7)]
    assert news([], [busy], is_whole=False) == []


@pytest.mark.parametrize("status", ["cancellation_pending", "panic_sell_in_progress", "stop_loss_in_progress"])
def test_what_is_on_its_way_to_the_end_that_the_file_asks_for_is_not_news(status: str) -> None:
    ending = builders.live(phase=Phase.BUSY, status=status)
    assert news([builders.spec(state=DesiredState.CLOSED)], [ending]) == []
    assert news([], [ending]) == []
    assert news([CHANGES["exits"]], [ending]) == [("busy", 7)]


def test_a_change_under_way_is_not_one_that_waits() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(59000)))
    busy = builders.live(phase=Phase.BUSY, note=write_marker(builders.marker(pending=wanted.terms)))
    assert news([wanted], [busy]) == []


def test_what_lists_hide_or_the_api_has_lost_is_news() -> None:
    live = builders.live(phase=Phase.OPEN)
    assert news([SPEC], [live], unlisted=[7]) == news([], [live], unlisted=[7]) == [("unlisted", 7)]
    assert news([], vanished={SPEC.name: 7}) == [("vanished", 7)], "in no file"
    assert news([], vanished={SPEC.name: 7}, is_whole=False) == []
    assert news([SPEC], vanished={SPEC.name: 7}) == [("vanished", 7)]
    assert news([SPEC], vanished={SPEC.name: 7}, foreign=[7]) == []
    assert news([SPEC], [builders.live()], vanished={SPEC.name: 7}) == [], "a list shows it"


def remedies(specs: Sequence[TradeSpec], **more: Any) -> list[Reason]:
    """The remedies of the bad news about some trades of the files."""
    evidence = Evidence(specs=specs, index=index_active([], {builders.WORKSPACE}), **{"newest": {}, **more})
    return [each.hint for each in find_bad_news(evidence)]


def test_an_unexpected_end_has_the_next_generation_as_a_remedy() -> None:
    over = ended(entered=0)
    assert remedies([SPEC], newest={SPEC.name: over}) == [reason(Remedy.REOPEN_OR_END_IN_FILE, generation=2)]


def test_only_a_file_of_the_same_generation_can_abandon_coins() -> None:
    newest = {SPEC.name: ended()}
    assert remedies([SPEC], newest=newest) == [reason(Remedy.TAKE_COINS_OVER_OR_ABANDON, live_id=7)]
    assert remedies([replace(SPEC, generation=2)], newest=newest) == [reason(Remedy.TAKE_COINS_OVER, live_id=7)]


def test_only_a_trade_that_should_be_open_can_be_opened_again_after_it_vanished() -> None:
    closed = replace(SPEC, state=DesiredState.CLOSED)
    assert remedies([SPEC], vanished={SPEC.name: 7}) == [reason(Remedy.RAISE_OR_LIST_VANISHED, live_id=7)]
    assert remedies([closed], vanished={SPEC.name: 7}) == [reason(Remedy.LIST_VANISHED, live_id=7)]
