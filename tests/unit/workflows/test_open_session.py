"""A session has journal and API, and reports what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import JournalError
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.settings import load_settings
from reconciler.workflows.open_session import Listeners, open_session


def test_a_reading_session_makes_no_journal_and_a_writing_one_does(workspace: Path) -> None:
    settings = load_settings(workspace, None, {})
    journal = workspace / ".reconciler" / "journal.sqlite"
    with open_session(settings, Listeners(), writes=False) as session:
        assert session.journal is NO_JOURNAL
        assert not session.is_lock_shared
    assert not journal.exists()
    with open_session(settings, Listeners(), writes=True) as session:
        assert session.journal.find_unresolved() == ()
    assert journal.exists()


def test_every_request_is_traced(workspace: Path) -> None:
    seen: list[str] = []
    listeners = Listeners(trace=lambda method, path: seen.append(f"{method} {path}"))
    with open_session(load_settings(workspace, None, {}), listeners, writes=False) as session:
        session.api.list_smart_trades(status="all", page=1, order_direction="desc")
    assert len(seen) == 1
    assert seen[0].startswith("GET /v2/smart_trades")


def test_a_damaged_journal_stops_writing_and_is_a_warning_for_reading_and_emergencies(workspace: Path) -> None:
    settings = load_settings(workspace, None, {})
    (workspace / ".reconciler").mkdir()
    (workspace / ".reconciler" / "journal.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalError, match="Nothing is sent without a journal"):
        open_session(settings, Listeners(), writes=True).__enter__()
    for writes, is_emergency in ((False, False), (True, True)):
        told: list[str] = []
        with open_session(settings, Listeners(report=told.append), writes=writes, is_emergency=is_emergency):
            pass
        assert len(told) == 1
        assert "going on without it" in told[0]
