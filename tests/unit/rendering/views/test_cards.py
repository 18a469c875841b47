"""Cards: all that a plan does to one trade."""

from __future__ import annotations

from reconciler.model.danger import Danger
from reconciler.model.phrases import Tone, plain_text
from reconciler.model.plan_view import CardView, PlanView
from reconciler.rendering.views.plan_view import view_plan
from tests.support.review_scenes import SCENES

VIEWS = {name: view_plan(plan) for name, plan in SCENES.items()}


def card(scene: str, trade: str) -> CardView:
    return next(each for each in VIEWS[scene].cards if each.row.trade == trade)


def test_cards_come_by_danger_and_each_has_its_row_of_the_index() -> None:
    for view in VIEWS.values():
        dangers = [each.danger for each in view.cards]
        assert dangers == sorted(dangers)
        rows = [*(each.row for each in view.cards), *(each.row for each in view.blocked)]
        assert {id(row) for row in rows} <= {id(row) for row in view.rows}


def test_a_cause_says_where_it_is_written() -> None:
    assert plain_text(card("mixed", "eth-swing").operations[0].cause) == (
        "because the file has changed (plans/spot/eth.yaml:24)"
    )
    assert plain_text(card("mixed", "avax-ladder").operations[0].cause).startswith("because it is new in the file")
    assert plain_text(card("mixed", "dot-old").operations[0].cause) == "because it is no longer in any file"
    assert plain_text(card("mixed", "doge-runner").operations[0].cause).startswith(
        "because the file says state: closed"
    )
    assert card("mixed", "eth-swing").source == "plans/spot/eth.yaml:24"


def test_a_passed_limit_is_said_at_the_operation_that_passes_it() -> None:
    alerts = card("mixed", "eth-swing").operations[0].alerts
    assert [plain_text(alert.text) for alert in alerts] == ["over the guardrail unprotects: 1, limit 0"]
    assert alerts[0].tone is Tone.DANGER


def test_what_acts_at_once_stands_out_and_what_waits_does_not() -> None:
    at_once = card("creates", "btc-at-once").operations[0].alerts
    assert "at the present price the stop executes at once" in [plain_text(alert.text) for alert in at_once]
    (*_, waits) = card("creates", "btc-above").operations[0].alerts
    assert (plain_text(waits.text), waits.tone) == ("at the present price it waits for the price to rise", Tone.QUIET)


def test_an_earlier_generation_is_said_with_what_it_left() -> None:
    alerts = [plain_text(alert.text) for alert in card("creates", "xrp-again").operations[0].alerts]
    assert "generation 2; generation 1 ended as: cancelled, keeps 100 XRP without stop (#7)" in alerts


def test_the_text_of_a_note_is_shown_and_a_former_name_too() -> None:
    assert card("mixed", "avax-ladder").operations[0].note == "range low | <b>add</b> below 39, ask @desk"
    assert card("replaces", "btc-retest").operations[0].renamed == "btc-core"
    assert card("replaces", "eth-swing").operations[0].note == "new words | `and` code"
    assert card("mixed", "eth-swing").operations[0].note == ""


def test_each_operation_of_a_trade_has_its_own_ladder() -> None:
    both = card("averaging", "link-accum").operations
    assert len(both) == 2
    assert all(each.ladder is not None for each in both)
    (field,) = both[0].fields
    assert (field.path, field.before, field.after) == ("averaging", None, "60 at 16.9")
    (gone,) = card("averaging", "ada-range").operations[0].fields
    assert gone.after is None


def test_a_trade_without_a_stop_is_marked() -> None:
    assert card("risks", "sol-bare").operations[0].is_bare
    assert card("risks", "sol-bare").danger is Danger.OPENS
    unknown = card("risks", "cross-short").operations[0].unknown[0]
    assert plain_text(unknown) == "not known: margin: the exchange chooses the leverage"


def test_what_is_blocked_has_reason_advice_and_fields() -> None:
    view: PlanView = VIEWS["blocks"]
    first = next(each for each in view.blocked if each.row.trade == "block-00")
    assert plain_text(first.reason)
    assert plain_text(first.hint)
    assert [(field.before, field.after) for field in first.fields] == [("63000", "65000")]
