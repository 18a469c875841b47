"""Cards as text."""

from __future__ import annotations

import pytest

from reconciler.model.views import FieldView
from reconciler.rendering.style import Style
from reconciler.rendering.text.cards import blocked_lines, card_lines, field_lines
from reconciler.rendering.text.lines import Screen
from reconciler.rendering.views.plan_view import view_plan
from tests.support.review_scenes import SCENES

MIXED = view_plan(SCENES["mixed"])


def test_a_card_begins_with_sign_name_pair_and_effect() -> None:
    lines = list(card_lines(MIXED.cards[1], Screen()))
    assert lines[:5] == [
        "  ~ eth-swing #30428790  USDT_ETH  will be updated",
        "      unprotects: stop at 3,120 instead of 3,250",
        "      because the file has changed (plans/spot/eth.yaml:24)",
        "    ! over the guardrail unprotects: 1, limit 0",
        "      stop_loss.conditional.price:  3250 -> 3120",
    ]


def test_effects_are_painted_by_what_they_mean() -> None:
    lines = list(card_lines(MIXED.cards[1], Screen(style=Style(is_on=True))))
    assert lines[1].startswith("      \x1b[31;1munprotects\x1b[0m: stop at ")


def test_something_blocked_says_why_where_and_what_to_do() -> None:
    head, reason, *others = blocked_lines(MIXED.blocked[0], Screen(width=120))
    assert head == "  x ada-range #30428777  is blocked"
    assert reason == "      the position is open and the file has another entry (plans/spot/ada.yaml:2)"
    assert others[-1].strip().endswith("raise generation with the new entry")


@pytest.mark.parametrize("width", [60, 80])
def test_long_values_are_wrapped_below_their_field(width: int) -> None:
    fields = [FieldView(path="note", before="x" * 100, after=None), FieldView(path="y" * 80, before="a b", after="c")]
    lines = list(field_lines(fields, Screen(width=width)))
    assert all(len(line) <= width for line in lines)
    assert "x" * 100 in "".join(line.strip() for line in lines)
    assert lines[-1].endswith("a b -> c")
