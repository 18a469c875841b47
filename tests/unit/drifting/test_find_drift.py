"""What is said about a trade, by what the marker, the file and the journal know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.attention.bad_news import find_bad_news
from reconciler.attention.evidence import Evidence
from reconciler.codec.note import write_marker, write_note
from reconciler.drifting.find_drift import find_drift
from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import History, Illegible, index_active
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.journal import AppliedTrade
from reconciler.model.lifecycle import Ignored, Lifecycle
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import Amount, reason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType, PriceType, Side, Step, StopLoss, Terms
from reconciler.planning.operations import wanted_marker
from tests.support import builders

SPEC = builders.spec()


def look(
    specs: Sequence[TradeSpec],
    active: Sequence[LiveTrade] = (),
    *,
    ended: Sequence[LiveTrade] = (),
    applied: Mapping[str, AppliedTrade] | None = None,
    by_id: Sequence[LiveTrade] = (),
    gone: Sequence[int] = (),
    doubts: Mapping[str, str] | None = None,
    is_whole: bool = True,
    unreadable: Sequence[Illegible] = (),
    foreign: Sequence[int] = (),
) -> tuple[Finding, ...]:
    newest = {live.reading.marker.name: live for live in ended if live.reading.marker}
    index = index_active(active, {builders.WORKSPACE}, unreadable)
    evidence = Evidence(
        specs=specs,
        index=index,
        newest=newest,
        applied=applied or {},
        foreign=foreign,
        is_whole=is_whole,
        all_names={spec.name for spec in specs},
    )
    survey = Survey(
        specs=specs,
        all_names={spec.name for spec in specs},
        is_whole=is_whole,
        index=index,
        history=History(newest=newest, doubts=doubts or {}),
        applied=applied or {},
        by_id={live.id: live for live in by_id},
        gone=gone,
        rates={(builders.ACCOUNT, builders.PAIR): builders.rates()},
        foreign=foreign,
        news=find_bad_news(evidence),
    )
    return find_drift(survey)


def btc(number: str) -> Amount:
    return Amount(Decimal(number), "BTC")


def usdt(number: int) -> Amount:
    return Amount(Decimal(number), "USDT")


def told(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Topic and path of everything but progress."""
    return [(each.topic.value, each.path) for each in findings if each.kind is not FindingKind.PROGRESS]


def kept(
    spec: TradeSpec = SPEC, *, live_id: int = 7, note: str | None = None, is_ended: bool = False, is_ours: bool = False
) -> dict[str, AppliedTrade]:
    """A journal that knows a spec as last applied."""
    known = AppliedTrade(
        live_id=live_id,
        generation=spec.generation,
        terms=spec.terms,
        note=write_note(builders.marker(spec), spec.note) if note is None else note,
        is_ended=is_ended,
        was_ended_by_us=is_ours,
        was_abandoned=is_ours,
    )
    return {spec.name: known}


def shown(phase: Phase = Phase.OPEN, *, applied: TradeSpec = SPEC, **changes: object) -> LiveTrade:
    """What the API shows after a spec was applied and somebody changed some of its terms."""
    edited = replace(applied.terms, **changes)  # type: ignore[arg-type] # a test names fields of the class
    return builders.live(applied, phase, shown=edited)


@pytest.mark.parametrize("phase", [Phase.ENTERING, Phase.FILLING, Phase.OPEN])
@pytest.mark.parametrize("journal", [{}, kept()], ids=["empty disk", "journal"])
def test_a_trade_as_last_applied_is_not_told(phase: Phase, journal: dict[str, AppliedTrade]) -> None:
    assert told(look([SPEC], [builders.live(phase=phase)], applied=journal)) == []


