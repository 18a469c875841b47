from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.codec.digests import entry_digest
from reconciler.codec.note import read_note, write_marker
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Illegible, Sighting, index_active
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.operations import Action, Cause, Effect
from reconciler.model.plan import NoticeKind
from reconciler.model.reasons import Reason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType, OrderType, Side, Step, Terms
from reconciler.planning.known import Known
from reconciler.planning.plan_trades import find_pairs, plan_trades
from reconciler.rendering.reasons import describe, describe_all
from tests.support import builders, planning
from tests.support.planning import only, reason

SPEC = builders.spec()


def notices(*args: object, **kwargs: object) -> list[tuple[NoticeKind, str]]:
    decision = planning.plan(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
    assert not decision.operations
    return [(notice.kind, describe(notice.reason)) for notice in decision.notices]


# Absent


def test_what_is_proven_absent_is_created() -> None:
    create = only(planning.plan([SPEC]))
    assert (create.action, create.cause, create.effect) == (Action.CREATE, Cause.FILE, Effect.COMMITS)
    assert (create.after, create.precondition) == (SPEC.terms, None)
    assert create.note_after == write_marker(builders.marker())


def test_a_create_needs_all_its_steps() -> None:
    spec = builders.spec(builders.terms(steps=[builders.step(63000, 70)]), unallocated=30)
    assert reason(planning.plan([spec])) == "the take-profit volumes of a new trade must add up to 100 %"


def test_a_create_needs_a_pair_that_exists() -> None:
    assert reason(planning.plan([SPEC], rates={})) == "the exchange of account 1 has no pair USDT_BTC"


@pytest.mark.parametrize("state", [DesiredState.CLOSED, DesiredState.ABANDONED, DesiredState.RELEASED])
def test_what_shall_end_and_is_not_live_needs_nothing(state: DesiredState) -> None:
    decision = planning.plan([builders.spec(state=state)], ended=[builders.live(phase=Phase.ENDED)])
    assert decision.is_empty
    assert not decision.notices


# Entering


def test_a_waiting_trade_as_its_file_needs_nothing() -> None:
    assert planning.plan([SPEC], [builders.live()]).is_empty


def test_a_new_entry_of_a_waiting_trade_is_an_update_with_its_note() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(59000)))
    update = only(planning.plan([spec], [builders.live()]))
    assert (update.action, update.cause, update.effect) == (Action.UPDATE, Cause.FILE, Effect.REPRICES)
    assert [change.path for change in update.changes] == ["position.price.value"]
    assert update.note_after == write_marker(builders.marker(spec))
    assert update.precondition is not None
    assert update.precondition.terms == SPEC.terms


def test_a_new_entry_that_the_price_has_reached_executes() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(62000), stop_loss=None))
    assert only(planning.plan([spec], [builders.live()])).effect is Effect.EXECUTES


@pytest.mark.parametrize(
    "wanted",
    [
        builders.terms(pair="USDT_ETH"),
        builders.terms(entered_by=builders.entry(62000, side=Side.SELL)),
        builders.terms(entered_by=builders.entry(trigger=61500)),
        builders.terms(is_own_funds=True),
    ],
)
def test_a_waiting_trade_of_another_kind_is_replaced(wanted: Terms) -> None:
    operation = only(planning.plan([builders.spec(wanted)], [builders.live()]))
    assert (operation.action, operation.after) == (Action.REPLACE, wanted)
    assert operation.note_after == write_marker(builders.marker(builders.spec(wanted)))
    assert operation.precondition is not None
    assert describe_all(operation.money).endswith("the waiting entry frees 600 USDT first")


def test_a_replace_judges_by_the_prices_of_the_new_pair() -> None:
    eth = builders.spec(builders.terms(pair="USDT_ETH", entered_by=builders.entry(2900), steps=(), stop_loss=None))
    assert only(planning.plan([eth], [builders.live()])).fires == ()


def test_nothing_is_cancelled_for_a_pair_that_does_not_exist() -> None:
    decision = planning.plan([builders.spec(builders.terms(pair="USDT_NONE"))], [builders.live()])
    assert reason(decision) == "the exchange of account 1 has no pair USDT_NONE"


def test_nothing_is_cancelled_for_a_create_that_would_be_refused() -> None:
    wanted = builders.terms(pair="USDT_ETH", steps=[builders.step(3500, 70)])
    decision = planning.plan([builders.spec(wanted, unallocated=30)], [builders.live()])
    assert reason(decision) == "the take-profit volumes of a new trade must add up to 100 %"


def test_what_cannot_be_cancelled_is_not_replaced() -> None:
    decision = planning.plan([builders.spec(builders.terms(pair="USDT_ETH"))], [builders.live(cancelable=False)])
    assert reason(decision) == "3Commas does not offer to cancel it while waiting_position"


def test_before_the_entry_steps_cannot_be_left_out() -> None:
    spec = builders.spec(builders.terms(steps=builders.STEPS[:1]), unallocated=50)
    assert reason(planning.plan([spec], [builders.live()])).startswith("an update needs take-profit volumes of 100 %")


def test_what_cannot_be_edited_is_left_alone() -> None:
    spec = builders.spec(builders.terms(stop_loss=None))
    decision = planning.plan([spec], [builders.live(editable=False)])
    assert reason(decision) == "3Commas does not offer to edit it while waiting_position"
    assert decision.blocked[0].changes


