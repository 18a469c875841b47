"""A plan as a JSON document: data, and sentences beside it."""

from __future__ import annotations

from typing import Any, cast

from reconciler.model.live import Phase
from reconciler.rendering.reasons import describe
from reconciler.saved_plan.writing import FORMAT_VERSION, write_document
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec(name="new")]))
ONE_STEP = builders.spec(builders.terms(steps=[builders.step(62000, 100)]))
BLOCKED = planning.plan([ONE_STEP], [builders.live(phase=Phase.OPEN, closed="0.005")]).blocked
DOCUMENT = cast("dict[str, Any]", write_document(builders.plan([CREATE], blocked=BLOCKED)))


def test_money_is_a_number_with_its_currency() -> None:
    (money,) = DOCUMENT["operations"][0]["money"]

    assert money["code"] == "commits_total"
    assert money["values"] == {"total": {"value": "600", "unit": "USDT"}}


def test_each_reason_has_its_sentence_for_readers() -> None:
    (blocked,) = DOCUMENT["blocked"]

    assert blocked["reason"]["code"] == "partly_closed"
    assert blocked["reason"]["text"] == describe(BLOCKED[0].reason)
    assert blocked["hint"]["text"] == describe(BLOCKED[0].hint)
    assert DOCUMENT["operations"][0]["money"][0]["text"] == "600 USDT"


def test_a_change_names_the_live_and_the_wanted_value() -> None:
    change = DOCUMENT["blocked"][0]["changes"][0]

    assert change == {"path": "take_profit.steps[0].price.value", "live": "63000", "wanted": "62000"}


def test_the_format_is_the_third() -> None:
    assert DOCUMENT["format_version"] == FORMAT_VERSION == "3.0"
