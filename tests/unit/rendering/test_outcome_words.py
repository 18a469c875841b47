"""The words of outcomes: every code has a sentence, and its values are shown."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from reconciler.model.outcome_codes import CommandReason, OutcomeReason, SettlingReason, StaleReason
from reconciler.model.reasons import Amount, ReasonValue, reason
from reconciler.rendering.outcome_words import OUTCOME_TEMPLATES
from reconciler.rendering.reasons import describe

STOP = reason(StaleReason.FIRES_STOP)
STEP = reason(StaleReason.FIRES_OTHER, name="take_profit.steps[0]")
AT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
SENTENCES: tuple[tuple[StrEnum, dict[str, ReasonValue], str], ...] = (
    (StaleReason.GONE, {"live_id": 7}, "#7 does not exist for this key and mode"),
    (
        StaleReason.FIRES_NOW,
        {"last": "58000", "fires": (STOP, STEP)},
        "the price moved to 58000 since the plan was made, now: the stop, take_profit.steps[0] at once; plan again",
    ),
    (
        StaleReason.EDITED,
        {"live_id": 7, "fields": (reason(StaleReason.FIELD_DIFFERS, path="stop", now="1", before="2"),)},
        "#7 was edited since the plan was made: stop is 1, was 2",
    ),
    (
        OutcomeReason.ENDED_AS_PLANNED,
        {"end": reason(OutcomeReason.ENDED, status="finished", profit=Amount(Decimal("1.5"), "USDT"))},
        "ended as planned: finished, profit 1.5 USDT",
    ),
    (CommandReason.HOLDS, {"units": Amount(Decimal("0.01"), "BTC")}, "holds 0.01 BTC"),
    (CommandReason.HOLDS, {"units": Amount(Decimal("0.01"), "BTC"), "price": "60000"}, "holds 0.01 BTC at 60000"),
    (
        SettlingReason.DELAYED,
        {"run": 4, "kind": "create", "sent_at": AT, "until": AT},
        (
            "run 4 sent a create at 12:30:00 UTC whose answer was lost; a gateway may hold it back until 12:30:00 UTC,"
            " so nothing is sent again before then"
        ),
    ),
    (
        SettlingReason.DAMAGED,
        {"request": 9, "damage": "its kind cannot be read"},
        (
            "request 9 of the journal is damaged (its kind cannot be read), so it is not known what it did; check"
            " 3Commas, then `reconciler journal resolve 9 --as applied` or `--as failed`"
        ),
    ),
)


@pytest.mark.parametrize(("code", "values", "sentence"), SENTENCES)
def test_a_sentence_shows_its_values(code: StrEnum, values: dict[str, ReasonValue], sentence: str) -> None:
    assert describe(reason(code, **values)) == sentence


def test_every_code_has_a_sentence_and_no_sentence_is_without_a_code() -> None:
    codes = {*StaleReason, *OutcomeReason, *CommandReason, *SettlingReason}
    assert set(OUTCOME_TEMPLATES) == codes