def test_an_instant_trade_that_waits_is_updated_like_any() -> None:
    before, after = (
        builders.spec(builders.terms(entered_by=builders.entry(price), is_instant=True)) for price in (60000, 59000)
    )
    update = only(planning.plan([after], [builders.live(before)]))
    assert [change.path for change in update.changes] == ["position.price.value"]


# Filling


def test_a_partly_filled_entry_is_not_changed() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(59000)))
    live = builders.live(phase=Phase.FILLING, entered="0.004")
    assert reason(planning.plan([spec], [live])) == "the entry is partly filled"


def test_a_partly_filled_entry_that_is_to_be_closed_is_closed_with_both_amounts() -> None:
    live = builders.live(phase=Phase.FILLING, entered="0.004")
    close = only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [live]))
    assert (close.action, close.effect, close.sells_rest) == (Action.CLOSE, Effect.EXECUTES, True)
    assert describe_all(close.money).startswith("sells 0.004 BTC at market, about 243.996 USDT")
    assert "the rest of the entry is cancelled first, which frees 360 USDT" in describe_all(close.money)


def test_a_partly_filled_trade_may_be_abandoned_and_that_unprotects() -> None:
    live = builders.live(phase=Phase.FILLING, entered="0.004")
    cancel = only(planning.plan([builders.spec(state=DesiredState.ABANDONED)], [live]))
    assert (cancel.action, cancel.effect, describe_all(cancel.money)) == (
        Action.CANCEL,
        Effect.UNPROTECTS,
        "keeps 0.004 BTC without steps and stop",
    )


def test_the_note_of_a_partly_filled_trade_may_be_rewritten() -> None:
    live = builders.live(phase=Phase.FILLING, entered="0.004")
    assert only(planning.plan([builders.spec(note="new")], [live])).action is Action.SET_NOTE


# Open, the entry


def test_an_open_trade_as_its_file_needs_nothing() -> None:
    assert planning.plan([SPEC], [builders.live(phase=Phase.OPEN)]).is_empty


def test_a_new_entry_of_an_open_trade_is_blocked_and_shows_the_choices() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(59000), stop_loss=builders.stop(57000)))
    decision = planning.plan([spec], [builders.live(phase=Phase.OPEN)])
    assert reason(decision) == "the position is open and the file has another entry"
    assert "raise generation" in describe(decision.blocked[0].hint)
    assert [change.path for change in decision.blocked[0].changes] == ["stop_loss.conditional.price.value"]


NEW_PRICE = builders.spec(builders.terms(entered_by=builders.entry(59000)))


def under_way(wanted: TradeSpec, phase: Phase = Phase.OPEN, **shown: object) -> LiveTrade:
    note = write_marker(builders.marker(pending=wanted.terms))
    return builders.live(phase=phase, note=note, **shown)  # type: ignore[arg-type]  # handed on as they are


def test_an_entry_that_was_updated_and_filled_before_its_note_was_written_gets_its_note() -> None:
    operation = only(planning.plan([NEW_PRICE], [under_way(NEW_PRICE)]))
    assert (operation.action, operation.note_after) == (Action.SET_NOTE, write_marker(builders.marker(NEW_PRICE)))


def test_an_entry_of_another_size_that_was_filled_while_being_changed_is_blocked() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(units="0.02")))
    assert reason(planning.plan([wanted], [under_way(wanted)])).startswith("its entry was filled while it was being")


@pytest.mark.parametrize(
    "wanted",
    [
        builders.terms(pair="USDT_ETH", stop_loss=builders.stop(2500)),
        builders.terms(entered_by=builders.entry(side=Side.SELL), stop_loss=builders.stop(62000)),
        builders.terms(entered_by=builders.entry(None)),
        builders.terms(account_id=2),
    ],
)
def test_a_position_that_was_to_be_replaced_never_gets_the_exits_of_another(wanted: Terms) -> None:
    spec = builders.spec(wanted)
    assert reason(planning.plan([spec], [under_way(spec)])).startswith("its entry was filled while it was being")


def test_a_change_under_way_that_the_file_has_taken_back_is_forgotten() -> None:
    assert only(planning.plan([SPEC], [under_way(NEW_PRICE)])).note_after == write_marker(builders.marker())
    assert only(planning.plan([SPEC], [under_way(NEW_PRICE, Phase.ENTERING)])).action is Action.SET_NOTE


def test_a_change_under_way_that_has_not_begun_is_begun_again() -> None:
    update = only(planning.plan([NEW_PRICE], [under_way(NEW_PRICE, Phase.ENTERING)]))
    assert (update.action, update.cause) == (Action.UPDATE, Cause.FILE)
    other_kind = builders.spec(builders.terms(pair="USDT_ETH"))
    assert only(planning.plan([other_kind], [under_way(other_kind, Phase.ENTERING)])).action is Action.REPLACE


def test_a_replace_that_died_after_its_cancel_goes_on_with_the_create() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(None)))
    ended = under_way(wanted, Phase.ENDED, status="cancelled", entered=0)
    assert only(planning.plan([wanted], ended=[ended])).action is Action.CREATE


# Open, steps and stop


def exits(steps: Sequence[Step] = builders.STEPS, **changes: object) -> TradeSpec:
    return builders.spec(builders.terms(steps=steps, **changes))  # type: ignore[arg-type]  # handed on as they are


