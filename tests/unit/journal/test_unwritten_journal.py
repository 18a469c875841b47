"""A journal that a command does without as soon as it fails."""

from __future__ import annotations

import inspect

import pytest

from reconciler.errors import JournalError, Locked
from reconciler.journal.no_journal import NoJournal
from reconciler.journal.protocol import Journal
from reconciler.journal.unwritten_journal import ForgivingJournal
from reconciler.model.journal import RunStart

START = RunStart(git_commit=None, plan_digest="", operations=1)


class BrokenJournal(NoJournal):
    """Fails when a run ends."""

    def end_run(self) -> None:
        raise JournalError("the disk is full")


class BusyJournal(NoJournal):
    """Another run has its lock."""

    def begin_run(self, start: RunStart, wait_s: float) -> None:
        raise Locked("another run is in progress")


class Spare(NoJournal):
    """Counts the runs that ended."""

    def __init__(self) -> None:
        self.ended = 0

    def end_run(self) -> None:
        self.ended += 1


def test_it_has_all_methods_of_a_journal() -> None:
    wanted = {name for name, _ in inspect.getmembers(Journal) if not name.startswith("_")}
    assert wanted <= set(dir(ForgivingJournal))


def test_from_its_first_failure_on_the_spare_one_is_used_and_one_warning_is_given() -> None:
    warnings: list[str] = []
    spare = Spare()
    journal = ForgivingJournal(BrokenJournal(), spare, warnings.append)
    journal.begin_run(START, 0)
    journal.end_run()
    journal.end_run()
    assert (warnings, spare.ended) == (["the disk is full"], 2)


def test_a_spare_that_fails_too_is_an_error() -> None:
    journal = ForgivingJournal(BrokenJournal(), BrokenJournal(), lambda _: None)
    with pytest.raises(JournalError):
        journal.end_run()
    with pytest.raises(JournalError):
        journal.end_run()


def test_a_lock_of_another_run_is_not_a_failure_of_the_journal() -> None:
    warnings: list[str] = []
    journal = ForgivingJournal(BusyJournal(), Spare(), warnings.append)
    with pytest.raises(Locked):
        journal.begin_run(START, 0)
    assert warnings == []
