"""Files that commands write: only new files and files of the same kind are written, completely or not at all.

A device or a pipe, such as `/dev/null`, is written to and never replaced. A link stays a link.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import UsageError, WorkspaceError
from reconciler.loading.file_kinds import CONFIG_FILE, SUFFIXES, describe_kind, find_real_path, is_misspelt
from reconciler.loading.workspace_folder import OWN_FOLDER_NAME

STANDARD_OUTPUT = "-"
# Readable and writable for the user alone.
PRIVATE_MODE = 0o600
# How much of a file is read to find its kind.
_HEAD_BYTES = 64 * 1024
_DESCRIPTORS = Path("/proc")
# How long to wait for a reader of a pipe, and how often to try, in seconds.
READER_WAIT_S = 10.0
_PIPE_TRY_S = 0.05
# How many links may lead to each other in a row. Source: Linux, path_resolution(7).
_MAX_LINKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """A file that will be written.

    Attributes:
        path: As the user gave it.
        place: Its path without links.
        is_stream: Whether it is a device, a pipe, or an open file of this process, which must not be replaced.
    """

    path: Path
    place: Path
    is_stream: bool

    def write(self, text: str) -> None:
        """Write the file, readable for the user only.

        Args:
            text: The whole new content.

        Raises:
            WorkspaceError: It cannot be written; the old content is unchanged.
        """
        try:
            if self.is_stream:
                _write_stream(self.path, text)
            else:
                _replace(self.place, text)
        except OSError as error:
            raise WorkspaceError(f"{self.path} cannot be written: {error.strerror or error}") from error


def is_standard_output(path: Path) -> bool:
    """Return whether a path refers to the standard output of this process.

    Args:
        path: As the user gave it.
    """
    return str(path) in (STANDARD_OUTPUT, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def find_output(path: Path, root: Path, *, kind: str, is_own_kind: Callable[[str], bool]) -> OutputFile:
    """Check that a file may be written. Nothing is written yet.

    Args:
        path: As the user gave it, but not the standard output.
        root: The folder of the workspace.
        kind: The kind of the file, for example `saved plan`.
        is_own_kind: Returns whether a text is the beginning of a file of this kind.

    Raises:
        UsageError: Another kind of file is there, or the name is reserved for other files of the workspace.
        WorkspaceError: It cannot be read.
    """
    try:
        place = _follow_links(path)
        if place is None:
            return OutputFile(path=path, place=path, is_stream=True)
        return _judge(path, place, find_real_path(root), kind, is_own_kind)
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be written: {error.strerror or error}") from error


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet. Links are not followed.

    Args:
        path: The file.
        text: Its content.

    Raises:
        OSError: It cannot be written, or the name is already used.
    """
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _follow_links(path: Path) -> Path | None:
    """Follow the links of a path; None if it is an open file of a process, which must not be replaced."""
    place = path.absolute()
    for _ in range(_MAX_LINKS):
        if find_real_path(place.parent).is_relative_to(_DESCRIPTORS):
            return None
        if not place.is_symlink():
            break
        place = place.parent / place.readlink()
    return find_real_path(place)


def _judge(path: Path, place: Path, root: Path, kind: str, is_own_kind: Callable[[str], bool]) -> OutputFile:
    try:
        status = place.stat()
    except FileNotFoundError:
        _refuse_name(path, place, root, kind)
        return OutputFile(path=path, place=place, is_stream=False)
    mode = status.st_mode
    if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode):
        return OutputFile(path=path, place=place, is_stream=True)
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is {describe_kind(mode)}, expected a file for the {kind}; nothing was written")
    with place.open("rb") as file:
        head = file.read(_HEAD_BYTES).decode("utf-8", errors="replace")
    if head and not is_own_kind(head):
        found = _describe(place, root, head)
        raise UsageError(f"{path} is {found}, expected a new name or a {kind}; nothing was written")
    _refuse_name(path, place, root, kind)
    return OutputFile(path=path, place=place, is_stream=False)


def _refuse_name(path: Path, place: Path, root: Path, kind: str) -> None:
    """Refuse the name of a plan file: a file of another kind with that name would break every later command."""
    if place.is_relative_to(root / OWN_FOLDER_NAME) and ".sqlite" in place.name:
        raise UsageError(f"{path} has the name of a file of reconciler itself, expected another; nothing was written")
    has_suffix = place.name.endswith(SUFFIXES) or is_misspelt(place.name)
    if place.name == CONFIG_FILE or (has_suffix and place.is_relative_to(root)):
        raise UsageError(
            f"{path} has the name of a plan file, expected another suffix for a {kind}, such as .json; nothing was"
            " written"
        )


def _describe(place: Path, root: Path, head: str) -> str:
    if place.name == CONFIG_FILE:
        return f"the {CONFIG_FILE} of a workspace"
    if place.is_relative_to(root / OWN_FOLDER_NAME):
        what = "the journal" if place.name.startswith("journal") else "a file"
        return f"{what} of reconciler itself"
    if place.name.endswith(SUFFIXES) and "trades" in head:
        return "a plan file"
    return "a file of another kind"


def _write_stream(path: Path, text: str) -> None:
    handle = _open_stream(path)
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - a handle
        file.write(text)


def _open_stream(path: Path) -> int:
    """Open a device or pipe for writing. Opening a pipe without a reader must not wait for ever."""
    options = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    ends_at = time.monotonic() + READER_WAIT_S
    while True:
        try:
            handle = os.open(path, options)
        except OSError as error:
            if error.errno != errno.ENXIO or not stat.S_ISFIFO(path.stat().st_mode):
                raise
            if time.monotonic() > ends_at:
                raise TimeoutError(errno.ETIMEDOUT, f"no program reads it, after {READER_WAIT_S:g} s") from error
            time.sleep(_PIPE_TRY_S)
        else:
            os.set_blocking(handle, True)
            return handle


def _replace(place: Path, text: str) -> None:
    if os.path.lexists(place) and not stat.S_ISREG(place.lstat().st_mode):
        raise FileExistsError(errno.EEXIST, "another file has replaced it meanwhile")
    handle, name = tempfile.mkstemp(prefix=".reconciler-", suffix=".part", dir=place.parent)
    draft = Path(name)
    try:
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - a handle
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(PRIVATE_MODE)
        draft.replace(place)
        sync_folder(place.parent)
    finally:
        with suppress(OSError):
            draft.unlink()


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to disk, if the system supports it.

    Args:
        folder: The folder.
    """
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
