"""A copy of a workspace at a commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import BaseUnreadable
from reconciler.workflows import workspace_copy
from reconciler.workflows.base_commit import Base, find_base
from reconciler.workflows.workspace_copy import copy_workspace
from tests.support.git_repositories import commit_all, make_repository


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A commit with a workspace in a folder, whose working tree has other content by now."""
    top = make_repository(tmp_path / "repository")
    (top / "w" / "sub").mkdir(parents=True)
    (top / "w" / "a.yaml").write_text("a: 1\n")
    (top / "w" / "sub" / "rules.rego").write_text("package x\n")
    (top / "w" / "link.yaml").symlink_to("/etc/passwd")
    (top / "outside.yaml").write_text("o: 1\n")
    commit_all(top)
    (top / "w" / "a.yaml").write_text("a: 2\n")
    found = find_base(top / "w", "HEAD", {})
    assert found is not None
    return found


def test_the_files_are_those_of_the_commit_and_a_link_leads_nowhere(base: Base, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    copy_workspace(base, "w", place)
    files = {path.relative_to(place).as_posix(): path.read_text() for path in place.rglob("*") if path.is_file()}
    assert files == {"a.yaml": "a: 1\n", "sub/rules.rego": "package x\n", "link.yaml": "/etc/passwd"}
    assert not any(path.is_symlink() for path in place.rglob("*"))


def test_only_files_with_given_suffixes_are_copied(base: Base, tmp_path: Path) -> None:
    copy_workspace(base, "w", tmp_path / "copy", (".rego",))
    assert [path.name for path in (tmp_path / "copy").rglob("*") if path.is_file()] == ["rules.rego"]


def test_more_files_than_a_workspace_has_are_refused(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_copy, "MOST_FILES", 2)
    with pytest.raises(BaseUnreadable, match="more than 2 files"):
        copy_workspace(base, "w", tmp_path / "copy")
