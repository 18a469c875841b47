"""The file of the sandbox that a command works on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.program import Cli


def test_without_a_file_it_is_that_of_the_workspace(cli: Cli, workspace: Path) -> None:
    assert cli("sandbox", "price", "USDT_BTC", "59000").code == 0
    assert (workspace / ".reconciler" / "sandbox.sqlite").exists()


def test_a_new_file_is_made_for_the_user_alone(cli: Cli, workspace: Path) -> None:
    assert cli("sandbox", "price", "USDT_BTC", "59000", "--data", "other.sqlite").code == 0
    assert (workspace / "other.sqlite").stat().st_mode & 0o077 == 0
    assert not (workspace / ".reconciler").exists()


@pytest.mark.parametrize("name", ["new.yaml", "reconciler.yaml"])
def test_a_plan_file_is_never_overwritten(cli: Cli, workspace: Path, name: str) -> None:
    done = cli("sandbox", "reset", "--data", name)
    assert done.code == 64
    assert "has the name of a plan file" in done.err
    assert not (workspace / "new.yaml").exists()


def test_a_pipe_is_refused_at_once(cli: Cli, workspace: Path) -> None:
    os.mkfifo(workspace / "pipe")
    done = cli("sandbox", "show", "--data", "pipe")
    assert done.code == 64
    assert "is not a regular file" in done.err
