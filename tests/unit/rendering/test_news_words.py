"""The sentences of bad news and of remedies."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import Amount, ReasonValue, reason
from reconciler.model.remedies import Remedy
from reconciler.rendering.news_words import NEWS_TEMPLATES, REMEDY_TEMPLATES
from reconciler.rendering.reasons import describe


def test_every_code_has_a_sentence() -> None:
    assert NEWS_TEMPLATES.keys() == set(NewsCode)
    assert REMEDY_TEMPLATES.keys() == set(Remedy)


HELD: dict[str, ReasonValue] = {"status": "failed", "units": Amount(Decimal("0.004"), "BTC")}


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        (NewsCode.FAILED, {}, "it failed"),
        (NewsCode.FAILED, {"error": "no funds"}, "it failed (no funds)"),
        (NewsCode.COINS_HELD, HELD, "it ended (failed) with 0.004 BTC that no stop protects"),
        (
            NewsCode.COINS_HELD,
            {**HELD, "error": "no funds"},
            "it ended (failed: no funds) with 0.004 BTC that no stop protects",
        ),
        (
            Remedy.LIST_AS_FOREIGN,
            {"live_id": 7},
            "if it is another trade, list it in reconciler.yaml: `foreign: [7]`",
        ),
    ],
)
def test_a_sentence_shows_its_values(code: NewsCode | Remedy, values: dict[str, ReasonValue], sentence: str) -> None:
    assert describe(reason(code, **values)) == sentence
