"""What is known beside files and live trades."""

from __future__ import annotations

from reconciler.model.averaging import AveragingReading
from reconciler.planning.known import NOTHING_SENT, Known


def test_a_trade_of_which_nothing_was_read_has_sent_nothing() -> None:
    read = AveragingReading(doubt="a list was cut")
    known = Known(workspace="test", rates={}, averaging={7: read})

    assert known.sent_for(7) is read
    assert known.sent_for(8) == NOTHING_SENT
