"""The sentences of drift."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import Amount, Reason, ReasonValue, reason
from reconciler.rendering.drift_words import DRIFT_TEMPLATES
from reconciler.rendering.reasons import describe


def test_every_code_has_a_sentence() -> None:
    assert DRIFT_TEMPLATES.keys() == set(DriftCode)


def btc(number: str) -> Amount:
    return Amount(Decimal(number), "BTC")


def usdt(number: str) -> Amount:
    return Amount(Decimal(number), "USDT")


ORDER = reason(DriftCode.AVERAGING_ORDER, units=btc("0.01"), price=usdt("57000"))
NO_MARKER = Reason(DriftCode.MARKER_ABSENT)
SENTENCES: tuple[tuple[DriftCode, dict[str, ReasonValue], str], ...] = (
    (DriftCode.ENDED_BY_MARKET, {"status": "stop_loss_finished"}, "stopped out"),
    (DriftCode.ENDED_BY_RECONCILER, {"status": "panic_sold"}, "closed at market by reconciler"),
    (DriftCode.ENDED_BY_MARKET, {"status": "novelty", "error": "no funds"}, "novelty (no funds)"),
    (DriftCode.STOP_INACTIVE, {}, "the position is open and its stop is not active"),
    (DriftCode.STOP_INACTIVE, {"status": "failed"}, "the position is open and its stop is not active (failed)"),
    (DriftCode.AVERAGING_ADDED, {"count": 1}, "1 averaging order more than this workspace sent"),
    (
        DriftCode.AVERAGING_ADDED,
        {"count": 2, "waiting": (ORDER,)},
        "2 averaging orders more than this workspace sent; waiting and not in the file: 0.01 BTC at 57000 USDT",
    ),
    (DriftCode.DUPLICATE_NAME, {"live_ids": (8, 9)}, "#8 and #9 have the same name"),
    (
        DriftCode.MARKER_LOST,
        {"live_id": 7, "marker": NO_MARKER},
        "#7 has no marker, so nothing can be applied to it",
    ),
    (DriftCode.STEPS_EXECUTED, {"executed": 1, "total": 2}, "1 of 2 steps executed"),
    (
        DriftCode.STOP_MOVED,
        {"before": usdt("58500"), "now": usdt("59000")},
        "its stop moved from 58500 USDT to 59000 USDT",
    ),
)


@pytest.mark.parametrize(("code", "values", "sentence"), SENTENCES)
def test_a_sentence_shows_its_values(code: DriftCode, values: dict[str, ReasonValue], sentence: str) -> None:
    assert describe(reason(code, **values)) == sentence
