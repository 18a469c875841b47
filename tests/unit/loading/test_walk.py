"""Which files of a workspace are its plan files; what cannot be read is a problem, never fewer files."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.errors import WorkspaceError
from reconciler.loading.files import load_text
from reconciler.loading.walk import Walk, walk_workspace
from tests.support.git_repositories import commit_all, make_repository, run_git


def make_files(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version: 1\n")


def show(root: Path, walk: Walk) -> list[str]:
    return [path.relative_to(root).as_posix() for path in walk.files]


def found_in(root: Path, *include: str) -> list[str]:
    walk = walk_workspace(root, include=include)
    assert walk.problems == ()
    return show(root, walk)


def problems_in(root: Path, *include: str) -> list[str]:
    walk = walk_workspace(root, include=include, show=lambda path: path.relative_to(root).as_posix())
    return [f"{problem.file}: {problem.message}" for problem in walk.problems]


def doubts_in(root: Path, *include: str, nested: tuple[str, ...] = ()) -> list[str]:
    walk = walk_workspace(root, include=include, nested=nested, show=lambda path: path.relative_to(root).as_posix())
    assert walk.problems == ()
    return [f"{doubt.file} {doubt.reason}" for doubt in walk.doubts]


def test_plan_files_are_all_yaml_files_of_the_workspace(tmp_path: Path) -> None:
    make_files(tmp_path, "reconciler.yaml", "b.yml", "a.yaml", "spot/c.yaml", "notes.txt", "reconciler/d.yaml")
    assert found_in(tmp_path) == ["a.yaml", "b.yml", "reconciler/d.yaml", "spot/c.yaml"]


def test_hidden_files_and_folders_are_no_plan_files(tmp_path: Path) -> None:
    make_files(tmp_path, ".a.yaml", ".reconciler/b.yaml", "c.yaml", "d/.e/f.yaml")
    assert found_in(tmp_path) == ["c.yaml"]


# Globs


def test_include_narrows_the_files(tmp_path: Path) -> None:
    make_files(tmp_path, "a.yaml", "spot/b.yaml", "spot/deep/c.yaml", "spot/.d.yaml", "spot/e.txt", "spot/deep/d/e.yml")
    assert found_in(tmp_path, "spot/*.yaml") == ["spot/b.yaml"]
    assert found_in(tmp_path, "spot/**/*.yaml", "./a.yaml") == ["a.yaml", "spot/b.yaml", "spot/deep/c.yaml"]
    assert found_in(tmp_path, "spot/**") == ["spot/b.yaml", "spot/deep/c.yaml", "spot/deep/d/e.yml"]
    assert found_in(tmp_path, "**/[cd]*.yaml") == ["spot/deep/c.yaml"]
    assert found_in(tmp_path, "**/deep/**/e.yml") == ["spot/deep/d/e.yml"]


@pytest.mark.parametrize(
    ("glob", "said"),
    [
        ("future/*.yaml", "matches no plan file"),
        ("spot/*.yml", "matches no plan file"),
        ("spot/*.txt", "matches no plan file"),
        (".hidden/*.yaml", "matches no plan file"),
        ("spot", "it is a folder, write spot/*.yaml"),
        ("spot/", "it is a folder, write spot/*.yaml"),
        ("../other/*.yaml", "leads out of the workspace"),
        ("spot/../../other/*.yaml", "leads out of the workspace"),
        ("/etc/*.yaml", "absolute path"),
        ("", "expected a glob"),
        (".", "expected a glob"),
        ("a**/b.yaml", "expected ** as a part of its own"),
    ],
)
def test_a_glob_that_means_no_plan_file_is_a_problem(tmp_path: Path, glob: str, said: str) -> None:
    make_files(tmp_path, "spot/a.yaml", "spot/e.txt", ".hidden/b.yaml")
    (problem,) = problems_in(tmp_path, "spot/*.yaml", glob)
    assert problem.startswith("reconciler.yaml: ")
    assert said in problem


def test_a_problem_with_a_glob_has_its_line_and_column(tmp_path: Path) -> None:
    make_files(tmp_path, "spot/a.yaml")
    config, _ = load_text("version: 1\ninclude:\n  - spot/*.yaml\n  - gone/*.yaml\n", "reconciler.yaml")
    walk = walk_workspace(tmp_path, include=["spot/*.yaml", "gone/*.yaml"], config=config)
    (problem,) = walk.problems
    assert (problem.line, problem.column, problem.path) == (4, 5, "include[1]")
    assert problem.source_line == "  - gone/*.yaml"


def test_a_glob_with_many_stars_takes_no_time(tmp_path: Path) -> None:
    make_files(tmp_path, "a/" * 40 + "b.yaml")
    assert problems_in(tmp_path, "/".join(["**", "*"] * 20) + "/x.yaml")


def test_what_globs_do_not_mean_is_of_no_concern(tmp_path: Path) -> None:
    make_files(tmp_path, "spot/a.yaml", "docs/reconciler.yaml")
    (tmp_path / "docs.yaml").symlink_to("/proc/self/environ")
    (tmp_path / "elsewhere").symlink_to("/")
    (tmp_path / "x.YAML").touch()
    walk = walk_workspace(tmp_path, include=["spot/*.yaml"])
    assert (show(tmp_path, walk), walk.problems, walk.doubts) == (["spot/a.yaml"], (), ())


def test_a_file_that_is_about_to_be_written_is_meant_by_a_glob(tmp_path: Path) -> None:
    walk = walk_workspace(tmp_path, include=["spot/*.yaml"], drafts=[tmp_path / "spot" / "new.yaml"])
    assert walk.problems == ()


# What cannot be read


@pytest.mark.parametrize("name", ["a.YAML", "a.Yml", "a.yaml ", "a.yaml.", "deep/a.YML", "RECONCILER.YAML"])
def test_another_spelling_of_the_suffix_is_a_problem(tmp_path: Path, name: str) -> None:
    make_files(tmp_path, name)
    (problem,) = problems_in(tmp_path)
    assert problem == f"{name}: has the suffix of a plan file in another spelling; rename it to end in .yaml or .yml"


def test_another_spelling_is_one_in_a_glob_too(tmp_path: Path) -> None:
    make_files(tmp_path, "spot/a.yaml", "spot/b.YAML")
    (problem,) = problems_in(tmp_path, "spot/*.yaml")
    assert problem.startswith("spot/b.YAML: ")


@pytest.mark.parametrize("name", [b"caf\xe9.yaml", b"caf\xe9"])
def test_a_name_that_is_not_text_is_a_problem(tmp_path: Path, name: bytes) -> None:
    place = os.fsencode(tmp_path) + b"/" + name
    if name.endswith(b"yaml"):
        os.close(os.open(place, os.O_CREAT))
    else:
        Path(os.fsdecode(place)).mkdir()
    (problem,) = problems_in(tmp_path)
    assert "\\udce9" in problem
    assert problem.endswith("has a name that is not UTF-8 here; rename it, or use a UTF-8 locale")


def test_a_name_that_is_not_text_is_none_beside_the_plan_files(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9.txt", os.O_CREAT))
    make_files(tmp_path, "a.yaml")
    assert found_in(tmp_path) == ["a.yaml"]


@pytest.fixture
def odd_files(tmp_path: Path) -> Iterator[Path]:
    """A pipe, a socket and devices with names of plan files."""
    os.mkfifo(tmp_path / "pipe.yaml")
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(os.path.relpath(tmp_path / "socket.yaml"))
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    yield tmp_path
    bound.close()


def test_what_is_no_regular_file_is_a_problem(odd_files: Path) -> None:
    assert problems_in(odd_files) == [
        "device.yaml: is a device, expected a regular file",
        "pipe.yaml: is a pipe, expected a regular file",
        "socket.yaml: is a socket, expected a regular file",
    ]


@pytest.mark.parametrize("include", [(), ("*.yaml",)])
def test_a_folder_in_the_place_of_a_plan_file_is_a_problem(tmp_path: Path, include: tuple[str, ...]) -> None:
    """Containers get one where the file to mount is missing."""
    make_files(tmp_path, "b.yaml")
    (tmp_path / "a.yaml").mkdir()
    assert problems_in(tmp_path, *include) == ["a.yaml: is a folder, expected a regular file"]


def test_a_folder_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    assert problems_in(tmp_path / "gone") == [".: cannot be read: No such file or directory"]


# Links


def test_a_link_to_a_plan_file_that_is_read_anyway_is_skipped(tmp_path: Path) -> None:
    make_files(tmp_path, "real/a.yaml")
    (tmp_path / "link.yaml").symlink_to("real/a.yaml")
    (tmp_path / "other.yaml").symlink_to(tmp_path / "link.yaml")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "circle").symlink_to(".")
    assert found_in(tmp_path) == ["real/a.yaml"]


def test_files_that_are_mounted_as_links_are_read_once(tmp_path: Path) -> None:
    make_files(tmp_path, "..2026/a.yaml")
    (tmp_path / "..data").symlink_to("..2026")
    (tmp_path / "a.yaml").symlink_to("..data/a.yaml")
    (tmp_path / "b.yaml").symlink_to("..data/a.yaml")
    assert found_in(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("../secret.yaml", "a file outside the workspace; it was not read"),
        ("/proc/self/environ", "a file outside the workspace; it was not read"),
        ("/proc/self/root/etc/passwd", "a file outside the workspace; it was not read"),
        (".git/config", "a file that is not a plan file; it was not read"),
        (".env.yaml", "a file that is not a plan file; it was not read"),
        ("credentials.json", "a file that is not a plan file; it was not read"),
        ("../gone.yaml", "a file that does not exist"),
        ("a.yaml", "too many levels of symbolic links"),
        ("../outside", "a folder that is not read otherwise"),
        (".git", "a folder that is not read otherwise"),
        ("/dev/null", "is a device"),
    ],
)
def test_a_link_that_leads_to_anything_else_is_a_problem(tmp_path: Path, target: str, said: str) -> None:
    root = tmp_path / "root"
    make_files(tmp_path, "secret.yaml", "outside/b.yaml", "root/.git/config", "root/.env.yaml", "root/credentials.json")
    (root / "a.yaml").symlink_to(target)
    (problem,) = problems_in(root)
    assert problem.startswith("a.yaml: is a ")
    assert said in problem


@pytest.mark.parametrize("target", ["..", "/", "../outside", ".hidden", "nested/deep"])
def test_a_folder_that_is_a_link_is_never_skipped_in_silence(tmp_path: Path, target: str) -> None:
    root = tmp_path / "root"
    make_files(
        tmp_path, "outside/b.yaml", "root/.hidden/c.yaml", "root/nested/reconciler.yaml", "root/nested/deep/d.yaml"
    )
    (root / "team").symlink_to(target)
    (problem,) = problems_in(root)
    assert problem == "team: is a symbolic link to a folder that is not read otherwise; put the folder itself here"


def test_a_link_that_leads_nowhere_and_has_no_name_of_a_plan_file_is_none(tmp_path: Path) -> None:
    make_files(tmp_path, "a.yaml")
    (tmp_path / "latest").symlink_to("gone")
    (tmp_path / "d").symlink_to("d")
    assert found_in(tmp_path) == ["a.yaml"]


# Doubts


def test_a_nested_workspace_is_left_out_and_a_doubt_until_it_is_listed(tmp_path: Path) -> None:
    make_files(tmp_path, "a.yaml", "other/reconciler.yaml", "other/b.yaml", "other/deep/c.yaml", "x/y/reconciler.yaml")
    assert found_in(tmp_path) == ["a.yaml"]
    assert found_in(tmp_path / "other") == ["b.yaml", "deep/c.yaml"]
    assert doubts_in(tmp_path) == [
        "other has a reconciler.yaml of its own, so its files are not read",
        "x/y has a reconciler.yaml of its own, so its files are not read",
    ]
    assert doubts_in(tmp_path, nested=("other/", "./x/y")) == []
    (tmp_path / "other" / "reconciler.yaml").unlink()
    (tmp_path / "other" / "reconciler.yaml").symlink_to("gone")
    assert found_in(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize("folder", ["gone", "spot", "../other"])
def test_what_is_listed_as_a_workspace_has_to_be_one(tmp_path: Path, folder: str) -> None:
    make_files(tmp_path, "root/spot/a.yaml", "other/reconciler.yaml")
    walk = walk_workspace(tmp_path / "root", nested=[folder])
    (problem,) = walk.problems
    assert "expected a folder below this one with a reconciler.yaml of its own" in problem.message


def clone(top: Path, into: Path) -> Path:
    run_git(top.parent, "clone", "-q", str(top), str(into))
    return into


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A repository with a plan file and a submodule with another one, which has a submodule itself."""
    for name in ("inner", "team", "parent"):
        make_repository(tmp_path / name)
        (tmp_path / name / "a.yaml").write_text("version: 1\n")
    commit_all(tmp_path / "inner")
    run_git(tmp_path / "team", "submodule", "--quiet", "add", str(tmp_path / "inner"), "inner")
    commit_all(tmp_path / "team")
    run_git(tmp_path / "parent", "submodule", "--quiet", "add", str(tmp_path / "team"), "plans/team")
    commit_all(tmp_path / "parent")
    return tmp_path / "parent"