OTHER_STEPS = (builders.step(62000, 50), builders.STEPS[1])


def test_other_steps_of_an_open_trade_are_an_update() -> None:
    update = only(planning.plan([exits(OTHER_STEPS)], [builders.live(phase=Phase.OPEN)]))
    assert (update.action, update.effect) == (Action.UPDATE, Effect.REPRICES)


def test_a_step_that_is_left_out_is_cancelled_alone() -> None:
    spec = replace(exits(builders.STEPS[:1]), unallocated_pct=Decimal(50))
    cancel, note = planning.plan([spec], [builders.live(phase=Phase.OPEN)]).operations
    assert (cancel.action, cancel.step, cancel.copies_left) == (Action.CANCEL_STEP, builders.STEPS[1], 0)
    assert (cancel.effect, describe_all(cancel.money)) == (
        Effect.FREES,
        "50 % of the position, 0.005 BTC, gets no step",
    )
    assert (note.action, note.note_after) == (Action.SET_NOTE, write_marker(builders.marker(spec)))


def test_of_three_steps_alike_two_are_cancelled_one_after_the_other() -> None:
    thirds = [builders.step(63000, 25), builders.step(63000, 25), builders.step(63000, 25), builders.step(66000, 25)]
    live = builders.live(exits(thirds), Phase.OPEN)
    spec = replace(exits(thirds[2:]), unallocated_pct=Decimal(50))
    first, second, _ = planning.plan([spec], [live]).operations
    assert (first.copies_left, second.copies_left) == (2, 1)


def test_a_step_is_left_out_and_the_stop_changed_in_this_order_with_one_note() -> None:
    spec = replace(exits(builders.STEPS[:1], stop_loss=builders.stop(59000)), unallocated_pct=Decimal(50))
    operations = planning.plan([spec], [builders.live(phase=Phase.OPEN)]).operations
    assert [operation.action for operation in operations] == [Action.UPDATE, Action.CANCEL_STEP, Action.SET_NOTE]
    assert [operation.note_after for operation in operations] == [None, None, write_marker(builders.marker(spec))]
    assert operations[0].after is not None
    assert operations[0].after.steps == builders.STEPS


def test_a_step_is_not_left_out_while_the_stop_cannot_be_changed() -> None:
    three = [builders.step(62000, 20), builders.step(63000, 30), builders.step(66000, 20)]
    live = builders.live(exits(three), Phase.OPEN)
    spec = replace(exits(three[:2], stop_loss=builders.stop(59000)), unallocated_pct=Decimal(50))
    assert reason(planning.plan([spec], [live])).startswith("the live take-profit volumes do not add up to 100 %")


def test_a_step_that_cannot_be_cancelled_is_left_alone() -> None:
    spec = replace(exits(builders.STEPS[:1]), unallocated_pct=Decimal(50))
    decision = planning.plan([spec], [builders.live(phase=Phase.OPEN, cancelable=False)])
    assert reason(decision) == "3Commas does not offer to cancel that step now"


def test_the_last_steps_go_by_an_update_that_disables_them() -> None:
    update = only(planning.plan([exits(())], [builders.live(phase=Phase.OPEN)]))
    assert (update.action, update.after) == (Action.UPDATE, builders.terms(steps=()))


def test_the_stop_goes_by_an_update_that_disables_it_and_unprotects() -> None:
    update = only(planning.plan([exits(stop_loss=None)], [builders.live(phase=Phase.OPEN)]))
    assert (update.action, update.effect) == (Action.UPDATE, Effect.UNPROTECTS)


def test_volumes_below_100_keep_the_stop_from_being_changed_until_they_are_restated() -> None:
    seventy = [builders.step(63000, 35), builders.step(66000, 35)]
    live = builders.live(exits(seventy), Phase.OPEN)
    unchanged = replace(exits(seventy), unallocated_pct=Decimal(30))
    assert planning.plan([unchanged], [live]).is_empty
    decision = planning.plan([replace(unchanged, terms=exits(seventy, stop_loss=None).terms)], [live])
    assert reason(decision) == "the live take-profit volumes do not add up to 100 %, so an update would be refused"
    assert only(planning.plan([exits(stop_loss=builders.stop(59000))], [live])).action is Action.UPDATE


def test_changed_steps_with_a_share_left_out_are_refused_before_the_api_does() -> None:
    spec = replace(exits([builders.step(62000, 50)]), unallocated_pct=Decimal(50))
    assert reason(planning.plan([spec], [builders.live(phase=Phase.OPEN)])).startswith(
        "an update needs take-profit volumes"
    )


def executed(**changes: object) -> LiveTrade:
    usual = {"phase": Phase.OPEN, "step_statuses": ["finished"], "closed": "0.005"}
    return builders.live(**(usual | changes))  # type: ignore[arg-type]  # handed on as they are


@pytest.mark.parametrize("steps", [builders.STEPS, builders.STEPS[1:]])
def test_after_an_executed_step_the_stop_may_change(steps: Sequence[Step]) -> None:
    spec = replace(exits(steps, stop_loss=builders.stop(60000)), unallocated_pct=Decimal(100 - 50 * len(steps)))
    update = only(planning.plan([spec], [executed()]))
    assert [change.path for change in update.changes] == ["stop_loss.conditional.price.value"]
    assert update.effect is Effect.PROTECTS


