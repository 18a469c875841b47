"""Locks are taken from runs that have died, and from active ones only by force."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.clock import SystemClock
from reconciler.errors import Locked
from reconciler.model.journal import RunStart
from reconciler.session import report_nothing
from reconciler.settings import load_settings
from reconciler.workflows.journal import open_journal
from reconciler.workflows.unlock import unlock

START = RunStart(git_commit=None, plan_digest="", operations=0)


def test_without_a_lock_nothing_is_taken(workspace: Path) -> None:
    assert unlock(load_settings(workspace, None, {}), SystemClock(), report_nothing, is_forced=False) is None


def test_the_lock_of_an_active_run_is_taken_only_by_force(workspace: Path) -> None:
    settings, clock = load_settings(workspace, None, {}), SystemClock()
    with open_journal(settings, clock, report_nothing, writes=True) as opened:
        opened.journal.begin_run(START, 0)
        with pytest.raises(Locked):
            unlock(settings, clock, report_nothing, is_forced=False)
        held = unlock(settings, clock, report_nothing, is_forced=True)
        assert held is not None
        assert "run 1 of" in held.describe(clock.now().timestamp())
    assert unlock(settings, clock, report_nothing, is_forced=False) is None


def test_a_journal_that_cannot_be_written_is_reported(workspace: Path) -> None:
    (workspace / ".reconciler").mkdir()
    (workspace / ".reconciler" / "journal.sqlite").write_bytes(b"not a database at all" * 100)
    told: list[str] = []
    assert unlock(load_settings(workspace, None, {}), SystemClock(), told.append, is_forced=True) is None
    assert len(told) == 1
    assert told[0].endswith("a lock in it stays as it is.")
