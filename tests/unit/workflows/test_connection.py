"""The connection to a target, and the folder of the tool's own files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import ReconcilerError, UsageError, WorkspaceError
from reconciler.session import report_nothing
from reconciler.settings import load_settings
from reconciler.workflows.connection import SANDBOX_FILE, make_own_folder, open_api, open_sandbox
from tests.support.program import CONFIG
from tests.support.world import START_AT


def test_the_embedded_sandbox_answers_and_each_request_is_seen(workspace: Path) -> None:
    seen: list[tuple[str, str]] = []
    settings = load_settings(workspace, None, {})
    with open_api(
        settings, ManualClock(START_AT), report_nothing, lambda method, path: seen.append((method, path))
    ) as connection:
        assert connection.api.list_smart_trades(status="all", page=1, order_direction="desc") == []
    assert seen[0][0] == "GET"
    assert (workspace / ".reconciler" / SANDBOX_FILE).exists()


def test_the_embedded_sandbox_has_a_clock_of_its_own(workspace: Path) -> None:
    settings = load_settings(workspace, None, {})
    with open_api(settings, ManualClock(START_AT + timedelta(days=300)), report_nothing) as connection:
        assert connection.read_time is not None
        assert connection.read_time() == START_AT
    with open_sandbox(make_own_folder(workspace) / SANDBOX_FILE) as sandbox:
        sandbox.advance(90)
    with open_api(settings, ManualClock(START_AT), report_nothing) as connection:
        assert connection.read_time is not None
        assert connection.read_time() == START_AT + timedelta(seconds=90)


def test_an_api_target_needs_a_key(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THREE_COMMAS_API_KEY", raising=False)
    (workspace / "reconciler.yaml").write_text(CONFIG + "  paper: {kind: api, mode: paper, accounts: {main: 1}}\n")
    settings = load_settings(workspace, "paper", {}, is_live=False)
    with (
        pytest.raises(UsageError, match="THREE_COMMAS_API_KEY"),
        open_api(settings, ManualClock(START_AT), report_nothing),
    ):
        pass


def test_the_own_folder_is_private_and_ignored_by_git(tmp_path: Path) -> None:
    folder = make_own_folder(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / ".gitignore").read_text() == "*\n"
    folder.chmod(0o755)
    assert make_own_folder(tmp_path).stat().st_mode & 0o077 == 0


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        make_own_folder(tmp_path)


def test_a_damaged_sandbox_is_an_expected_error(tmp_path: Path) -> None:
    (tmp_path / "sandbox.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(ReconcilerError), open_sandbox(tmp_path / "sandbox.sqlite"):
        pass
