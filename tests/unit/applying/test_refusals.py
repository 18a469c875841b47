"""Which errors concern one trade, and which the whole run."""

from __future__ import annotations

import pytest

from reconciler.applying.refusals import concerns_one_trade
from reconciler.errors import AnswerLost, JournalError, Locked, ReconcilerError, UnreadableAnswer


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (UnreadableAnswer("odd"), True),
        (AnswerLost("dead line"), False),
        (Locked("gone"), False),
        (JournalError("full"), False),
    ],
)
def test_only_what_another_trade_would_not_meet_concerns_one(error: ReconcilerError, is_one: bool) -> None:
    assert concerns_one_trade(error) is is_one