def test_after_an_executed_step_a_waiting_one_may_be_left_out() -> None:
    thirds = (builders.step(63000, 40), builders.step(66000, 30), builders.step(69000, 30))
    live = builders.live(exits(thirds), Phase.OPEN, step_statuses=["finished"], closed="0.004")
    spec = replace(exits(thirds[:2]), unallocated_pct=Decimal(30))
    cancel, _ = planning.plan([spec], [live]).operations
    assert (cancel.step, describe_all(cancel.money)) == (thirds[2], "30 % of the position, 0.003 BTC, gets no step")


@pytest.mark.parametrize(
    "live",
    [
        executed(),
        executed(step_statuses=["panic_sold"]),
        # The API lists executed steps no more, or a step was executed in part.
        builders.live(phase=Phase.OPEN, shown=builders.terms(steps=builders.STEPS[1:]), closed="0.005"),
        executed(step_statuses=[], closed="0.001"),
    ],
)
def test_after_an_executed_step_the_others_do_not_change(live: LiveTrade) -> None:
    spec = exits([builders.STEPS[0], builders.step(67000, 50)])
    assert reason(planning.plan([spec], [live])).startswith("a part of the position was closed")


def test_the_last_waiting_step_after_an_executed_one_is_not_taken_away() -> None:
    spec = replace(exits(builders.STEPS[:1]), unallocated_pct=Decimal(50))
    assert reason(planning.plan([spec], [executed()])).startswith("the last waiting step cannot go")


def test_steps_that_do_not_add_up_hold_back_no_stop_once_one_was_executed() -> None:
    thirds = [builders.step(63000, 40), builders.step(66000, 30)]
    spec = replace(exits(thirds, stop_loss=builders.stop(60000)), unallocated_pct=Decimal(30))
    live = builders.live(exits(thirds), Phase.OPEN, step_statuses=["finished"], closed="0.004")
    assert [each.path for each in only(planning.plan([spec], [live])).changes] == ["stop_loss.conditional.price.value"]
    # Before that an update repeats the steps, and the API takes only whole ones.
    decision = planning.plan([spec], [builders.live(exits(thirds), Phase.OPEN)])
    assert reason(decision) == "the live take-profit volumes do not add up to 100 %, so an update would be refused"


def test_without_prices_nothing_is_said_to_fire() -> None:
    live = replace(builders.live(phase=Phase.OPEN), prices=None)
    update = only(planning.plan([exits(stop_loss=builders.stop(62000))], [live], rates={}))
    assert (update.fires, update.effect) == ((), Effect.PROTECTS)


PERCENT = builders.terms(
    entered_by=builders.entry(None, trigger=60000, trailing=2),
    steps=[builders.step(None, 100, percent=5)],
    stop_loss=builders.stop(None, percent=3),
)


def test_a_changed_percent_is_not_sent_after_the_entry() -> None:
    live = builders.live(
        builders.spec(PERCENT),
        Phase.OPEN,
        shown=replace(PERCENT, steps=(builders.step(63000, 100),), stop_loss=builders.stop(58200)),
        average=60000,
    )
    stop = builders.spec(replace(PERCENT, stop_loss=builders.stop(None, percent=2)))
    assert reason(planning.plan([stop], [live])).startswith("3Commas accepts levels in percent only while")
    steps = builders.spec(replace(PERCENT, steps=(builders.step(None, 100, percent=6),)))
    assert reason(planning.plan([steps], [live])).startswith("3Commas accepts levels in percent only while")
    as_price = builders.spec(replace(PERCENT, stop_loss=builders.stop(58800)))
    assert only(planning.plan([as_price], [live])).effect is Effect.PROTECTS
    only_written_otherwise = builders.spec(replace(PERCENT, stop_loss=builders.stop(58200)))
    assert only(planning.plan([only_written_otherwise], [live])).action is Action.SET_NOTE


# Loss


@pytest.mark.parametrize("status", ["failed", "idle", "cancelled", "inactive", ""])
def test_a_stop_that_does_not_stand_is_a_loss_and_armed_again_first(status: str) -> None:
    live = builders.live(phase=Phase.OPEN, stop_status=status)
    decision = planning.plan([SPEC, builders.spec(name="other")], [live])
    assert decision.notices[0].kind is NoticeKind.LOSS
    rearm, create = decision.operations
    assert (rearm.action, rearm.cause, rearm.effect) == (Action.UPDATE, Cause.LOSS, Effect.PROTECTS)
    assert [change.path for change in rearm.changes] == ["stop_loss.status"]
    assert create.action is Action.CREATE


@pytest.mark.parametrize("status", ["to_process", "order_placed", "trailing_activated"])
def test_an_armed_stop_is_none(status: str) -> None:
    assert planning.plan([SPEC], [builders.live(phase=Phase.OPEN, stop_status=status)]).is_empty


def test_a_stop_that_is_gone_though_the_file_as_applied_asks_for_it_is_a_loss() -> None:
    live = builders.live(phase=Phase.OPEN, shown=builders.terms(stop_loss=None))
    decision = planning.plan([SPEC], [live])
    rearm = only(decision)
    assert (rearm.cause, rearm.after) == (Cause.LOSS, SPEC.terms)
    assert "its stop is gone" in describe(decision.notices[0].reason)


