"""Edits outside the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.codec.note import write_marker
from reconciler.model.drift import FindingKind
from reconciler.model.journal import AppliedTrade
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import Phase
from reconciler.model.terms import Leverage, LeverageType, PriceType, Side, StopLoss, Terms
from tests.support import builders
from tests.support.surveys import SPEC, check, ignoring, ignoring_note, kept, shown, shown_as, topics

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
    found = check([SPEC], [builders.live(SPEC, Phase.OPEN, shown=edited)], applied=journal)
    assert sorted(topics(found)) == [("field", path) for path in sorted(paths)]


IGNORING: dict[Ignored, Mapping[str, object]] = {
    Ignored.STOP_LOSS: {"stop_loss": builders.stop(57000, timeout=60)},
    Ignored.TRIGGER: {"stop_loss": builders.stop(57000, watched=PriceType.BID)},
    Ignored.TRIGGER_PRICE: {"stop_loss": builders.stop(57000)},
    Ignored.TIMEOUT: {"stop_loss": builders.stop(timeout=60)},
    Ignored.BREAKEVEN: {"stop_loss": builders.stop(breakeven=True)},
    Ignored.TAKE_PROFIT: {"steps": (builders.step(64000, 100),)},
}


@pytest.mark.parametrize("has_journal", [False, True], ids=["empty disk", "journal"])
@pytest.mark.parametrize("applied_as", ["ignoring", "before it was ignored"])
@pytest.mark.parametrize("field", IGNORING)
def test_an_edit_of_an_ignored_field_is_not_drift(field: Ignored, applied_as: str, has_journal: bool) -> None:
    spec = ignoring(field)
    live = shown_as(spec if applied_as == "ignoring" else SPEC, **IGNORING[field])
    journal = kept(spec, note=live.note) if has_journal else {}
    assert topics(check([spec], [live], applied=journal)) == []
    assert topics(check([SPEC], [shown_as(SPEC, **IGNORING[field])], applied=kept() if has_journal else {})) != []


@pytest.mark.parametrize("has_journal", [False, True], ids=["empty disk", "journal"])
def test_beside_an_ignored_field_an_edit_is_drift_all_the_same(has_journal: bool) -> None:
    spec = ignoring(Ignored.TRIGGER_PRICE)
    live = shown_as(
        spec, stop_loss=builders.stop(57000, timeout=60), steps=(builders.step(64000, 50), builders.STEPS[1])
    )
    found = check([spec], [live], applied=kept(spec, note=live.note) if has_journal else {})
    assert topics(found) == [
        ("field", "take_profit.steps[0].price.value"),
        ("field", "stop_loss.timeout.enabled"),
        ("field", "stop_loss.timeout.value"),
    ]


def test_an_ignored_note_is_not_drift() -> None:
    spec = ignoring(Ignored.NOTE, spec=builders.spec(note="mine"))
    live = builders.live(spec, Phase.OPEN, note=ignoring_note(replace(spec, note="theirs")))
    assert topics(check([spec], [live])) == []
    assert topics(check([builders.spec(note="mine")], [live])) == [("note", "note")]


def test_an_edit_of_a_leverage_that_the_file_states_is_drift() -> None:
    spec = builders.spec(builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(2))))
    edited = replace(spec.terms, leverage=Leverage(type=LeverageType.CROSS, value=Decimal(3)))
    found = check([spec], [builders.live(spec, Phase.OPEN, shown=edited)])
    assert topics(found) == [("field", "leverage.value")]


def test_an_edit_of_a_waiting_entry_is_drift() -> None:
    live = shown(Phase.ENTERING, entry=builders.entry(59000, "0.02"))
    assert topics(check([SPEC], [live])) == [("field", "position.units.value"), ("field", "position.price.value")]


def test_a_finding_names_the_value_as_applied_in_the_file_and_live() -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    live = shown(stop_loss=builders.stop(58000))
    drift, changed = [each for each in check([filed], [live], applied=kept()) if each.kind is not FindingKind.PROGRESS]
    assert (drift.applied, drift.filed, drift.live) == ("58500", "58700", "58000")
    assert (drift.kind, changed.topic) == (FindingKind.DRIFT, "changed")


def test_a_step_that_is_gone_is_named_whole_beside_the_files_one() -> None:
    (drift,) = check([SPEC], [shown(steps=(builders.step(66000, 50),))])[:1]
    assert drift.applied == drift.filed == builders.step(63000, 50)
    assert drift.live is None


@pytest.mark.parametrize("stop", [builders.stop(58700), None])
def test_what_an_apply_that_was_killed_before_the_marker_has_changed_is_not_drift(stop: StopLoss | None) -> None:
    filed = builders.spec(builders.terms(stop_loss=stop))
    live = shown(stop_loss=stop)
    assert topics(check([filed], [live], applied=kept())) == topics(check([filed], [live])) == [("changed", "")]


def test_an_edited_text_of_a_note_is_drift_while_the_file_is_as_applied() -> None:
    live = builders.live(note=f"{write_marker(builders.marker())} theirs")
    (drift,) = check([SPEC], [live])
    assert (drift.topic, drift.path, drift.applied, drift.live) == ("note", "note", "", "theirs")
    assert topics(check([builders.spec(note="ours")], [live], applied=kept())) == [
        ("note", "note"),
        ("changed", ""),
    ]
    filed = builders.spec(note="new")
    assert topics(check([filed], [builders.live()], applied=kept())) == [("changed", "")]


def test_funds_that_were_added_to_a_position_are_drift_and_a_fee_is_not() -> None:
    assert topics(check([SPEC], [builders.live(phase=Phase.OPEN, entered="0.015")])) == [
        ("funds", "position.units.value")
    ]
    assert topics(check([SPEC], [builders.live(phase=Phase.OPEN, entered="0.0099")])) == []


@pytest.mark.parametrize(("trailing", "path"), [(3, "percent"), (None, "enabled")])
def test_a_stop_that_had_trailed_before_its_trailing_was_edited_is_drift_of_the_trailing_alone(
    trailing: int | None, path: str
) -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(trailing=2)))
    live = shown(applied=wanted, stop_loss=builders.stop(61000, trailing=trailing))
    paths = [each for _, each in topics(check([wanted], [live]))]
    assert f"stop_loss.conditional.trailing.{path}" in paths
    assert "stop_loss.conditional.price.value" not in paths


def test_a_short_trade_is_checked_alike() -> None:
    terms: Terms = builders.terms(
        entered_by=builders.entry(60000, side=Side.SELL),
        steps=[builders.step(57000, 100)],
        stop_loss=builders.stop(62000),
    )
    short = builders.spec(terms)
    stop: StopLoss = builders.stop(63000)
    assert topics(check([short], [shown(applied=short, stop_loss=stop)])) == [
        ("field", "stop_loss.conditional.price.value")
    ]
