"""A session carries what a run needs, and reports to nobody by itself."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.session import Session, report_nothing
from tests.support.world import World


def test_a_session_has_no_journal_and_no_listener_unless_it_gets_one(capsys: pytest.CaptureFixture[str]) -> None:
    with World() as world:
        session = Session(settings=world.settings, api=world.api, clock=world.clock)
        assert session.journal is NO_JOURNAL
        assert not session.is_lock_shared
        session.report("progress")
    assert session.report is report_nothing
    assert capsys.readouterr() == ("", "")


def test_a_session_is_not_changed_while_it_runs() -> None:
    with World() as world:
        session = Session(settings=world.settings, api=world.api, clock=world.clock)
        with pytest.raises(FrozenInstanceError):
            session.report = print  # type: ignore[misc]