def test_a_stop_that_the_file_newly_asks_for_is_none() -> None:
    live = builders.live(exits(stop_loss=None), Phase.OPEN)
    decision = planning.plan([SPEC], [live])
    assert (only(decision).cause, only(decision).effect, decision.notices) == (Cause.FILE, Effect.PROTECTS, ())


def test_a_stop_that_the_file_takes_away_is_not_armed_again() -> None:
    live = builders.live(phase=Phase.OPEN, stop_status="failed")
    decision = planning.plan([exits(stop_loss=None)], [live])
    assert only(decision).effect is Effect.UNPROTECTS
    assert decision.notices[0].kind is NoticeKind.LOSS


def test_arming_again_carries_along_what_else_was_decided() -> None:
    spec = replace(exits(builders.STEPS[:1], stop_loss=builders.stop(59000)), unallocated_pct=Decimal(50))
    live = builders.live(phase=Phase.OPEN, stop_status="failed")
    rearm, cancel, note = planning.plan([spec], [live]).operations
    assert [change.path for change in rearm.changes] == ["stop_loss.conditional.price.value", "stop_loss.status"]
    assert (cancel.action, note.action) == (Action.CANCEL_STEP, Action.SET_NOTE)
    assert (rearm.note_after, note.note_after) == (None, write_marker(builders.marker(spec)))


def test_where_all_else_is_blocked_the_stop_goes_back_as_it_was() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(50000), stop_loss=builders.stop(48000)))
    decision = planning.plan([spec], [builders.live(phase=Phase.OPEN, stop_status="failed")])
    assert decision.blocked
    (rearm,) = decision.operations
    assert rearm.after is not None
    assert (rearm.after.stop_loss, rearm.note_after) == (builders.stop(), None)


def test_a_stop_in_percent_is_armed_again_at_the_price_that_it_has_become() -> None:
    live = builders.live(
        builders.spec(PERCENT),
        Phase.OPEN,
        shown=replace(PERCENT, stop_loss=builders.stop(58200)),
        average=60000,
        stop_status="failed",
    )
    rearm = only(planning.plan([builders.spec(PERCENT)], [live]))
    assert rearm.after is not None
    assert rearm.after.stop_loss == builders.stop(58200)


def test_a_stop_that_broke_even_is_armed_again_where_it_was_though_the_file_changes_something_else() -> None:
    before = exits(stop_loss=builders.stop(breakeven=True))
    live = executed(applied=before, shown=exits(stop_loss=builders.stop(60000, breakeven=True)).terms)
    live = replace(live, stop_status="failed")
    rearm = only(planning.plan([exits(stop_loss=builders.stop(breakeven=True, timeout=9))], [live]))
    assert rearm.after is not None
    assert rearm.after.stop_loss == builders.stop(60000, breakeven=True, timeout=9)


def test_a_stop_in_percent_may_change_in_all_but_its_percent() -> None:
    live = builders.live(
        builders.spec(PERCENT), Phase.OPEN, shown=replace(PERCENT, stop_loss=builders.stop(58200)), average=60000
    )
    wanted = builders.spec(replace(PERCENT, stop_loss=builders.stop(None, percent=3, timeout=9)))
    update = only(planning.plan([wanted], [live]))
    assert {change.path for change in update.changes} == {"stop_loss.timeout.enabled", "stop_loss.timeout.value"}


def test_a_stop_that_the_price_has_passed_closes_when_it_is_armed_again() -> None:
    live = builders.live(exits(stop_loss=builders.stop(62000)), Phase.OPEN, stop_status="failed")
    rearm = only(planning.plan([exits(stop_loss=builders.stop(62000))], [live]))
    assert (rearm.effect, rearm.closes) == (Effect.EXECUTES, True)
    assert "closes the position at once: sells 0.01 BTC" in describe_all(rearm.money)


def test_a_lost_stop_that_cannot_be_sent_is_blocked_and_still_shown() -> None:
    seventy = [builders.step(63000, 35), builders.step(66000, 35)]
    live = builders.live(exits(seventy), Phase.OPEN, stop_status="failed")
    spec = replace(exits(seventy), unallocated_pct=Decimal(30))
    decision = planning.plan([spec], [live])
    assert reason(decision).startswith("the live take-profit volumes do not add up to 100 %")
    assert decision.notices[0].kind is NoticeKind.LOSS
    rearm = only(planning.plan([SPEC], [live]))
    assert {change.path.partition("[")[0] for change in rearm.changes} == {"take_profit.steps", "stop_loss.status"}


@pytest.mark.parametrize(
    "specs",
    [
        [],
        [builders.spec(generation=2)],
        [builders.spec(state=DesiredState.CLOSED)],
        [builders.spec(state=DesiredState.RELEASED)],
    ],
)
def test_a_lost_stop_is_shown_whatever_is_decided_about_its_trade(specs: list[TradeSpec]) -> None:
    decision = planning.plan(specs, [builders.live(phase=Phase.OPEN, stop_status="failed")])
    assert [notice.kind for notice in decision.notices] == [NoticeKind.LOSS]


def test_a_step_that_the_exchange_refused_is_shown() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=["order_placed", "failed"])
    assert notices([SPEC], [live]) == [(NoticeKind.LOSS, "take-profit step 2 is not active (failed)")]


# State, omission, ended, busy