def test_a_submodule_that_is_not_checked_out_is_a_doubt(parent: Path, tmp_path: Path) -> None:
    job = clone(parent, tmp_path / "job")
    assert doubts_in(job) == ["plans/team is a submodule that is not checked out"]
    assert doubts_in(job / "plans") == ["team is a submodule that is not checked out"]
    assert doubts_in(job, "*.yaml") == []
    (job / "plans" / "team").rmdir()
    assert doubts_in(job) == ["plans/team is a submodule that is not checked out"]
    run_git(job, "submodule", "--quiet", "update", "--init")
    assert doubts_in(job) == ["plans/team/inner is a submodule that is not checked out"]
    run_git(job, "submodule", "--quiet", "update", "--init", "--recursive")
    assert doubts_in(job) == []
    assert found_in(job) == ["a.yaml", "plans/team/a.yaml", "plans/team/inner/a.yaml"]


def test_a_submodule_is_known_by_the_index_alone_and_by_the_list_alone(parent: Path, tmp_path: Path) -> None:
    job = clone(parent, tmp_path / "job")
    (job / ".gitmodules").unlink()
    assert doubts_in(job) == ["plans/team is a submodule that is not checked out"]
    exported = tmp_path / "exported"
    make_files(exported, "a.yaml")
    (exported / ".gitmodules").write_text('[submodule "x"]\n\tpath = plans/team\n\turl = ../team\n')
    assert doubts_in(exported) == ["plans/team is a submodule that is not checked out"]