EDITS: dict[str, tuple[dict[str, object], list[str]]] = {
    "trigger": ({"stop_loss": builders.stop(58000)}, ["stop_loss.conditional.price.value"]),
    "watched": ({"stop_loss": builders.stop(watched=PriceType.BID)}, ["stop_loss.conditional.price.type"]),
    "limit stop": ({"stop_loss": builders.stop(limit=58400)}, ["stop_loss.order_type", "stop_loss.price.value"]),
    "timeout": (
        {"stop_loss": builders.stop(timeout=60)},
        ["stop_loss.timeout.enabled", "stop_loss.timeout.value"],
    ),
    "breakeven": ({"stop_loss": builders.stop(breakeven=True)}, ["stop_loss.breakeven"]),
    "a step's price": (
        {"steps": (builders.step(64000, 50), builders.step(66000, 50))},
        ["take_profit.steps[0].price.value"],
    ),
    "the first step gone": ({"steps": (builders.step(66000, 50),)}, ["take_profit.steps[0]"]),
    "the last step gone": ({"steps": (builders.step(63000, 50),)}, ["take_profit.steps[1]"]),
    "one gone, one moved": (
        {"steps": (builders.step(67000, 50),)},
        ["take_profit.steps[0]", "take_profit.steps[1].price.value"],
    ),
    "one added": (
        {"steps": (builders.step(63000, 50), builders.step(66000, 30), builders.step(70000, 20))},
        ["take_profit.steps[1].volume", "take_profit.steps[2]"],
    ),
    "all gone": ({"steps": ()}, ["take_profit.steps[0]", "take_profit.steps[1]"]),
    "a leverage that the file does not state": (
        {"leverage": Leverage(type=LeverageType.CROSS, value=Decimal(2))},
        [],
    ),
}


@pytest.mark.parametrize("journal", [{}, kept()], ids=["empty disk", "journal"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_exits_is_drift_under_its_path(edit: str, journal: dict[str, AppliedTrade]) -> None:
    changes, paths = EDITS[edit]
    edited = replace(SPEC.terms, **changes)  # type: ignore[arg-type] # a test names fields of the class
    found = look([SPEC], [builders.live(SPEC, Phase.OPEN, shown=edited)], applied=journal)
    assert sorted(told(found)) == [("field", path) for path in sorted(paths)]


IGNORING: dict[Ignored, Mapping[str, object]] = {
    Ignored.STOP_LOSS: {"stop_loss": builders.stop(57000, timeout=60)},
    Ignored.TRIGGER: {"stop_loss": builders.stop(57000, watched=PriceType.BID)},
    Ignored.TRIGGER_PRICE: {"stop_loss": builders.stop(57000)},
    Ignored.TIMEOUT: {"stop_loss": builders.stop(timeout=60)},
    Ignored.BREAKEVEN: {"stop_loss": builders.stop(breakeven=True)},
    Ignored.TAKE_PROFIT: {"steps": (builders.step(64000, 100),)},
}


def ignoring(*fields: Ignored, spec: TradeSpec = SPEC) -> TradeSpec:
    return replace(spec, lifecycle=Lifecycle(ignored=frozenset(fields)))


def shown_as(spec: TradeSpec, **changes: object) -> LiveTrade:
    """An open trade that was applied from a file that ignores fields, and then edited."""
    edited = replace(spec.terms, **changes)  # type: ignore[arg-type] # a test names fields of the class
    return builders.live(spec, Phase.OPEN, shown=edited, note=ignoring_note(spec))


def ignoring_note(spec: TradeSpec) -> str:
    return write_note(wanted_marker(builders.WORKSPACE, spec), spec.note)


@pytest.mark.parametrize("has_journal", [False, True], ids=["empty disk", "journal"])
@pytest.mark.parametrize("applied_as", ["ignoring", "before it was ignored"])
@pytest.mark.parametrize("field", IGNORING)
def test_an_edit_of_an_ignored_field_is_no_drift(field: Ignored, applied_as: str, has_journal: bool) -> None:
    spec = ignoring(field)
    live = shown_as(spec if applied_as == "ignoring" else SPEC, **IGNORING[field])
    journal = kept(spec, note=live.note) if has_journal else {}
    assert told(look([spec], [live], applied=journal)) == []
    assert told(look([SPEC], [shown_as(SPEC, **IGNORING[field])], applied=kept() if has_journal else {})) != []


@pytest.mark.parametrize("has_journal", [False, True], ids=["empty disk", "journal"])
def test_beside_an_ignored_field_an_edit_is_drift_all_the_same(has_journal: bool) -> None:
    spec = ignoring(Ignored.TRIGGER_PRICE)
    live = shown_as(
        spec, stop_loss=builders.stop(57000, timeout=60), steps=(builders.step(64000, 50), builders.STEPS[1])
    )
    found = look([spec], [live], applied=kept(spec, note=live.note) if has_journal else {})
    assert told(found) == [
        ("field", "take_profit.steps[0].price.value"),
        ("field", "stop_loss.timeout.enabled"),
        ("field", "stop_loss.timeout.value"),
    ]


def test_a_value_that_the_file_changed_where_it_ignores_the_field_is_nothing_to_apply() -> None:
    spec = ignoring(Ignored.TRIGGER_PRICE)
    changed = ignoring(Ignored.TRIGGER_PRICE, spec=builders.spec(builders.terms(stop_loss=builders.stop(58700))))
    assert told(look([changed], [shown_as(spec, stop_loss=builders.stop(57000))], applied=kept(spec))) == []


def test_an_ignored_note_is_no_drift() -> None:
    spec = ignoring(Ignored.NOTE, spec=builders.spec(note="mine"))
    live = builders.live(spec, Phase.OPEN, note=ignoring_note(replace(spec, note="theirs")))
    assert told(look([spec], [live])) == []
    assert told(look([builders.spec(note="mine")], [live])) == [("note", "note")]


def test_an_ignored_stop_that_does_not_stand_is_a_loss() -> None:
    spec = ignoring(Ignored.STOP_LOSS)
    unarmed = builders.live(spec, Phase.OPEN, note=ignoring_note(spec), stop_status="cancelled")
    assert told(look([spec], [unarmed])) == [("stop_not_armed", "")]


@pytest.mark.parametrize(
    "journal", [{}, kept(builders.spec(builders.terms(stop_loss=None)))], ids=["empty disk", "journal"]
)
def test_an_ignored_stop_that_is_gone_is_a_loss_that_no_plan_repairs(journal: dict[str, AppliedTrade]) -> None:
    spec = ignoring(Ignored.STOP_LOSS)
    (loss,) = [each for each in look([spec], [shown_as(spec, stop_loss=None)], applied=journal) if each.counts]
    assert loss.topic is Topic.STOP_GONE
    assert (loss.reason, loss.hint) == (reason(DriftCode.IGNORED_STOP_MISSING), None)


def test_an_edit_of_a_leverage_that_the_file_states_is_drift() -> None:
    spec = builders.spec(builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(2))))
    edited = replace(spec.terms, leverage=Leverage(type=LeverageType.CROSS, value=Decimal(3)))
    found = look([spec], [builders.live(spec, Phase.OPEN, shown=edited)])
    assert told(found) == [("field", "leverage.value")]