def test_closing_a_waiting_trade_cancels_it() -> None:
    cancel = only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [builders.live()]))
    assert (cancel.action, cancel.cause, cancel.effect) == (Action.CANCEL, Cause.STATE, Effect.FREES)


def test_closing_an_open_trade_closes_it_at_market() -> None:
    close = only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [builders.live(phase=Phase.OPEN)]))
    assert (close.action, close.effect) == (Action.CLOSE, Effect.EXECUTES)
    assert describe_all(close.money) == "sells 0.01 BTC at market, about 609.99 USDT, result about 9.99 USDT"


def test_what_cannot_be_closed_or_cancelled_now_is_left_alone() -> None:
    closed = builders.spec(state=DesiredState.CLOSED)
    live = builders.live(phase=Phase.OPEN)
    stuck = replace(live, flags=replace(live.flags, close=False))
    assert reason(planning.plan([closed], [stuck])) == "3Commas does not offer to close it while waiting_targets"
    assert reason(planning.plan([closed], [builders.live(cancelable=False)])).startswith("3Commas does not offer to")


@pytest.mark.parametrize(("phase", "effect"), [(Phase.ENTERING, Effect.FREES), (Phase.OPEN, Effect.UNPROTECTS)])
def test_abandoning_cancels_and_says_what_that_means(phase: Phase, effect: Effect) -> None:
    cancel = only(planning.plan([builders.spec(state=DesiredState.ABANDONED)], [builders.live(phase=phase)]))
    assert (cancel.action, cancel.cause, cancel.effect) == (Action.CANCEL, Cause.STATE, effect)


@pytest.mark.parametrize(("note", "after"), [("mine", "mine"), ("", "released by reconciler")])
def test_releasing_takes_the_marker_off(note: str, after: str) -> None:
    release = only(planning.plan([builders.spec(state=DesiredState.RELEASED, note=note)], [builders.live()]))
    assert (release.action, release.note_after, release.effect) == (Action.RELEASE, after, Effect.LABELS)


def test_a_waiting_trade_in_no_file_is_cancelled_as_an_omission() -> None:
    cancel = only(planning.plan([], [builders.live()]))
    assert (cancel.action, cancel.cause) == (Action.CANCEL, Cause.OMISSION)


@pytest.mark.parametrize("phase", [Phase.FILLING, Phase.OPEN])
def test_a_position_in_no_file_is_never_touched(phase: Phase) -> None:
    decision = planning.plan([], [builders.live(phase=phase)])
    assert reason(decision) == "it is no longer in any file and its position is open"
    assert "state: closed" in describe(decision.blocked[0].hint)


def test_two_trades_of_one_name_in_no_file_are_left_alone() -> None:
    assert "#7 and #8 both" in reason(planning.plan([], [builders.live(), builders.live(id=8)]))


def test_omissions_are_not_looked_for_in_a_part_of_the_files() -> None:
    assert planning.plan([], [builders.live(), builders.live(phase=Phase.OPEN, id=8)], is_whole=False).is_empty


@pytest.mark.parametrize("specs", [[SPEC], [], [builders.spec(state=DesiredState.CLOSED)]])
def test_a_busy_trade_is_left_for_later(specs: list[TradeSpec]) -> None:
    assert notices(specs, [builders.live(phase=Phase.BUSY)]) == [
        (NoticeKind.BUSY, "created; nothing can be done now"),
    ]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("finished", "finished"),
        ("stop_loss_finished", "stopped out"),
        ("panic_sold", "closed at market"),
        ("cancelled", "cancelled with 0.01 BTC that no stop protects"),
        ("liquidated", "liquidated"),
    ],
)
def test_an_ended_trade_as_its_file_is_only_told(status: str, text: str) -> None:
    ended = builders.live(phase=Phase.ENDED, status=status, entered="0.01")
    assert notices([SPEC], ended=[ended]) == [(NoticeKind.ENDED, text)]


def test_an_ended_trade_is_not_opened_again_by_another_file() -> None:
    ended = builders.live(phase=Phase.ENDED, status="cancelled", entered=0)
    text = "cancelled, the file has changed since; not opened: raise generation to 2"
    assert notices([NEW_PRICE], ended=[ended]) == [(NoticeKind.NOT_OPENED, text)]


@pytest.mark.parametrize("is_own_funds", [False, True])
def test_a_trade_that_failed_unfilled_is_not_opened_again_by_itself(is_own_funds: bool) -> None:
    spec = builders.spec(builders.terms(is_own_funds=is_own_funds))
    ended = builders.live(spec, Phase.ENDED, status="failed", error="no funds", entered=0)
    text = "failed (no funds), nothing was filled; not opened: raise generation to 2"
    assert notices([spec], ended=[ended]) == [(NoticeKind.NOT_OPENED, text)]


def test_a_raised_generation_opens_it_again() -> None:
    create = only(planning.plan([builders.spec(generation=2)], ended=[builders.live(phase=Phase.ENDED)]))
    assert (create.action, create.generation) == (Action.CREATE, 2)
    assert read_note(create.note_after).marker == builders.marker(builders.spec(generation=2))


# Notes and causes


