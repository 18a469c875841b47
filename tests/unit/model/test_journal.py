"""What the journal holds: which writes are sent once in a run."""

from __future__ import annotations

from reconciler.model.journal import SENT_ONCE, WriteKind


def test_what_commits_money_or_executes_is_sent_once() -> None:
    repeated = set(WriteKind) - SENT_ONCE
    assert repeated == {
        WriteKind.UPDATE,
        WriteKind.SET_NOTE,
        WriteKind.CANCEL,
        # As any other cancel: the sale that follows is a create and a close, and both are sent once.
        WriteKind.CANCEL_TO_CLOSE,
        WriteKind.CANCEL_STEP,
        WriteKind.CANCEL_ORDER,
        WriteKind.CANCEL_AVERAGING,
        # It only makes 3Commas look at the trade.
        WriteKind.FORCE_PROCESS,
        # Is never sent at all.
        WriteKind.UNKNOWN,
    }
