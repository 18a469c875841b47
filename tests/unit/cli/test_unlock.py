"""`unlock`: the lock of a run that has died."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.clock import SystemClock
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import RunStart
from reconciler.settings import load_settings
from reconciler.workflows.journal import open_database, scope_of
from tests.support.program import Cli

START = RunStart(git_commit=None, plan_digest="", operations=0)


def test_a_second_apply_waits_a_little_and_exits_eleven_until_it_is_unlocked(cli: Cli, workspace: Path) -> None:
    settings = load_settings(workspace, None, {})
    with open_database(settings) as database:
        holding = SqlJournal(database, scope_of(settings), SystemClock())
        holding.begin_run(START, 0)
        done = cli("apply", "--auto-approve", "--lock-timeout", "0.2")
        assert done.code == 11
        assert "another run is in progress: run 1 of" in done.err
        assert f"process {os.getpid()}" in done.err
        assert "reconciler unlock" in done.err
        assert "In progress: run 1 of" in cli("journal", "show").out
        assert cli("unlock").code == 11
        assert cli("unlock", "--force").code == 0
    assert cli("unlock").err == "Nobody holds the lock.\n"
    assert cli("apply", "--auto-approve").code == 0