@pytest.mark.parametrize("phase", [Phase.ENTERING, Phase.OPEN])
def test_another_text_or_marker_is_written_without_touching_anything(phase: Phase) -> None:
    operation = only(planning.plan([builders.spec(note="new words")], [builders.live(phase=phase)]))
    assert (operation.action, operation.cause, operation.effect) == (Action.SET_NOTE, Cause.MARKER, Effect.LABELS)
    assert operation.note_after == f"{write_marker(builders.marker())} new words"


def test_a_marker_of_a_former_name_is_rewritten() -> None:
    live = builders.live(note=write_marker(builders.marker(workspace="old")))
    operation = only(planning.plan([SPEC], [live], workspaces=("test", "old")))
    assert operation.note_after == write_marker(builders.marker())


def test_the_count_of_averaging_orders_is_kept() -> None:
    marker = replace(builders.marker(), averaging_sent=2)
    assert planning.plan([SPEC], [builders.live(note=write_marker(marker))]).is_empty
    update = only(planning.plan([NEW_PRICE], [builders.live(note=write_marker(marker))]))
    assert read_note(update.note_after).marker == replace(builders.marker(NEW_PRICE), averaging_sent=2)


def test_an_edit_outside_is_drift_and_put_back() -> None:
    live = builders.live(phase=Phase.OPEN, shown=builders.terms(stop_loss=builders.stop(57000)))
    update = only(planning.plan([SPEC], [live]))
    assert (update.cause, update.effect) == (Cause.DRIFT, Effect.PROTECTS)


def test_putting_back_a_stop_that_a_person_tightened_unprotects() -> None:
    live = builders.live(phase=Phase.OPEN, shown=builders.terms(stop_loss=builders.stop(59500)))
    update = only(planning.plan([SPEC], [live]))
    assert (update.cause, update.effect) == (Cause.DRIFT, Effect.UNPROTECTS)


def test_a_changed_file_over_an_edited_trade_is_both() -> None:
    live = builders.live(shown=builders.terms(stop_loss=builders.stop(57000)))
    assert only(planning.plan([NEW_PRICE], [live])).cause is Cause.FILE_AND_DRIFT


def test_an_ignored_leverage_is_no_edit() -> None:
    before = builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(3)))
    live = builders.live(builders.spec(before), shown=builders.terms())
    wanted = replace(before, stop_loss=builders.stop(59000))
    assert only(planning.plan([builders.spec(wanted)], [live])).cause is Cause.FILE


# The whole


def test_order_is_protect_free_reprice_unprotect_label_commit() -> None:
    ladder = [builders.spec(name=name, state=state) for name, state in (
        ("create", DesiredState.OPEN),
        ("note", DesiredState.OPEN),
        ("unprotect", DesiredState.ABANDONED),
        ("reprice", DesiredState.OPEN),
        ("close", DesiredState.CLOSED),
        ("protect", DesiredState.OPEN),
    )]  # fmt: skip
    lives = [
        builders.live(replace(ladder[1], note="old"), id=1),
        builders.live(ladder[2], Phase.OPEN, id=2),
        builders.live(ladder[3], shown=builders.terms(entered_by=builders.entry(59000)), id=3),
        builders.live(ladder[4], Phase.OPEN, id=4),
        builders.live(ladder[5], Phase.OPEN, stop_status="failed", id=5),
        builders.live(builders.spec(name="omitted"), shown=builders.terms(pair="USDT_ETH"), id=6),
    ]
    operations = planning.plan(ladder, lives).operations
    names = [operation.trade for operation in operations]
    assert names == ["protect", "close", "omitted", "reprice", "unprotect", "note", "create"]


def test_blocked_trades_do_not_hide_or_stop_the_rest() -> None:
    decision = planning.plan(
        [SPEC, builders.spec(name="other", generation=2)], [builders.live(builders.spec(name="other"))]
    )
    assert [operation.trade for operation in decision.operations] == ["btc-dip"]
    assert [blocked.trade for blocked in decision.blocked] == ["other"]


def test_what_is_illegible_is_told() -> None:
    unreadable = [Illegible(live_id=9, name=None, reason=Reason(OpeningReason.MARKER_DAMAGED))]
    decision = planning.plan([SPEC], [builders.live()], unreadable=unreadable)
    assert [(notice.kind, notice.live_id) for notice in decision.notices] == [(NoticeKind.WARNING, 9)]


def test_unchanged_are_those_that_stand_or_have_run_their_course() -> None:
    specs = [builders.spec(name=name) for name in ("as-filed", "ended", "busy", "failed", "new")]
    active = [builders.live(specs[0]), builders.live(specs[2], Phase.BUSY, id=8)]
    newest = {
        "ended": builders.live(specs[1], Phase.ENDED, id=9, entered="0.01"),
        "failed": builders.live(specs[3], Phase.ENDED, id=10, status="failed", entered=0),
    }
    index = index_active(active, {"test"})
    names = {spec.name for spec in specs}
    matching = match(specs, Sighting(index=index, history=History(newest=newest), all_names=names))
    _, unchanged = plan_trades(matching, index, Known(workspace="test", rates=planning.RATES), is_whole=True)
    assert unchanged == 2