@pytest.mark.parametrize("options", [["--cone", "spot"], ["--cone", "--sparse-index", "spot"], ["--no-cone", "spot/"]])
def test_what_a_sparse_checkout_leaves_out_is_a_doubt(tmp_path: Path, options: list[str]) -> None:
    top = make_repository(tmp_path / "top")
    make_files(top, "plans/spot/a.yaml", "plans/futures/b.yaml", "plans/futures/c.yaml", "docs/x.txt", "spot/z.yaml")
    commit_all(top)
    run_git(top, "sparse-checkout", "set", *options)
    (doubt,) = doubts_in(top)
    assert doubt.startswith(("plans", "docs"))
    assert "is not checked out (sparse checkout)" in doubt
    assert doubts_in(top, "spot/*.yaml") == []
    run_git(top, "sparse-checkout", "set", "--no-cone", "plans/", "spot/")
    assert doubts_in(top) == []
    assert len(found_in(top)) == 4


def test_a_sparse_checkout_with_an_index_that_cannot_be_read_is_a_doubt(tmp_path: Path) -> None:
    top = make_repository(tmp_path)
    make_files(top, "spot/a.yaml", "futures/b.yaml")
    commit_all(top)
    (top / ".git" / "index").write_bytes(b"damaged")
    assert doubts_in(top) == []
    run_git(top, "config", "core.sparseCheckout", "true")
    assert doubts_in(top) == [". is not checked out (sparse checkout)"]


def test_a_file_that_was_hidden_from_git_by_hand_is_a_doubt_only_while_it_is_gone(tmp_path: Path) -> None:
    top = make_repository(tmp_path)
    make_files(top, "a.yaml", "b.yaml")
    commit_all(top)
    run_git(top, "update-index", "--skip-worktree", "b.yaml")
    assert doubts_in(top) == []
    (top / "b.yaml").unlink()
    assert doubts_in(top) == ["b.yaml is not checked out (sparse checkout)"]


def test_a_worktree_has_its_own_index(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "top")
    make_files(top, "a.yaml", "futures/b.yaml")
    commit_all(top)
    run_git(top, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    run_git(tmp_path / "tree", "sparse-checkout", "set", "spot")
    assert doubts_in(tmp_path / "tree") == ["futures/b.yaml is not checked out (sparse checkout)"]
    assert doubts_in(top) == []


def test_a_folder_with_very_many_folders_below_is_not_a_workspace(tmp_path: Path) -> None:
    for number in range(101):
        folder = tmp_path / str(number)
        folder.mkdir()
        for inner in range(99):
            (folder / str(inner)).mkdir()
    with pytest.raises(WorkspaceError, match="more than 10000 folders"):
        walk_workspace(tmp_path)
