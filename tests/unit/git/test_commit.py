"""The commit of a workspace is found, and nothing in the workspace is obeyed on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.git.commit import find_commit
from tests.support.git_repositories import commit_all, make_repository, run_git


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with a workspace in `plans`."""
    top = make_repository(tmp_path / "repo")
    (top / "plans").mkdir()
    (top / "plans" / "reconciler.yaml").write_text("version: 1\n")
    (top / "plans" / "a.yaml").write_text("version: 1\n")
    return top


def test_outside_of_git_there_is_no_commit(tmp_path: Path) -> None:
    assert find_commit(tmp_path) is None
    assert find_commit(tmp_path / "gone") is None


def test_before_the_first_commit_there_is_none(top: Path) -> None:
    assert find_commit(top / "plans") is None


def test_a_clean_workspace_has_the_id_alone(top: Path) -> None:
    commit = commit_all(top)
    assert find_commit(top / "plans") == commit
    assert find_commit(top) == commit


@pytest.mark.parametrize(
    "change",
    [
        lambda plans: (plans / "a.yaml").write_text("version: 2\n"),
        lambda plans: (plans / "a.yaml").unlink(),
        lambda plans: (plans / "b.yml").write_text("version: 1\n"),
        lambda plans: (plans / "reconciler.yaml").write_text("version: 1 # changed\n"),
        lambda plans: (plans / "a.yaml").rename(plans / "b.yaml"),
    ],
)
def test_files_that_differ_make_it_dirty(top: Path, change: object) -> None:
    commit = commit_all(top)
    change(top / "plans")  # type: ignore[operator]  # one of the above
    assert find_commit(top / "plans") == f"{commit}+dirty"


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(top: Path) -> None:
    commit = commit_all(top)
    (top / "plans" / "a.yaml").unlink()
    os.mkfifo(top / "plans" / "a.yaml")
    assert find_commit(top / "plans") == f"{commit}+dirty"


def test_files_of_others_do_not(top: Path) -> None:
    commit = commit_all(top)
    (top / "notes.yaml").write_text("")
    (top / "plans" / "plan.json").write_text("")
    (top / "plans" / ".hidden.yaml").write_text("")
    os.close(os.open(os.fsencode(top / "plans") + b"/caf\xe9.txt", os.O_CREAT))
    assert find_commit(top / "plans") == commit


def test_line_ends_of_another_system_do_not(top: Path) -> None:
    commit = commit_all(top)
    (top / "plans" / "a.yaml").write_bytes(b"version: 1\r\n")
    assert find_commit(top / "plans") == commit


def test_a_branch_may_be_packed_and_a_head_detached(top: Path) -> None:
    commit = commit_all(top)
    run_git(top, "pack-refs", "--all")
    assert find_commit(top) == commit
    run_git(top, "checkout", "-q", "--detach")
    assert find_commit(top) == commit


def test_worktrees_and_submodules_have_their_own(top: Path, tmp_path: Path) -> None:
    commit = commit_all(top)
    run_git(top, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    (tmp_path / "tree" / "plans" / "b.yaml").write_text("version: 1\n")
    newer = commit_all(tmp_path / "tree")
    assert find_commit(tmp_path / "tree" / "plans") == newer != commit
    parent = make_repository(tmp_path / "parent")
    run_git(parent, "submodule", "--quiet", "add", str(top), "team")
    commit_all(parent)
    assert find_commit(parent / "team" / "plans") == commit


def test_a_repository_with_longer_ids_is_read(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "repo", "--object-format=sha256")
    (top / "a.yaml").write_text("version: 1\n")
    commit = commit_all(top)
    assert len(commit) == 64
    assert find_commit(top) == commit


def write_trap(folder: Path, caught: Path) -> str:
    """A configuration whose every command leaves a trace."""
    trap = folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\nenv > {caught}\ncat\n")
    trap.chmod(0o755)
    return (
        f"[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {trap}\n\tsshCommand = {trap}\n\tpager = {trap}\n"
        f"\thooksPath = {folder}\n\taskPass = {trap}\n"
        f'[filter "x"]\n\tclean = {trap}\n\tsmudge = {trap}\n\tprocess = {trap}\n'
        f'[diff "x"]\n\ttextconv = {trap}\n\tcommand = {trap}\n[diff]\n\texternal = {trap}\n'
        f"[alias]\n\tcat-file = !{trap}\n\tls-tree = !{trap}\n\trev-parse = !{trap}\n\tstatus = !{trap}\n"
    )


def test_a_folder_with_the_layout_of_a_repository_is_none(top: Path, tmp_path: Path) -> None:
    plans = top / "plans"
    (plans / "objects").mkdir()
    (plans / "objects" / ".keep").touch()
    (plans / "refs" / "heads").mkdir(parents=True)
    (plans / "refs" / "heads" / "main").write_text("1" * 40)
    (plans / "HEAD").write_text("ref: refs/heads/main\n")
    (plans / "config").write_text("bare = false\n" + write_trap(tmp_path, tmp_path / "caught"))
    commit = commit_all(top)
    assert find_commit(plans) == commit
    assert not (tmp_path / "caught").exists()


def test_no_configuration_of_the_repository_runs_a_command(top: Path, tmp_path: Path) -> None:
    (top / ".gitattributes").write_text("*.yaml filter=x diff=x\n")
    commit = commit_all(top)
    (top / "plans" / "a.yaml").write_text("version: 1 # changed\n")
    (top / ".git" / "config").write_text(write_trap(tmp_path, tmp_path / "caught"))
    assert find_commit(top / "plans") == f"{commit}+dirty"
    assert not (tmp_path / "caught").exists()


def test_no_configuration_of_the_user_or_the_environment_does(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = commit_all(top)
    (tmp_path / ".gitconfig").write_text(write_trap(tmp_path, tmp_path / "caught"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(tmp_path / "trap.sh"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(tmp_path / "trap.sh"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "caught"))
    assert find_commit(top / "plans") == commit
    assert not (tmp_path / "caught").exists()


def test_a_missing_object_is_not_fetched(top: Path, tmp_path: Path) -> None:
    commit = commit_all(top)
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'caught'}\n")
    trap.chmod(0o755)
    with (top / ".git" / "config").open("a") as config:
        config.write(
            f'[remote "origin"]\n\turl = ext::{trap}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n'
            f"\tuploadpack = {trap}\n[extensions]\n\tpartialClone = origin\n[protocol]\n\tallow = always\n"
        )
    for folder in (top / ".git" / "objects").iterdir():
        if len(folder.name) == 2 and folder.name != commit[:2]:
            for file in folder.iterdir():
                file.unlink()
    assert find_commit(top / "plans") == f"{commit}+dirty"
    assert not (tmp_path / "caught").exists()


def test_without_git_the_id_is_still_known(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = commit_all(top)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert find_commit(top) == f"{commit}+dirty"


@pytest.mark.parametrize(
    "head", ["", "ref: ../../secret", "ref: refs/../../secret", "nonsense", "ref: refs/heads/none"]
)
def test_a_damaged_head_is_no_commit(top: Path, head: str) -> None:
    commit_all(top)
    (top / ".git" / "HEAD").write_text(head)
    (top / "secret").write_text("1" * 40)
    assert find_commit(top) is None


def test_references_in_a_circle_are_no_commit(top: Path) -> None:
    commit_all(top)
    (top / ".git" / "refs" / "heads" / "main").write_text("ref: refs/heads/main\n")
    assert find_commit(top) is None
