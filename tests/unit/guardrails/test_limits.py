"""Limits as reconciler.yaml states them, and the defaults."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from reconciler.guardrails.limits import limit_age, read_limits, read_plan_age, read_seconds
from reconciler.model.guardrails import GuardrailLevel, GuardrailName, Limit
from tests.support import builders


def find(name: GuardrailName, level: GuardrailLevel, **stated: object) -> Limit | None:
    return next((each for each in read_limits(stated) if (each.name, each.level) == (name, level)), None)


def test_three_limits_refuse_by_default_and_four_only_warn() -> None:
    limits = read_limits({})
    found = {(each.name.value, each.level.value): max(each.most or 0, each.least or 0) for each in limits}
    assert found == {
        ("closes", "limit"): 0,
        ("unprotects", "limit"): 0,
        ("omissions", "limit"): 5,
        ("creates", "warn"): 20,
        ("liquidation_buffer_pct", "warn"): 0,
        ("entry_distance_pct", "warn"): 30,
        ("size_multiple", "warn"): 10,
    }
    assert all(each.is_default for each in limits)


def test_a_warning_does_not_replace_a_limit_and_a_limit_replaces_the_default_of_a_warning() -> None:
    warned = find(GuardrailName.CLOSES, GuardrailLevel.LIMIT, warn={"closes": 9})
    assert warned is not None
    assert warned.most == 0
    assert find(GuardrailName.CREATES, GuardrailLevel.WARN, creates=50) is None
    both = [find(GuardrailName.CREATES, level, creates=50, warn={"creates": 5}) for level in GuardrailLevel]
    assert [each.most for each in both if each is not None] == [50, 5]


def test_amounts_are_by_currency_and_a_star_is_for_all_others() -> None:
    found = find(GuardrailName.NOTIONAL_TOTAL, GuardrailLevel.LIMIT, notional_total={"USDT": 5, "*": "0.5"})
    assert found is not None
    assert (found.find_amount("USDT"), found.find_amount("EUR")) == (Decimal(5), Decimal("0.5"))


def test_parts_of_a_limit_are_read() -> None:
    losses = find(
        GuardrailName.LOSS_REALISED, GuardrailLevel.LIMIT, loss_realised={"USDT": 3, "within": "2h", "count": 4}
    )
    assert losses is not None
    assert (losses.within_s, losses.most, losses.amounts) == (7200, Decimal(4), {"USDT": Decimal(3)})
    distance = find(GuardrailName.STOP_DISTANCE_PCT, GuardrailLevel.LIMIT, stop_distance_pct={"min": 1, "max": 30})
    assert distance is not None
    assert (distance.least, distance.most) == (Decimal(1), Decimal(30))
    assert find(GuardrailName.STOP_REQUIRED, GuardrailLevel.LIMIT, stop_required=False) is None
    pairs = find(GuardrailName.PAIRS, GuardrailLevel.LIMIT, pairs=["USDT_*"])
    assert pairs is not None
    assert pairs.allowed == ("USDT_*",)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("24h", 86400), ("2d", 172800)])
def test_durations_have_a_unit(text: str, seconds: int) -> None:
    assert read_seconds(text) == seconds


def test_a_plan_is_good_for_a_day_unless_another_age_is_stated() -> None:
    assert (read_plan_age({}), read_plan_age({"plan_age": "72h"})) == (86400, 259200)


def test_a_shorter_age_counts_at_once_and_a_longer_one_only_for_new_plans() -> None:
    context = builders.context()
    assert limit_age(context, {"plan_age": "2h"}).expires_at == context.made_at + timedelta(hours=2)
    assert limit_age(context, {"plan_age": "72h"}).expires_at == context.expires_at
