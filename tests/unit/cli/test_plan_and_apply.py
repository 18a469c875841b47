"""`plan`, `show` and `apply` as a user types them: output, exit codes, approval, saved plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_plan_then_apply_then_plan_again_shows_no_changes(cli: Cli) -> None:
    first = cli("plan", "--detailed-exitcode")
    assert first.code == 2
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in first.out
    applied = cli("apply", "--auto-approve")
    assert applied.code == 0
    assert "Apply complete! Trades: 1 added, 0 changed, 0 destroyed." in applied.out
    again = cli("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes." in again.out


def test_removing_every_file_is_an_error_and_removes_nothing(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").unlink()
    done = cli("apply", "--auto-approve")
    assert done.code == 1
    assert "no plan file" in done.err


def test_bad_files_stop_plan_and_apply_with_all_their_problems(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("volume: 50", "volume: 40").replace("buy", "bye"))
    done = cli("plan")
    assert done.code == 1
    assert done.out == ""
    assert "btc-dip.yaml:6:" in done.err
    assert cli("apply", "--auto-approve").code == 1


def test_a_damaged_sandbox_file_is_an_error_and_no_traceback(cli: Cli, workspace: Path) -> None:
    (workspace / ".reconciler").mkdir()
    (workspace / ".reconciler" / "sandbox.sqlite").write_bytes(b"not a database at all" * 100)
    done = cli("plan")
    assert done.code == 1
    assert "Traceback" not in done.err
