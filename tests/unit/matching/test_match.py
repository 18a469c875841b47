from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from reconciler.codec.note import write_marker
from reconciler.matching.match import Matching, match
from reconciler.matching.opening import Judge, want
from reconciler.matching.sighting import History, Illegible, Sighting, find_missing, index_active, owned_marker
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.marker import MarkerState
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import reason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Side
from reconciler.rendering.reasons import describe
from tests.support import builders

SPEC = builders.spec()


def matched(
    *active: LiveTrade,
    specs: Sequence[TradeSpec] = (SPEC,),
    history: History | None = None,
    foreign: Collection[int] = (),
    workspaces: Collection[str] = (builders.WORKSPACE,),
    unreadable: Sequence[Illegible] = (),
    all_names: Collection[str] | None = None,
) -> Matching:
    sighting = Sighting(
        index=index_active(active, workspaces, unreadable),
        history=history or History(newest={}),
        foreign=foreign,
        all_names={spec.name for spec in specs} if all_names is None else all_names,
    )
    return match(specs, sighting)


def only_reason(matching: Matching) -> str:
    (blocked,) = matching.blocked
    assert not matching.matches
    return describe(blocked.reason)


def test_a_trade_is_found_by_its_marker_whatever_its_terms() -> None:
    live = builders.live(shown=builders.terms(pair="USDT_ETH", account_id=9))
    (found,) = matched(live).matches
    assert found.live is live


def test_a_former_name_of_the_workspace_still_matches() -> None:
    live = builders.live(note=write_marker(builders.marker(workspace="old")))
    assert matched(live, workspaces=("test", "old")).matches[0].live is live
    assert not matched(live, workspaces=("test",)).matches


def test_only_open_trades_without_a_live_one_are_searched_in_the_history() -> None:
    specs = [builders.spec(name="a"), builders.spec(name="b"), builders.spec(name="c", state=DesiredState.CLOSED)]
    index = index_active([builders.live(specs[0])], {"test"})
    assert find_missing(specs, index) == {"b"}


def test_two_live_trades_of_one_name_block_and_are_named() -> None:
    assert only_reason(matched(builders.live(id=7), builders.live(id=8))) == "#7 and #8 both carry this name"


def test_a_trade_that_two_lists_show_with_two_markers_is_left_alone() -> None:
    """Somebody pasted a marker into it between the two lists."""
    other, pasted = builders.live(builders.spec(name="other"), id=7), builders.live(id=7)
    specs = [builders.spec(name="other"), SPEC]
    matching = matched(other, specs=specs, history=History(newest={"btc-dip": pasted}))
    assert [(each.spec.name, each.live) for each in matching.matches] == [("other", other)]
    assert [describe(each.reason) for each in matching.blocked] == [
        "#7 was read with the marker of other, and a moment later with this one"
    ]


@pytest.mark.parametrize(("newest_id", "is_stopped"), [(6, True), (7, False), (8, True)])
def test_only_the_last_trade_of_a_name_is_replaced(newest_id: int, is_stopped: bool) -> None:
    history = History(newest={"btc-dip": builders.live(id=newest_id, phase=Phase.ENDED)})
    sighting = Sighting(
        index=index_active([builders.live(id=7)], {builders.WORKSPACE}), history=history, all_names={"btc-dip"}
    )
    verdict = Judge(sighting).judge(want(SPEC, replaced_id=7))
    assert (verdict.obstacle is not None) == is_stopped
    if verdict.obstacle:
        assert f"#{newest_id}" in describe(verdict.obstacle.reason)
        when = "after" if newest_id == 8 else "before"
        assert f"opened {when} #7" in describe(verdict.obstacle.reason)


def test_a_name_under_both_names_of_the_workspace_is_a_duplicate_too() -> None:
    old = builders.live(id=8, note=write_marker(builders.marker(workspace="old")))
    assert "#7 and #8" in only_reason(matched(builders.live(), old, workspaces=("test", "old")))


