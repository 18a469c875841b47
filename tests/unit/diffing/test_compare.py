from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from reconciler.diffing.compare import compare, differs, explain
from reconciler.live.update_body import update_body
from reconciler.model.live import Phase
from reconciler.model.operations import FieldChange
from reconciler.model.terms import Side, Terms
from tests.support import builders
from tests.support.entities import any_terms, as_entity


def test_equal_terms_differ_in_nothing() -> None:
    difference = compare(builders.live(), builders.terms())
    assert (difference.all, difference.dropped, difference.needs_replacing) == ((), (), False)
    assert not differs(builders.live(), builders.terms())


def test_changes_come_in_the_order_of_the_body_with_their_paths() -> None:
    wanted = builders.terms(
        entered_by=builders.entry(59000, "0.02"),
        steps=[builders.step(62000, 50), builders.step(66000, 50, trailing="1.5")],
        stop_loss=builders.stop(58000, timeout=30),
    )
    assert explain(builders.terms(), wanted) == (
        FieldChange(path="position.units.value", live="0.01", wanted="0.02"),
        FieldChange(path="position.price.value", live="60000", wanted="59000"),
        FieldChange(path="take_profit.steps[0].price.value", live="63000", wanted="62000"),
        FieldChange(path="take_profit.steps[1].trailing.enabled", live=None, wanted="true"),
        FieldChange(path="take_profit.steps[1].trailing.percent", live=None, wanted="1.5"),
        FieldChange(path="stop_loss.conditional.price.value", live="58500", wanted="58000"),
        FieldChange(path="stop_loss.timeout.enabled", live=None, wanted="true"),
        FieldChange(path="stop_loss.timeout.value", live=None, wanted="30"),
    )


def test_a_group_that_goes_away_is_shown_field_by_field() -> None:
    assert explain(builders.terms(), builders.terms(stop_loss=None)) == (
        FieldChange(path="stop_loss.enabled", live="true", wanted="false"),
        FieldChange(path="stop_loss.order_type", live="market", wanted=None),
        FieldChange(path="stop_loss.conditional.price.type", live="last", wanted=None),
        FieldChange(path="stop_loss.conditional.price.value", live="58500", wanted=None),
    )


def test_changes_are_told_apart_by_what_an_operation_can_change() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000), steps=builders.STEPS[:1], stop_loss=None)
    difference = compare(builders.live(), wanted)
    assert [change.path for change in difference.entry] == ["position.price.value"]
    assert {change.path.partition("[")[0] for change in difference.steps} == {"take_profit.steps"}
    assert {change.path.partition(".")[0] for change in difference.stop} == {"stop_loss"}
    assert difference.leverage == ()
    assert [step.terms for step in difference.dropped] == [builders.STEPS[1]]


@pytest.mark.parametrize(
    "wanted",
    [
        builders.terms(account_id=2),
        builders.terms(pair="USDT_ETH"),
        builders.terms(is_own_funds=True),
        builders.terms(is_instant=True),
        builders.terms(entered_by=builders.entry(side=Side.SELL)),
        builders.terms(entered_by=builders.entry(None)),
        builders.terms(entered_by=builders.entry(trigger=61000)),
    ],
)
def test_what_an_update_cannot_change_needs_replacing(wanted: Terms) -> None:
    assert compare(builders.live(), wanted).needs_replacing


def test_a_new_price_or_size_does_not() -> None:
    assert not compare(builders.live(), builders.terms(entered_by=builders.entry(59000, "0.02"))).needs_replacing


@given(any_terms(), any_terms())
def test_a_difference_is_explained_exactly_when_there_is_one(before: Terms, after: Terms) -> None:
    changes = explain(before, after)
    assert bool(changes) == (before != after)
    assert all(change.live != change.wanted for change in changes)
    assert len({change.path for change in changes}) == len(changes)


@given(any_terms(), any_terms())
def test_every_path_that_needs_no_replacing_is_one_that_an_update_can_send(before: Terms, after: Terms) -> None:
    after = replace(
        after, account_id=before.account_id, pair=before.pair, instant=before.instant,
        skip_enter_step=before.skip_enter_step,
        entry=replace(before.entry, units=after.entry.units),
        steps=() if before.instant else after.steps, stop_loss=None if before.instant else after.stop_loss,
    )  # fmt: skip
    paths = {change.path for change in explain(before, after)}
    sent = {path if not path.startswith("take_profit") else "take_profit" for path in paths}
    assert update_body(as_entity(before), after, sent)


@given(any_terms())
def test_a_trade_that_shows_what_was_applied_never_differs(terms: Terms) -> None:
    spec = builders.spec(terms)
    for phase in (Phase.ENTERING, Phase.FILLING, Phase.OPEN):
        assert not compare(builders.live(spec, phase), terms).all
