"""Journals that keep nothing: one that only locks, and one that a command does without when it fails."""

from __future__ import annotations

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import JournalError
from reconciler.journal.lock_holder import Holder
from reconciler.journal.no_journal import NO_JOURNAL, NoJournal
from reconciler.journal.run_lock import RunLock
from reconciler.journal.unwritten_journal import ForgivingJournal, UnwrittenJournal
from reconciler.model.journal import RunStart, Write, WriteKind
from tests.support.world import START_AT

START = RunStart(git_commit=None, plan_digest="", operations=1)
WRITE = Write(kind=WriteKind.CANCEL, trade="btc-dip", generation=1, live_id=7)
HOLDER = Holder(user="tester", host="here", machine="boot", pid=1, started="")


def test_a_journal_that_is_not_written_holds_the_lock_while_a_run_is_active() -> None:
    lock = RunLock(ManualClock(START_AT), HOLDER, lambda _: True, None)
    journal = UnwrittenJournal(lock)
    journal.begin_run(START, 0)
    assert lock.token
    assert journal.intend(WRITE, "DELETE", "/v2/smart_trades/7", None) == 0
    assert journal.find_unresolved() == ()
    journal.end_run()
    assert not lock.token


class BrokenJournal(NoJournal):
    """A journal whose disk is full."""

    def __init__(self) -> None:
        self.asked = 0

    def intend(self, *_: object) -> int:
        """Fail."""
        self.asked += 1
        raise JournalError("the disk is full")


def test_a_journal_that_fails_is_done_without_from_then_on_and_that_is_said_once() -> None:
    broken, warned = BrokenJournal(), list[str]()
    journal = ForgivingJournal(broken, NO_JOURNAL, warned.append)
    for _ in range(2):
        assert journal.intend(WRITE, "DELETE", "/v2/smart_trades/7", None) == 0
    assert (broken.asked, warned) == (1, ["the disk is full"])


def test_the_failure_of_the_spare_journal_is_an_error() -> None:
    journal = ForgivingJournal(BrokenJournal(), BrokenJournal(), lambda _: None)
    with pytest.raises(JournalError, match="full"):
        journal.intend(WRITE, "DELETE", "/v2/smart_trades/7", None)
