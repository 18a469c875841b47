"""`unfreeze`: only a person ends a freeze, with a reason that is kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.program import Cli


def test_the_reason_and_who_gave_it_are_kept(cli: Cli, workspace: Path) -> None:
    assert cli("freeze", "--reason", "CPI", "--until", "2h").code == 0
    done = cli("unfreeze", "--reason", "published")
    assert done.code == 0
    assert "Lifted: " in done.err
    (line,) = cli("journal", "export").out.splitlines()
    freeze = json.loads(line)
    assert (freeze["type"], freeze["reason"], freeze["lifted_reason"]) == ("freeze", "CPI", "published")
    assert "@" in freeze["set_by"]
    assert "@" in freeze["lifted_by"]
    assert freeze["set_at"] <= freeze["lifted_at"] < freeze["until"]


def test_without_a_freeze_nothing_is_lifted(cli: Cli, workspace: Path) -> None:
    assert cli("unfreeze", "--reason", "x").err.endswith("The journal has no freeze of this target.\n")