def test_an_edit_of_a_waiting_entry_is_drift() -> None:
    live = shown(Phase.ENTERING, entry=builders.entry(59000, "0.02"))
    assert told(look([SPEC], [live])) == [("field", "position.units.value"), ("field", "position.price.value")]


def test_a_finding_names_the_value_as_applied_in_the_file_and_live() -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    live = shown(stop_loss=builders.stop(58000))
    drift, changed = [each for each in look([filed], [live], applied=kept()) if each.kind is not FindingKind.PROGRESS]
    assert (drift.applied, drift.filed, drift.live) == ("58500", "58700", "58000")
    assert (drift.kind, changed.topic) == (FindingKind.DRIFT, "changed")


def test_a_step_that_is_gone_is_named_whole_beside_the_files_one() -> None:
    (drift,) = look([SPEC], [shown(steps=(builders.step(66000, 50),))])[:1]
    assert drift.applied == drift.filed == builders.step(63000, 50)
    assert drift.live is None


def test_a_stop_of_a_waiting_entry_that_is_gone_is_drift_and_one_of_a_position_is_loss() -> None:
    (waiting,) = look([SPEC], [shown(Phase.ENTERING, stop_loss=None)])
    (held, *_) = look([SPEC], [shown(stop_loss=None)])
    assert (waiting.kind, waiting.topic, waiting.path) == (FindingKind.DRIFT, "field", "stop_loss")
    assert (held.kind, held.topic, held.path) == (FindingKind.LOSS, "stop_gone", "stop_loss")
    assert held.applied == SPEC.terms.stop_loss


@pytest.mark.parametrize("status", ["idle", "failed", "suspended", "cancelled", ""])
def test_a_stop_that_does_not_stand_behind_a_position_is_loss(status: str) -> None:
    live = builders.live(phase=Phase.OPEN, stop_status=status)
    assert told(look([SPEC], [live])) == [("stop_not_armed", "")]
    assert told(look([], [live])) == [("stop_not_armed", "")], "in no file"
    assert told(look([SPEC], [builders.live(stop_status=status)])) == [], "before the entry"


