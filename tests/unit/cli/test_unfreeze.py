"""`unfreeze`: only a person ends a freeze, with a reason that is kept."""

from __future__ import annotations

from pathlib import Path

from tests.support.damaged_journals import open_raw
from tests.support.program import Cli


def test_the_reason_and_who_gave_it_are_kept(cli: Cli, workspace: Path) -> None:
    assert cli("freeze", "--reason", "CPI", "--until", "2h").code == 0
    done = cli("unfreeze", "--reason", "published")
    assert done.code == 0
    assert "Lifted: " in done.err
    with open_raw(workspace / ".reconciler" / "journal.sqlite") as raw:
        ((lifted_by, lifted_reason),) = raw.execute("SELECT lifted_by, lifted_reason FROM journal_freezes").fetchall()
    assert lifted_reason == "published"
    assert '"pid"' in lifted_by


def test_without_a_freeze_nothing_is_lifted(cli: Cli, workspace: Path) -> None:
    assert cli("unfreeze", "--reason", "x").err.endswith("The journal has no freeze of this target.\n")