def test_rates_are_needed_only_where_something_may_change() -> None:
    def needs(spec: TradeSpec, *active: LiveTrade) -> bool:
        index = index_active(active, {"test"})
        matching = match([spec], Sighting(index=index, history=History(newest={}), all_names={spec.name}))
        return bool(find_pairs(matching))

    closed = builders.spec(state=DesiredState.CLOSED)
    assert needs(SPEC)
    assert needs(NEW_PRICE, builders.live())
    assert needs(closed, builders.live(phase=Phase.OPEN))
    assert not needs(SPEC, builders.live())
    assert not needs(closed)
    assert not needs(closed, builders.live())
    assert not needs(NEW_PRICE, builders.live(phase=Phase.BUSY))
    assert not needs(builders.spec(state=DesiredState.RELEASED), builders.live())


# Laws


@pytest.mark.parametrize("phase", [Phase.ENTERING, Phase.OPEN])
@pytest.mark.parametrize(
    "spec",
    [
        exits(OTHER_STEPS),
        exits(()),
        exits(stop_loss=None),
        exits(stop_loss=builders.stop(57000, timeout=60)),
        exits(OTHER_STEPS, stop_loss=builders.stop(59000, trailing=2)),
        replace(exits(builders.STEPS[:1], stop_loss=builders.stop(59000)), unallocated_pct=Decimal(50)),
        builders.spec(note="new"),
        builders.spec(state=DesiredState.ABANDONED),
        builders.spec(state=DesiredState.CLOSED),
        builders.spec(state=DesiredState.RELEASED),
        NEW_PRICE,
    ],
)
@pytest.mark.parametrize("stop_status", [None, "failed"])
def test_after_a_plan_was_carried_out_there_is_nothing_left_to_do(
    spec: TradeSpec, phase: Phase, stop_status: str | None
) -> None:
    if phase is Phase.OPEN or stop_status is None:
        planning.converge(spec, builders.live(phase=phase, stop_status=stop_status))


_prices = st.integers(40_000, 80_000)
_stops = st.none() | st.builds(
    builders.stop, _prices, trailing=st.none() | st.integers(1, 9), timeout=st.none() | st.integers(1, 99),
    breakeven=st.booleans(), limit=st.none() | _prices,
)  # fmt: skip
_steps = st.sampled_from([(100,), (50, 50), (30, 30, 40)]).flatmap(
    lambda volumes: st.tuples(*(st.builds(builders.step, _prices, st.just(volume)) for volume in volumes))
)
_terms = st.builds(
    builders.terms,
    entered_by=st.builds(builders.entry, _prices, st.sampled_from(["0.01", "0.02"])),
    steps=_steps | st.just(()),
    stop_loss=_stops,
)


@given(_terms, _terms, st.sampled_from([Phase.ENTERING, Phase.OPEN]), st.sampled_from(["to_process", "failed"]))
def test_any_change_converges_or_is_blocked(before: Terms, after: Terms, phase: Phase, stop_status: str) -> None:
    shown = None if before.stop_loss is None else stop_status if phase is Phase.OPEN else "idle"
    live = builders.live(builders.spec(before), phase, stop_status=shown)
    planning.converge(builders.spec(after), live)


@given(_terms, _terms)
def test_what_protects_a_position_is_never_weakened_under_another_name(before: Terms, after: Terms) -> None:
    after = replace(after, entry=before.entry)
    decision = planning.plan([builders.spec(after)], [builders.live(builders.spec(before), Phase.OPEN)])
    old, new = before.stop_loss, after.stop_loss
    if old is None or not decision.operations:
        return
    is_lowered = new is None or (new.trigger.value or 0) < (old.trigger.value or 0)
    if is_lowered:
        assert {operation.effect for operation in decision.operations} & {Effect.UNPROTECTS, Effect.EXECUTES}


@given(_terms, st.permutations(range(3)))
def test_the_order_of_the_files_does_not_matter(terms: Terms, order: list[int]) -> None:
    specs = [builders.spec(terms, name=name) for name in ("a", "b", "c")]
    lives = [builders.live(specs[0]), builders.live(specs[1], Phase.OPEN, shown=builders.terms(), id=8)]
    usual, other = planning.plan(specs, lives), planning.plan([specs[place] for place in order], lives)
    assert set(usual.operations) == set(other.operations)
    assert set(usual.blocked) == set(other.blocked)


def test_entries_with_the_same_order_type_but_another_condition_are_updates() -> None:
    before = builders.spec(builders.terms(entered_by=builders.entry(trigger=61500)))
    after = builders.spec(builders.terms(entered_by=builders.entry(None, trigger=61600)))
    update = only(planning.plan([after], [builders.live(before)]))
    assert update.action is Action.UPDATE
    assert update.after is not None
    assert entry_digest(update.after) == entry_digest(after.terms)
    assert update.after.entry.order_type is OrderType.CONDITIONAL


def test_no_step_is_cancelled_where_all_that_stay_are_reached_by_the_price() -> None:
    stays = builders.step(63000, 50, order_type=OrderType.MARKET, trailing=1)
    applied = builders.spec(builders.terms(steps=[builders.step(66000, 50), stays]))
    wanted = builders.spec(builders.terms(steps=[stays]), unallocated=50)
    held = builders.live(applied, Phase.OPEN)
    near = {(builders.ACCOUNT, builders.PAIR): builders.rates(64000)}
    assert "no other step would stay open" in reason(planning.plan([wanted], [held], rates=near))
    far = {(builders.ACCOUNT, builders.PAIR): builders.rates(62000)}
    assert planning.plan([wanted], [held], rates=far).operations[0].action is Action.CANCEL_STEP