def test_a_lower_generation_that_is_live_blocks_the_higher() -> None:
    assert only_reason(matched(builders.live(), specs=[builders.spec(generation=2)])) == "generation 1 is still live"


def test_a_lower_generation_that_has_ended_makes_way() -> None:
    history = History(newest={"btc-dip": builders.live(phase=Phase.ENDED)})
    (found,) = matched(specs=[builders.spec(generation=2)], history=history).matches
    assert found.live is None


def test_a_lower_generation_that_has_ended_does_not_hide_an_illegible_newer_one() -> None:
    history = History(newest={"btc-dip": builders.live(phase=Phase.ENDED)}, doubts={"btc-dip": "#9 is illegible"})
    reason = only_reason(matched(specs=[builders.spec(generation=2)], history=history))
    assert reason == "it is not proven that it does not exist yet: #9 is illegible"


@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.ENDED])
def test_a_generation_lower_than_one_seen_is_an_error(phase: Phase) -> None:
    newer = builders.live(builders.spec(generation=3), phase)
    active = [newer] if phase is Phase.OPEN else []
    history = History(newest={"btc-dip": newer})
    assert "generation 3 was opened already and the file says 1" in only_reason(matched(*active, history=history))


def test_an_ended_trade_of_the_history_is_found() -> None:
    ended = builders.live(phase=Phase.ENDED)
    assert matched(history=History(newest={"btc-dip": ended})).matches[0].live is ended


def cancelled_for(wanted: TradeSpec, **changes: str) -> LiveTrade:
    note = write_marker(builders.marker(pending=wanted.terms))
    return builders.live(phase=Phase.ENDED, status=changes.get("status", "cancelled"), note=note, entered=0)


def test_a_trade_that_was_cancelled_unfilled_for_this_entry_counts_as_absent() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(None)))
    history = History(newest={"btc-dip": cancelled_for(wanted)})
    assert matched(specs=[wanted], history=history).matches[0].live is None


def test_a_trade_that_was_cancelled_for_another_entry_does_not() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(None)))
    ended = cancelled_for(builders.spec(builders.terms(pair="USDT_ETH")))
    assert matched(specs=[wanted], history=History(newest={"btc-dip": ended})).matches[0].live is ended


@pytest.mark.parametrize("change", ["filled", "failed"])
def test_a_trade_that_ended_otherwise_while_being_replaced_does_not(change: str) -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(None)))
    ended = cancelled_for(wanted, status="failed" if change == "failed" else "cancelled")
    if change == "filled":
        ended = replace(ended, entered_units=builders.entry().units)
    assert matched(specs=[wanted], history=History(newest={"btc-dip": ended})).matches[0].live is ended


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("[reconciler:1 test/btc-dip#1 5f3a", "damaged"),
        ("[reconciler:7 test/btc-dip#1 x]", "newer"),
        ("[reconciler", "damaged"),
    ],
)
def test_a_marker_that_cannot_be_read_and_may_be_this_one_blocks_the_create(note: str, word: str) -> None:
    reason = only_reason(matched(builders.live(note=note)))
    assert reason.startswith("#7 may be this trade")
    assert word in reason


@pytest.mark.parametrize(
    "note", ["[reconciler:1 test/eth#1 5f3a", "[reconciler:1 elsewhere/btc-dip#1 5f3a", "[reconciler:9 x/btc-dip#1 "]
)
def test_a_marker_that_cannot_be_read_and_is_of_another_trade_does_not(note: str) -> None:
    assert matched(builders.live(note=note)).matches


def test_an_entity_without_id_or_name_may_be_any_trade() -> None:
    unreadable = Illegible(
        live_id=None, name=None, reason=reason(OpeningReason.ENTITY_UNREADABLE, problem="it is not an object")
    )
    assert only_reason(matched(unreadable=[unreadable])) == "a live trade may be this trade: it is not an object"


