"""The workspaces of the base whose rules count: of the folder, of the name, and of the accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import BaseUnreadable
from reconciler.settings import load_settings
from reconciler.workflows.base_commit import find_base
from reconciler.workflows.base_workspaces import find_workspaces, join
from tests.support.git_repositories import commit_all, make_repository


def config(name: str, account: int = 1, more: str = "") -> str:
    targets = f"targets: {{sandbox: {{kind: sandbox, accounts: {{main: {account}}}}}}}"
    return f"version: 1\nworkspace: {name}\n{targets}\n{more}"


def find(top: Path, base: dict[str, str], now: str, folder: str = "a") -> list[str]:
    """The folders that are found for a workspace of now."""
    make_repository(top)
    write(top, base)
    commit_all(top)
    write(top, {folder: now})
    settings = load_settings(top / folder, None, {})
    commit = find_base(top / folder, "HEAD", {})
    assert commit is not None
    return [each.folder for each in find_workspaces(commit, settings)]


def write(top: Path, texts: dict[str, str]) -> None:
    for folder, text in texts.items():
        (top / folder).mkdir(parents=True, exist_ok=True)
        (top / folder / "reconciler.yaml").write_text(text)


def test_that_of_the_folder_if_it_has_all_names_and_accounts(tmp_path: Path) -> None:
    base = {"a": config("one"), "b": config("one"), "": config("top")}
    assert find(tmp_path, base, config("one", more="guardrails: {closes: 9}\n")) == ["a"]


def test_that_of_the_same_name_in_another_folder(tmp_path: Path) -> None:
    assert find(tmp_path, {"b": config("one"), "c": config("other", 9)}, config("one")) == ["b"]


def test_both_if_the_folder_was_that_of_another_workspace(tmp_path: Path) -> None:
    assert find(tmp_path, {"a": config("lax"), "b": config("one")}, config("one")) == ["a", "b"]


def test_those_of_former_names_too(tmp_path: Path) -> None:
    base = {"a": config("one"), "b": config("two", 9)}
    assert find(tmp_path, base, config("one", more="workspace_was: [two]\n")) == ["a", "b"]


def test_that_of_the_nearest_folder_above(tmp_path: Path) -> None:
    base = {"": config("top"), "a": config("one"), "c": config("far", 9)}
    assert find(tmp_path, base, config("new"), "a/b") == ["a"]


def test_those_that_have_the_accounts_which_are_new_here(tmp_path: Path) -> None:
    base = {"a": config("one", 1), "b": config("two", 2), "c": config("three", 3)}
    assert find(tmp_path, base, config("one", 2)) == ["a", "b"]


def test_none_for_a_workspace_that_is_new_in_every_way(tmp_path: Path) -> None:
    assert find(tmp_path, {"b": config("two", 2)}, config("one", 1)) == []


def test_what_is_damaged_elsewhere_does_not_matter(tmp_path: Path) -> None:
    assert find(tmp_path, {"b": "a: [1\n", "c": config("one")}, config("one")) == ["c"]


@pytest.mark.parametrize(("text", "fault"), [("a: [1\n", "damaged"), ("version: 1\ncolour: red\n", "invalid")])
def test_what_is_damaged_in_the_folder_is_an_error(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(BaseUnreadable, match=f"its a/reconciler.yaml is {fault}; name another commit with --base"):
        find(tmp_path, {"a": text}, config("one"))


def test_paths_are_joined_from_the_top() -> None:
    assert join("", "x.yaml") == "x.yaml"
    assert join("a/b", "x.yaml") == "a/b/x.yaml"