def test_a_step_that_the_exchange_refused_is_loss() -> None:
    assert told(look([SPEC], [builders.live(phase=Phase.OPEN, step_statuses=["failed"])])) == [("step_failed", "")]


def test_a_changed_file_is_no_drift() -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    live = builders.live(SPEC, Phase.OPEN)
    assert told(look([filed], [live])) == [("changed", "")]
    assert told(look([filed], [live], applied=kept())) == [("changed", "")]
    assert not any(each.counts for each in look([filed], [live]))


def test_without_a_journal_a_changed_file_may_hide_an_edit_and_with_one_it_does_not() -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    live = shown(stop_loss=builders.stop(58000))
    assert told(look([filed], [live])) == [("changed_and_perhaps_edited", "")]
    assert told(look([filed], [live], applied=kept())) == [
        ("field", "stop_loss.conditional.price.value"),
        ("changed", ""),
    ]


def test_a_changed_entry_does_not_hide_an_edit_of_the_exits() -> None:
    filed = builders.spec(builders.terms(entered_by=builders.entry(59000)))
    live = shown(Phase.ENTERING, stop_loss=builders.stop(58000))
    assert told(look([filed], [live])) == [("field", "stop_loss.conditional.price.value"), ("changed", "")]


@pytest.mark.parametrize("stop", [builders.stop(58700), None])
def test_what_an_apply_that_died_before_the_marker_has_changed_is_no_drift(stop: StopLoss | None) -> None:
    filed = builders.spec(builders.terms(stop_loss=stop))
    live = shown(stop_loss=stop)
    assert told(look([filed], [live], applied=kept())) == told(look([filed], [live])) == [("changed", "")]


def test_a_journal_that_knows_less_than_the_marker_is_not_believed() -> None:
    newer = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    assert told(look([newer], [builders.live(newer, Phase.OPEN)], applied=kept(SPEC))) == []


def test_a_change_that_is_under_way_is_no_drift() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000))
    note = write_note(builders.marker(pending=wanted), "")
    live = builders.live(shown=wanted, note=note)
    for specs in ([builders.spec(wanted)], [SPEC]):
        assert told(look(specs, [live])) == [("under_way", "")]
        assert told(look(specs, [live], applied=kept())) == [("under_way", "")]


def test_an_edited_text_of_a_note_is_drift_while_the_file_is_as_applied() -> None:
    live = builders.live(note=f"{write_marker(builders.marker())} theirs")
    (drift,) = look([SPEC], [live])
    assert (drift.topic, drift.path, drift.applied, drift.live) == ("note", "note", "", "theirs")
    assert told(look([builders.spec(note="ours")], [live], applied=kept())) == [("note", "note"), ("changed", "")]
    filed = builders.spec(note="new")
    assert told(look([filed], [builders.live()], applied=kept())) == [("changed", "")]


def test_funds_that_were_added_to_a_position_are_drift_and_a_fee_is_none() -> None:
    assert told(look([SPEC], [builders.live(phase=Phase.OPEN, entered="0.015")])) == [("funds", "position.units.value")]
    assert told(look([SPEC], [builders.live(phase=Phase.OPEN, entered="0.0099")])) == []


def test_two_live_trades_of_one_name_are_drift() -> None:
    assert told(look([SPEC], [builders.live(id=1), builders.live(id=2)])) == [("duplicate", "")]


def test_a_trade_whose_marker_is_gone_is_known_by_the_journal_and_compared_with_it() -> None:
    live = builders.unmarked(shown(stop_loss=builders.stop(58000), entry=builders.entry(60060, "0.0099")))
    found = look([SPEC], [live], applied=kept())
    assert told(found) == [("marker_gone", "note"), ("field", "stop_loss.conditional.price.value")]


def test_an_id_that_a_sandbox_gave_a_second_time_is_another_trade() -> None:
    other = builders.unmarked(builders.live(shown=builders.terms(pair="USDT_ETH")))
    assert told(look([SPEC], [other], applied=kept())) == [("not_live", "")]


