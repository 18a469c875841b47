"""What documents say about each guardrail."""

from __future__ import annotations

from reconciler.guardrails.catalogue import HELD_BACK, describe_acknowledgement, describe_default
from reconciler.model.guardrails import GuardrailName


def test_every_guardrail_says_what_it_holds_back() -> None:
    assert HELD_BACK.keys() == set(GuardrailName)


def test_defaults_are_those_of_the_program() -> None:
    found = {name.value: describe_default(name) for name in GuardrailName}
    assert {name: text for name, text in found.items() if text != "none"} == {
        "closes": "0",
        "unprotects": "0",
        "omissions": "5",
        "creates": "warning, 20",
        "liquidation_buffer_pct": "warning, 0",
        "entry_distance_pct": "warning, 30",
        "size_multiple": "warning, 10",
        "plan_age": "24h",
        "price_moved_pct": "2",
    }


def test_counts_are_exact_amounts_are_bounds_and_what_is_stale_is_not_acknowledged() -> None:
    names = (GuardrailName.CLOSES, GuardrailName.MARGIN_TOTAL, GuardrailName.REWARD_RISK, GuardrailName.PLAN_AGE)
    assert [describe_acknowledgement(name) for name in names] == ["exact count", "upper bound", "lower bound", "not"]
