"""In CI nothing is opened behind a lock that other machines do not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Cli


def test_in_ci_a_lock_in_a_file_is_not_enough_to_open_anything(
    cli: Cli, api_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    done = cli("apply", "--auto-approve", "--target", "api")
    assert done.code == 64
    assert "lock: external" in done.err
    assert "No run yet." in cli("journal", "show", "--target", "api").out
    config = api_workspace / "reconciler.yaml"
    config.write_text(config.read_text().replace("settle: 0", "settle: 0, lock: external"))
    assert cli("apply", "--auto-approve", "--target", "api").code == 0
