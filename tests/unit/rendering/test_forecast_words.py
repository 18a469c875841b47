"""The words of forecasts."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import pytest

from reconciler.model.forecasts import Forecast
from reconciler.model.reasons import Amount, ReasonValue, reason
from reconciler.rendering.reasons import describe
from tests.support.example_values import example_of


def btc(number: str) -> Amount:
    return Amount(Decimal(number), "BTC")


def usdt(number: str) -> Amount:
    return Amount(Decimal(number), "USDT")


def percent(number: str) -> Amount:
    return Amount(Decimal(number), "%")


SENTENCES: tuple[tuple[StrEnum, dict[str, ReasonValue], str], ...] = (
    (Forecast.COMMITS, {"total": usdt("600")}, "600 USDT"),
    (Forecast.ENTERS_AT_ONCE, {"side": "sell", "units": btc("0.01")}, "sells 0.01 BTC at once"),
    (
        Forecast.CLOSES_NOW,
        {"side": "sell", "units": btc("0.01"), "worth": usdt("609.99"), "result": usdt("-9.99")},
        "closes the position at once: sells 0.01 BTC for about 609.99 USDT, result about -9.99 USDT",
    ),
    (
        Forecast.CLOSES_PART_AFTER_ENTRY,
        {"share": percent("50"), "side": "buy", "units": btc("0.005")},
        "closes 50 % of the position as soon as the entry fills: buys back 0.005 BTC",
    ),
    (Forecast.STOP_MOVED, {"level": usdt("57000"), "before": percent("3")}, "stop at 57000 instead of 3 %"),
    (
        Forecast.STEPS_MOVED,
        {"levels": (usdt("63000"), percent("4")), "before": (usdt("62000"),)},
        "take profit at 63000, 4 % instead of 62000",
    ),
    (
        Forecast.LIQUIDATION_BEFORE_STOP,
        {"price": usdt("40000.000000001"), "stop": usdt("58500")},
        "liquidation at about 40000 (estimated, without maintenance margin), before or near the stop at 58500",
    ),
    (Forecast.ORDERS_WAITING, {"count": 1}, "1 such order already waiting"),
    (Forecast.NOTE_REPLACED, {"text": "new", "before": "old"}, "note `new`, instead of `old`"),
)


@pytest.mark.parametrize(("code", "values", "sentence"), SENTENCES)
def test_a_sentence_shows_its_values(code: StrEnum, values: dict[str, ReasonValue], sentence: str) -> None:
    assert describe(reason(code, **values)) == sentence


@pytest.mark.parametrize("code", list(Forecast))
def test_every_code_makes_one_plain_sentence(code: StrEnum) -> None:
    sentence = describe(example_of(code))

    assert sentence.isprintable()
    assert sentence == sentence.strip()
    assert not sentence.endswith((".", ";", ","))
    assert "[[" not in sentence
