"""`init`: a workspace whose first plan applies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import CONFIG, Cli


def test_init_writes_a_workspace_whose_first_plan_applies(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = cli("init", "My Trades!")
    assert made.code == 0
    monkeypatch.chdir(tmp_path / "My Trades!")
    assert cli("validate").code == 0
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_init_gives_two_folders_of_one_name_different_workspaces(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli("init", "a/trades")
    cli("init", "b/trades")
    assert (tmp_path / "a/trades/reconciler.yaml").read_text() != (tmp_path / "b/trades/reconciler.yaml").read_text()


def test_init_overwrites_nothing(cli: Cli, workspace: Path) -> None:
    done = cli("init")
    assert done.code == 1
    assert "exists already" in done.err
    assert (workspace / "reconciler.yaml").read_text() == CONFIG
