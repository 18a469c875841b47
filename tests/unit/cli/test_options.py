"""Options that commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_options_before_and_after_the_command_mean_the_same(cli: Cli, workspace: Path) -> None:
    there = str(workspace)
    assert cli("--workspace", there, "plan").out == cli("plan", "--workspace", there).out


def test_an_option_may_come_from_the_environment_but_an_approval_may_not(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_PLAN_FORMAT", "json")
    assert cli("plan").out.startswith("{")
    monkeypatch.setenv("RECONCILER_APPLY_AUTO_APPROVE", "1")
    assert cli("apply").code == 64