def test_what_shall_be_closed_is_not_called_gone_while_an_illegible_trade_has_its_name() -> None:
    closed = builders.spec(state=DesiredState.CLOSED)
    assert "#7 may be this trade" in only_reason(
        matched(builders.live(note="[reconciler:1 test/btc-dip#1 5f"), specs=[closed])
    )
    assert matched(builders.live(note="[reconciler"), specs=[closed]).matches


def test_an_orphan_of_the_same_account_pair_and_side_blocks_a_create_and_may_be_a_rename() -> None:
    matching = matched(builders.live(builders.spec(name="old-name")))
    assert "`old-name`, is in no file and has the same account, pair and side" in only_reason(matching)
    assert [owned_marker(orphan).name for orphan in matching.orphans] == ["old-name"]


def test_an_orphan_elsewhere_does_not() -> None:
    short = builders.terms(entered_by=builders.entry(side=Side.SELL))
    assert matched(builders.live(builders.spec(short, name="old-name"))).matches


def test_a_trade_of_a_file_that_is_not_planned_is_no_orphan() -> None:
    matching = matched(builders.live(builders.spec(name="other")), all_names={"btc-dip", "other"})
    assert matching.matches
    assert not matching.orphans


def lookalike(phase: Phase = Phase.ENTERING, *, price: str = "60000", units: str = "0.01") -> LiveTrade:
    return builders.unmarked(builders.live(phase=phase, shown=builders.terms(entered_by=builders.entry(price, units))))


@pytest.mark.parametrize(
    "live",
    [
        lookalike(),
        lookalike(price="60000.01"),
        lookalike(units="0.00999"),
        lookalike(Phase.FILLING),
        lookalike(Phase.BUSY),
        lookalike(Phase.OPEN, price="60060", units="0.00994"),
    ],
)
def test_an_unmarked_trade_that_looks_like_a_missing_one_blocks_its_create(live: LiveTrade) -> None:
    matching = matched(live)
    assert only_reason(matching) == "#7 carries no marker and is alike in pair, side and size"
    assert "foreign: [7]" in describe(matching.blocked[0].hint)
    assert matched(live, foreign=[7]).matches


@pytest.mark.parametrize(
    "live",
    [
        lookalike(price="59000"),
        lookalike(units="0.02"),
        lookalike(Phase.OPEN, units="0.02"),
        builders.unmarked(builders.live(shown=builders.terms(entered_by=builders.entry(None)))),
        builders.unmarked(builders.live(shown=builders.terms(entered_by=builders.entry(trigger=60500)))),
        builders.unmarked(builders.live(shown=builders.terms(account_id=2))),
        builders.unmarked(builders.live(phase=Phase.OPEN, shown=builders.terms(is_own_funds=True))),
    ],
)
def test_an_unmarked_trade_that_is_another_does_not(live: LiveTrade) -> None:
    assert matched(live).matches


def test_a_workspace_that_was_renamed_without_saying_so_does_not_open_its_trades_again() -> None:
    live = builders.live(note=write_marker(builders.marker(workspace="old")))
    assert only_reason(matched(live)) == "#7 of workspace `old` has this name and this entry"
    assert matched(live, foreign=[7]).matches
    assert matched(live, specs=[builders.spec(builders.terms(entered_by=builders.entry(1)))]).matches


def test_a_conditional_lookalike_is_known_by_its_trigger() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(trigger=60500)))
    near = builders.unmarked(builders.live(shown=builders.terms(entered_by=builders.entry(trigger="60500.5"))))
    far = builders.unmarked(builders.live(shown=builders.terms(entered_by=builders.entry(trigger=62000))))
    assert matched(near, specs=[wanted]).blocked
    assert matched(far, specs=[wanted]).matches


def test_what_is_live_is_never_held_up_by_doubts_about_others() -> None:
    illegible = builders.live(id=8, note="[reconciler")
    assert matched(builders.live(), illegible, lookalike()).matches


def test_a_trade_without_marker_has_no_owner() -> None:
    foreign = builders.unmarked(builders.live())
    assert foreign.reading.state is MarkerState.ABSENT
    with pytest.raises(ValueError, match="no valid marker"):
        owned_marker(foreign)
