"""The words of what keeps a trade from being opened."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import pytest

from reconciler.model.opening_reasons import OpeningHint, OpeningReason
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
    (
        OpeningReason.NAME_TWICE,
        {
            "trades": (
                reason(OpeningReason.LIVE_NAME, live_id=7),
                reason(OpeningReason.LIVE_NAME, live_id=8, name="old"),
            )
        },
        "#7 and #8 (still named old) both carry this name",
    ),
    (OpeningReason.KNOWN_ENDED, {"live_id": 7}, "#7 was opened for it and has ended"),
    (OpeningReason.KNOWN_ENDED, {"live_id": 7, "status": "failed"}, "#7 was opened for it and has ended (failed)"),
    (
        OpeningReason.PLACE,
        {"account": 1, "pair": "USDT_BTC", "side": "buy", "kind": "own_funds"},
        "account 1 USDT_BTC buy (own funds)",
    ),
    (
        OpeningReason.MISFIT_SIZE,
        {"live_id": 7, "entered": btc("0.02"), "wanted": btc("0.01")},
        "#7 carries its marker and may be another trade: it entered 0.02 BTC instead of 0.01",
    ),
    (
        OpeningHint.MOVED_OR_END,
        {"file": "a.yaml", "former": "old", "name": "new"},
        (
            "if it was renamed, write into a.yaml beside `trades:` `moved: [{from: old, to: new}]`;"
            " if not, end the old trade first, then plan again"
        ),
    ),
    (
        OpeningHint.ADOPT_OR_FOREIGN,
        {"live_id": 7},
        "if it is this trade: `reconciler import 7 --adopt`; if it is not, list it in reconciler.yaml: `foreign: [7]`",
    ),
)


@pytest.mark.parametrize(("code", "values", "sentence"), SENTENCES)
def test_a_sentence_shows_its_values(code: StrEnum, values: dict[str, ReasonValue], sentence: str) -> None:
    assert describe(reason(code, **values)) == sentence


@pytest.mark.parametrize(
    "code",
    [
        code
        for codes in (
            OpeningReason,
            OpeningHint,
        )
        for code in codes
    ],
)
def test_every_code_makes_one_plain_sentence(code: StrEnum) -> None:
    sentence = describe(example_of(code))

    assert sentence.isprintable()
    assert sentence == sentence.strip()
    assert not sentence.endswith((".", ";", ","))
    assert "[[" not in sentence
