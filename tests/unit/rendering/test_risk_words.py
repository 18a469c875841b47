"""The words of what is not known about risk: every code has a sentence."""

from __future__ import annotations

import pytest

from reconciler.model.reasons import reason
from reconciler.model.risk import RiskReason
from reconciler.rendering.reasons import describe
from reconciler.rendering.risk_words import RISK_TEMPLATES


@pytest.mark.parametrize("code", RiskReason)
def test_every_code_makes_one_plain_sentence(code: RiskReason) -> None:
    sentence = describe(reason(code, problem="data.entered_amount is missing"))
    assert sentence
    assert not sentence.endswith(".")


def test_no_code_is_without_words_and_a_field_that_cannot_be_read_is_named() -> None:
    assert set(RISK_TEMPLATES) == set(RiskReason)
    found = describe(reason(RiskReason.RISK_UNREADABLE, problem="data.entered_amount is missing"))
    assert found == "data.entered_amount is missing"
