"""Files that commands write: what is written over, what is written into, and what is refused."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reconciler.errors import UsageError, WorkspaceError
from reconciler.output_files import OutputFile, find_output, is_standard_output, write_new

OURS = "ours: 1\n"


def find(path: Path, root: Path) -> OutputFile:
    return find_output(path, root, kind="saved plan", is_own_kind=lambda text: text.startswith("ours"))


@pytest.mark.parametrize("before", [None, "", OURS + "x" * 100_000])
def test_a_new_file_and_one_of_the_same_kind_are_written(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "plan.json"
    if before is not None:
        path.write_text(before)
    find(path, tmp_path).write(OURS)
    assert path.read_text() == OURS
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("btc.yaml", "trades: {}\n", "is a plan file"),
        ("reconciler.yaml", "version: 1\n", "the reconciler.yaml of a workspace"),
        ("reconciler.yaml", "", "has the name of a plan file"),
        ("empty.yml", "", "has the name of a plan file"),
        (".reconciler/journal.sqlite", "SQLite format 3\0", "the journal of reconciler itself"),
        (".reconciler/journal.sqlite", "", "has the name of a file of reconciler itself"),
        (".reconciler/.gitignore", "*\n", "a file of reconciler itself"),
        ("notes.txt", "dear diary", "a file of another kind"),
        (".git/config", "[core]\n", "a file of another kind"),
    ],
)
@pytest.mark.parametrize("is_linked", [False, True])
def test_anything_else_is_refused_and_stays(
    tmp_path: Path, name: str, content: str, said: str, is_linked: bool
) -> None:
    path = tmp_path / "root" / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    given = path
    if is_linked:
        given = tmp_path / "link.json"
        given.symlink_to(path)
    with pytest.raises(UsageError, match="nothing was written") as caught:
        find(given, tmp_path / "root")
    assert said in caught.value.message
    assert path.read_text() == content


@pytest.mark.parametrize("name", ["new.yaml", "new.yml", "new.YAML", "deep/new.yaml", "reconciler.yaml"])
def test_a_new_file_with_the_name_of_a_plan_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "deep").mkdir()
    with pytest.raises(UsageError, match="has the name of a plan file"):
        find(tmp_path / name, tmp_path)
    find(tmp_path / "deep" / ".." / "new.json", tmp_path)


def test_a_link_is_written_through_and_stays(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "link.json").symlink_to("deep/plan.json")
    (tmp_path / "other.json").symlink_to("link.json")
    find(tmp_path / "other.json", tmp_path).write(OURS)
    assert (tmp_path / "other.json").is_symlink()
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "deep" / "plan.json").read_text() == OURS


def test_a_device_is_written_to_and_stays_one() -> None:
    before = Path("/dev/null").stat()
    find(Path("/dev/null"), Path("/tmp")).write(OURS)
    after = Path("/dev/null").stat()
    assert (before.st_ino, before.st_mode, before.st_rdev) == (after.st_ino, after.st_mode, after.st_rdev)


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(path.read_text()))
    reader.start()
    find(path, tmp_path).write(OURS)
    reader.join()
    assert read == [OURS]
    assert path.is_fifo()


@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_an_open_file_is_written_to_and_not_replaced(tmp_path: Path, path: str) -> None:
    code = (
        "from pathlib import Path; from reconciler.output_files import find_output;"
        f"find_output(Path({path!r}), Path('/'), kind='x', is_own_kind=lambda text: False).write('ours')"
    )
    out = tmp_path / "out.txt"
    with out.open("wb") as file:
        inode = out.stat().st_ino
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True)
    assert (out.read_text(), out.stat().st_ino) == ("ours", inode)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"ours"
    assert is_standard_output(Path(path))


def test_a_folder_and_a_socket_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        find(tmp_path, tmp_path)


@pytest.mark.parametrize("where", ["missing/plan.json", "file/plan.json"])
def test_what_cannot_be_written_is_said_and_leaves_nothing_behind(where: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        find(tmp_path / where, tmp_path).write(OURS)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(OURS)
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from pathlib import Path; from reconciler.output_files import find_output; from reconciler.errors import *\n"
        f"output = find_output(Path({str(path)!r}), Path('/'), kind='x', is_own_kind=lambda text: True)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n    output.write('ours' * 1000)\nexcept WorkspaceError as error:\n    print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == f"{path} cannot be written: {os.strerror(errno.EFBIG)}\n"
    assert path.read_text() == OURS
    assert list(tmp_path.iterdir()) == [path]


def test_what_has_become_a_pipe_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    output = find(tmp_path / "x", tmp_path)
    os.mkfifo(tmp_path / "x")
    with pytest.raises(WorkspaceError, match="another file has replaced it"):
        output.write(OURS)
    assert (tmp_path / "x").is_fifo()


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("gone"), lambda path: path.touch(), os.mkfifo])
def test_what_has_to_be_new_is(tmp_path: Path, make: object) -> None:
    make(tmp_path / "x")  # type: ignore[operator]  # one of the above
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "x", OURS)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    write_new(tmp_path / "y", OURS)
    assert (tmp_path / "y").read_text() == OURS
