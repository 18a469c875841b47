"""The words of what a plan blocks and of what it only reports."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import pytest

from reconciler.model.plan_reasons import BlockHint, BlockReason, MarketReason, NoticeReason
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
    (BlockReason.PAIR_UNKNOWN, {"account": 1, "pair": "USDT_X"}, "the exchange of account 1 has no pair USDT_X"),
    (BlockReason.ACCOUNT_REFUSES, {"account": 1, "problem": "is locked"}, "account 1 is locked"),
    (
        BlockReason.ACCOUNT_REFUSES,
        {"account": 1, "name": "main", "problem": "is locked"},
        "account 1 (main) is locked",
    ),
    (
        BlockReason.AVERAGING_MISSING,
        {"counted": 1, "listed": 0},
        (
            "its note counts 1 averaging order and 3Commas lists 0:"
            " one may have been sent and not be visible, so none is sent again"
        ),
    ),
    (BlockHint.CORRECT_PAIR, {}, "correct the pair"),
    (BlockHint.CORRECT_PAIR, {"similar": "USDT_BTC"}, "correct the pair; did you mean USDT_BTC?"),
    (
        BlockHint.LOWER_COUNT,
        {"counted": 2, "listed": 1},
        "check its orders in 3Commas; if it was not sent, change ` a2]` in the note to ` a1]`",
    ),
    (
        BlockHint.ALLOW,
        {"words": ("close", "cancel"), "file": "a.yaml"},
        "to allow it remove `close`, `cancel` from lifecycle.prevent in a.yaml; else put back what differs",
    ),
    (NoticeReason.ENDED, {"status": "stop_loss_finished"}, "stopped out"),
    (
        NoticeReason.ENDED,
        {"status": "cancelled", "error": "no funds", "held": btc("0.004")},
        "cancelled (no funds) with 0.004 BTC that no stop protects",
    ),
    (NoticeReason.STOP_NOT_ACTIVE, {}, "the position is open and its stop is not active"),
    (
        NoticeReason.FILE_CHANGED_SINCE,
        {"ended": reason(NoticeReason.ENDED, status="finished"), "generation": 2},
        "finished, the file has changed since; not opened: raise generation to 2",
    ),
    (
        MarketReason.TOTAL_TOO_SMALL,
        {
            "field": "take_profit.steps[0]",
            "share": percent("50"),
            "units": btc("0.005"),
            "total": usdt("5"),
            "limit": usdt("10"),
            "least": btc("0.01"),
        },
        "take_profit.steps[0] (50 %) is 0.005 BTC = 5 USDT, below the smallest order of 10 USDT: at least 0.01 BTC",
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
            BlockReason,
            BlockHint,
            NoticeReason,
            MarketReason,
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
