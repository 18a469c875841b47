"""The view of a plan as a whole."""

from __future__ import annotations

from reconciler.model.phrases import plain_text
from reconciler.model.plan_view import RiskView, RowKind
from reconciler.rendering.views.plan_view import summarize, view_plan
from tests.support import builders
from tests.support.review_scenes import SCENES

MIXED = view_plan(SCENES["mixed"], "sha256:1")


def test_numbers_of_the_view_are_those_of_the_plan() -> None:
    counts = MIXED.counts
    assert (counts.add, counts.change, counts.destroy, counts.blocked, counts.unchanged) == (4, 4, 3, 1, 9)
    assert MIXED.summary == summarize(SCENES["mixed"]) == "Plan: 4 to add, 4 to change, 3 to destroy."
    assert MIXED.title.digest == "sha256:1"


def test_the_index_ends_with_what_is_blocked() -> None:
    assert [row.kind for row in MIXED.rows][-1] is RowKind.BLOCKED
    assert len(MIXED.rows) == 11


def test_lost_trades_are_in_the_index_behind_what_closes() -> None:
    rows = view_plan(SCENES["notices"]).rows
    assert [row.kind for row in rows] == [RowKind.LOSS] * 4 + [RowKind.OPERATION]


def test_closing_sentences_count_what_is_left_unchanged_and_name_what_nothing_manages() -> None:
    closing = [plain_text(each) for each in view_plan(SCENES["notices"]).closing]
    assert "Unchanged: 2 trades." in closing
    assert any(each.startswith("Not managed: 2 live trades") and each.endswith("#41, #42") for each in closing)
    assert any(each.startswith("Left unchanged: 1 live trade of this workspace") for each in closing)


def test_a_plan_that_does_nothing_has_no_risk_to_show() -> None:
    view = view_plan(builders.plan(unchanged=1))
    assert view.risk == RiskView()
    assert [plain_text(each) for each in view.closing] == [
        "No changes. 1 trade is up to date.",
        "Requests: 4 used.",
    ]