def test_a_marker_that_names_another_workspace_now_is_gone_for_this_one() -> None:
    live = builders.live(note=write_marker(builders.marker(workspace="theirs")))
    (loss,) = look([SPEC], [live], applied=kept())
    assert loss.topic == "marker_gone"
    assert loss.reason["marker"] == reason(DriftCode.MARKER_OF_OTHER_WORKSPACE)


def test_without_a_journal_a_trade_without_marker_is_known_by_its_entry() -> None:
    live = builders.unmarked(builders.live())
    assert told(look([SPEC], [live])) == [("marker_gone", "note")]
    assert told(look([SPEC], [live], foreign=[7])) == [("not_live", "")]
    other = builders.unmarked(builders.live(shown=builders.terms(entered_by=builders.entry(50000))))
    assert told(look([SPEC], [other])) == [("not_live", "")]


@pytest.mark.parametrize("length", [16, 30, 45])
def test_a_cut_marker_is_known_by_its_name_or_by_the_entry(length: int) -> None:
    live = builders.live(note=write_marker(builders.marker())[:length])
    assert told(look([SPEC], [live])) == [("marker_gone", "note")]


def test_a_trade_that_ended_well_is_progress_even_where_a_similar_one_is_live() -> None:
    ended = builders.live(phase=Phase.ENDED, id=3)
    assert told(look([SPEC], [builders.unmarked(builders.live(id=9))], ended=[ended])) == []


ENDINGS = {
    "finished": [],
    "stop_loss_finished": [],
    "liquidated": [("liquidated", "")],
    "settled": [],
    "cancelled": [("cancelled_outside", "")],
    "panic_sold": [("closed_outside", "")],
    "failed": [("failed", "")],
}


@pytest.mark.parametrize("status", ENDINGS)
def test_what_a_person_ended_is_loss_and_what_the_market_ended_is_not(status: str) -> None:
    ended = builders.live(phase=Phase.ENDED, status=status, entered="0.01", closed="0.01")
    assert told(look([SPEC], ended=[ended])) == ENDINGS[status]


@pytest.mark.parametrize("status", ["cancelled", "panic_sold"])
def test_what_an_apply_has_ended_is_no_loss(status: str) -> None:
    ended = builders.live(phase=Phase.ENDED, status=status, entered="0.01")
    assert told(look([SPEC], ended=[ended], applied=kept(is_ended=True, is_ours=True))) == []


def test_what_was_cancelled_to_make_way_for_another_is_settled_by_apply() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000))
    note = write_note(builders.marker(pending=wanted), "")
    ended = builders.live(phase=Phase.ENDED, status="cancelled", note=note, entered=0)
    assert told(look([builders.spec(wanted)], ended=[ended])) == [("under_way", "")]


def test_a_raised_generation_is_for_plan() -> None:
    raised = builders.spec(generation=2)
    ended = builders.live(phase=Phase.ENDED, status="cancelled", entered=0)
    assert told(look([raised], ended=[ended], applied=kept(is_ended=True))) == [("not_live", "")]


def test_what_does_not_exist_any_more_is_lost_once_a_journal_knows_that_it_did() -> None:
    assert told(look([SPEC], gone=[7], applied=kept())) == [("vanished", "")]
    assert told(look([SPEC])) == [("not_live", "")]


def test_what_ended_without_its_marker_is_lost() -> None:
    ended = builders.unmarked(builders.live(phase=Phase.ENDED, status="cancelled"))
    assert told(look([SPEC], by_id=[ended], applied=kept())) == [("marker_gone", "")]


def test_what_may_be_hidden_behind_a_damaged_note_is_told_as_lost() -> None:
    (loss,) = look([SPEC], doubts={SPEC.name: "#3 has a damaged marker"})
    assert (loss.kind, loss.topic) == (FindingKind.LOSS, "unproven")
    assert loss.reason == reason(DriftCode.ABSENCE_UNPROVEN, doubt="#3 has a damaged marker")


@pytest.mark.parametrize("change", [{"state": DesiredState.CLOSED}, {"generation": 2}, {"note": "new"}])
def test_a_state_a_generation_or_a_note_that_was_not_applied_yet_is_a_change_of_the_file(
    change: dict[str, object],
) -> None:
    filed = replace(SPEC, **change)  # type: ignore[arg-type] # a test names fields of the class
    assert told(look([filed], [builders.live(phase=Phase.OPEN)], applied=kept())) == [("changed", "")]


