"""Tests of reconciler/workflows/format_files.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import UsageError, WorkspaceError
from reconciler.settings import load_settings
from reconciler.workflows.format_files import format_paths, format_workspace, write_files


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_workspace_is_formatted_with_its_reconciler_yaml(tmp_path: Path) -> None:
    write(tmp_path, "reconciler.yaml", "version:  1\nworkspace: a\n")
    write(tmp_path, "b/c.yaml", "version:   1\n")
    found = format_workspace(load_settings(tmp_path, None, {}, is_live=False))
    assert [each.path.name for each in found.changed] == ["reconciler.yaml", "c.yaml"]
    write_files(found.changed)
    assert (tmp_path / "b" / "c.yaml").read_text() == "version: 1\n"
    assert not format_workspace(load_settings(tmp_path, None, {}, is_live=False)).changed


def test_a_file_of_a_folder_that_cannot_be_read_is_a_problem_and_the_others_are_formatted(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "a: [\n")
    write(tmp_path, "b.yaml", "a:  1\n")
    found = format_paths([tmp_path])
    assert [each.path.name for each in found.changed] == ["b.yaml"]
    assert [(Path(each.file).name, each.line) for each in found.problems] == [("a.yaml", 2)]


@pytest.mark.parametrize("text", ["\ufeffa:  1\n", "a:\u00a01\n", "a:  1\ra: 2\n", "a: 1\na: 2\n", "a: !x 1\n"])
def test_what_validate_cannot_read_is_a_problem_with_its_place_and_stays_unchanged(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "a.yaml", text)
    found = format_paths([path])
    assert not found.files
    assert found.problems[0].line >= 1
    assert path.read_bytes() == text.encode()


def test_a_key_that_looks_like_a_secret_is_refused_and_never_shown(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "api_secret:  0123456789abcdef0123456789abcdef\n")
    found = format_paths([path])
    assert found.problems
    assert "0123456789abcdef" not in str(found.problems)


def test_a_file_that_was_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "a:  1\n")
    found = format_paths([path])
    path.write_text("a:  2\n")
    with pytest.raises(WorkspaceError, match="changed meanwhile"):
        write_files(found.changed)
    assert path.read_text() == "a:  2\n"


def test_a_file_of_another_kind_and_a_folder_without_plan_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a plan file"):
        format_paths([write(tmp_path, "plan.json", "{}")])
    with pytest.raises(UsageError, match="no plan file"):
        format_paths([tmp_path])
