"""Where commands write: `plan --out`, `init`, and the tool's own folder."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from reconciler import output_files
from tests.support.program import Cli


def test_a_plan_is_saved_for_the_user_alone_and_over_an_older_one(cli: Cli, workspace: Path) -> None:
    for _ in range(2):
        done = cli("plan", "--out", "review.json")
        assert done.code == 0
        assert "reconciler apply review.json" in done.err
    assert (workspace / "review.json").stat().st_mode & 0o777 == 0o600
    assert (workspace / ".reconciler").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_open_to_others_is_closed(cli: Cli, workspace: Path) -> None:
    (workspace / ".reconciler").mkdir(mode=0o755)
    assert cli("plan").code == 0
    assert (workspace / ".reconciler").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "name", ["btc-dip.yaml", "reconciler.yaml", ".reconciler/journal.sqlite", "new.yml", "x.txt", "."]
)
def test_nothing_else_is_written_over(cli: Cli, workspace: Path, name: str) -> None:
    assert cli("apply", "--auto-approve").code == 0
    (workspace / "x.txt").write_text("notes")
    path = workspace / name
    before = path.read_bytes() if path.is_file() else None
    done = cli("plan", "--out", name)
    assert done.code == 64
    assert done.err.endswith("nothing was written\n")
    assert done.out == ""
    assert (path.read_bytes() if path.is_file() else None) == before
    assert cli("plan").out.startswith("Workspace test")


def test_a_dash_is_standard_output_and_the_review_goes_elsewhere(cli: Cli, workspace: Path) -> None:
    for name in ("-", "/dev/stdout"):
        done = cli("plan", "--out", name)
        assert json.loads(done.out)["kind"] == "reconciler-plan"
        assert "btc-dip  USDT_BTC  will be created" in done.err
        assert "Saved" not in done.err
    assert not (workspace / "-").exists()
    done = cli("plan", "--out", "-", "--format", "json")
    assert json.loads(done.out)["kind"] == "reconciler-plan"


def test_a_device_stays_a_device(cli: Cli, workspace: Path) -> None:
    before = Path("/dev/null").stat()
    done = cli("plan", "--out", "/dev/null", "--detailed-exitcode")
    assert done.code == 2
    assert Path("/dev/null").stat().st_rdev == before.st_rdev
    assert "Saved" not in done.err


def test_a_plan_goes_from_pipe_to_pipe(cli: Cli, workspace: Path) -> None:
    os.mkfifo("pipe.json")
    saved: list[str] = []
    reader = threading.Thread(target=lambda: saved.append(Path("pipe.json").read_text()))
    reader.start()
    assert cli("plan", "--out", "pipe.json").code == 0
    reader.join()
    writer = threading.Thread(target=lambda: Path("pipe.json").write_text(saved[0]))
    writer.start()
    done = cli("apply", "pipe.json")
    writer.join()
    assert done.code == 0
    assert "1 added" in done.out


def test_a_pipe_that_nobody_reads_is_waited_for_but_not_without_end(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_files, "READER_WAIT_S", 0.2)
    os.mkfifo("pipe.json")
    done = cli("plan", "--out", "pipe.json")
    assert done.code == 1
    assert "pipe.json cannot be written: no program reads it, after 0.2 s" in done.err


def test_an_endless_device_is_no_plan(cli: Cli, workspace: Path) -> None:
    done = cli("show", "/dev/zero")
    assert done.code == 1
    assert "/dev/zero is not a saved plan" in done.err


@pytest.mark.parametrize("name", ["btc-dip.yaml", "new.yml", "reconciler.yaml", "pipe", "/dev/null"])
def test_a_sandbox_lives_in_a_file_of_its_own(cli: Cli, workspace: Path, name: str) -> None:
    os.mkfifo("pipe")
    done = cli("sandbox", "show", "--data", name)
    assert done.code == 64
    assert f"--data {name}" in done.err
    assert not (workspace / "new.yml").exists()


def test_the_sandbox_of_a_workspace_is_for_the_user_alone(cli: Cli, workspace: Path) -> None:
    assert cli("plan").code == 0
    assert (workspace / ".reconciler" / "sandbox.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["reconciler.yaml", "btc-dip.yaml"])
def test_init_writes_through_no_link(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / name).symlink_to("../elsewhere")
    done = cli("init")
    assert done.code == 1
    assert f"{name} exists already; nothing was written" in done.err
    assert [path.name for path in root.iterdir()] == [name]
    assert not (tmp_path / "elsewhere").exists()


def test_a_workspace_whose_own_folder_leads_out_is_refused(cli: Cli, workspace: Path) -> None:
    (workspace / ".reconciler").symlink_to("/tmp")
    for command in (["plan"], ["apply", "--auto-approve"], ["validate"], ["journal", "show"]):
        done = cli(*command)
        assert done.code == 1
        assert "leads out of the workspace" in done.err


def test_a_secret_of_the_environment_is_in_no_problem(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", "marked-value")
    monkeypatch.setenv("RECONCILER_JOURNAL_URL", "")
    (workspace / "a.yaml").write_text("version: 1\ntrades: {marked-value: {pair: marked-value}}\n")
    for command in (["validate"], ["validate", "--format", "json"], ["validate", "--format", "github"], ["plan"]):
        done = cli(*command)
        assert done.code == 1
        assert "marked-value" not in done.out + done.err
        assert "***" in done.out + done.err
    (workspace / "a.yaml").unlink()
    (workspace / "reconciler.yaml").write_text("version: 1\nworkspace: marked-value\nx: marked-value\n")
    for command in (["validate"], ["plan"]):
        done = cli(*command)
        assert done.code == 1
        assert "marked-value" not in done.out + done.err


def test_a_key_that_looks_like_a_secret_is_an_error_of_every_command(cli: Cli, workspace: Path) -> None:
    config = workspace / "reconciler.yaml"
    before = config.read_text()
    config.write_text(before + "api_secret: hunter2\n")
    for command in (["validate"], ["validate", "--format", "json"], ["plan"], ["status"]):
        done = cli(*command)
        assert done.code == 1
        assert "looks like a secret" in done.out + done.err
        assert "hunter2" not in done.out + done.err
    config.write_text(before)
    (workspace / "b.yaml").write_text("version: 1\ntrades: {}\ntoken: hunter2\n")
    done = cli("validate")
    assert "b.yaml:3:1: error: token: looks like a secret" in done.out
    assert "hunter2" not in done.out