@pytest.mark.parametrize("state", [DesiredState.CLOSED, DesiredState.ABANDONED, DesiredState.RELEASED])
def test_what_shall_not_be_open_is_not_missed(state: DesiredState) -> None:
    assert look([builders.spec(state=state)]) == ()


def test_a_trade_in_no_file_is_compared_with_the_journal_when_the_whole_workspace_is_looked_at() -> None:
    live = shown(stop_loss=builders.stop(58000))
    (drift, *_) = look([], [live], applied=kept())
    assert (drift.path, drift.applied, drift.filed, drift.live) == (
        "stop_loss.conditional.price.value",
        "58500",
        None,
        "58000",
    )
    assert look([], [live], applied=kept(), is_whole=False) == ()


def test_a_trade_between_two_phases_is_only_told() -> None:
    live = builders.live(phase=Phase.BUSY, shown=builders.terms(stop_loss=None))
    (busy,) = look([SPEC], [live])
    assert (busy.kind, busy.topic) == (FindingKind.PROGRESS, "busy")


def test_what_the_market_did_is_progress() -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(trailing=2)))
    live = builders.live(
        wanted,
        Phase.OPEN,
        shown=builders.terms(stop_loss=builders.stop(61000, trailing=2)),
        step_statuses=["finished"],
    )
    assert [each.reason for each in look([wanted], [live])] == [
        reason(DriftCode.POSITION_ENTERED, units=btc("0.01"), price=usdt(60000)),
        reason(DriftCode.STEPS_EXECUTED, executed=1, total=2),
        reason(DriftCode.STOP_MOVED, before=usdt(58500), now=usdt(61000)),
    ]


def test_a_stop_that_was_dragged_is_drift_and_no_progress_beside() -> None:
    found = look([SPEC], [shown(stop_loss=builders.stop(59000))])
    assert [each.topic for each in found] == ["field", "entered"]


@pytest.mark.parametrize(("trailing", "path"), [(3, "percent"), (None, "enabled")])
def test_a_stop_that_had_trailed_before_its_trailing_was_edited_is_drift_of_the_trailing_alone(
    trailing: int | None, path: str
) -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(trailing=2)))
    live = shown(applied=wanted, stop_loss=builders.stop(61000, trailing=trailing))
    paths = [each for _, each in told(look([wanted], [live]))]
    assert f"stop_loss.conditional.trailing.{path}" in paths
    assert "stop_loss.conditional.price.value" not in paths


def test_levels_that_became_prices_and_a_part_of_an_entry_are_progress() -> None:
    percent = builders.spec(
        builders.terms(
            entered_by=builders.entry(None, trigger=60000, trailing=2),
            steps=[builders.step(None, 100, percent=5)],
            stop_loss=None,
        )
    )
    became: tuple[Step, ...] = (builders.step(63000, 100, percent=5),)
    live = builders.live(percent, Phase.OPEN, shown=replace(percent.terms, steps=became), average=60000)
    assert [each.topic for each in look([percent], [live])] == ["entered", "levels_set"]
    filling = builders.live(phase=Phase.FILLING, entered="0.004")
    assert [each.reason for each in look([SPEC], [filling])] == [reason(DriftCode.ENTRY_FILLING, units=btc("0.004"))]


def test_losses_come_first() -> None:
    first, second = builders.spec(name="first"), builders.spec(name="second")
    lives = [
        builders.live(first, Phase.OPEN, id=1, shown=replace(first.terms, stop_loss=builders.stop(58000))),
        builders.live(second, Phase.OPEN, id=2, stop_status="failed"),
    ]
    kinds = [each.kind for each in look([first, second], lives)]
    assert kinds == sorted(kinds, key=list(FindingKind).index)
    assert kinds[0] is FindingKind.LOSS


def test_a_short_trade_is_judged_alike() -> None:
    terms: Terms = builders.terms(
        entered_by=builders.entry(60000, side=Side.SELL),
        steps=[builders.step(57000, 100)],
        stop_loss=builders.stop(62000),
    )
    short = builders.spec(terms)
    stop: StopLoss = builders.stop(63000)
    assert told(look([short], [shown(applied=short, stop_loss=stop)])) == [
        ("field", "stop_loss.conditional.price.value")
    ]
