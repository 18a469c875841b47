"""The kind of a file or folder of a workspace, found before its content is read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

CONFIG_FILE = "reconciler.yaml"
SUFFIXES = (".yaml", ".yml")
# The fault of a file that does not exist.
NOT_THERE = "found no file here"
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def is_plan_name(name: str) -> bool:
    """Return whether a file of this name is a plan file."""
    return name.endswith(SUFFIXES) and not name.startswith(".") and name != CONFIG_FILE


def is_misspelt(name: str) -> bool:
    """Return whether a name ends in a misspelt suffix of a plan file, such as `.YAML`."""
    return not name.endswith(SUFFIXES) and name.rstrip(" .").lower().endswith(SUFFIXES)


def describe_kind(mode: int) -> str:
    """Describe the kind of a file; empty for a regular file.

    Args:
        mode: File type and permissions, from `stat`.
    """
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "" if stat.S_ISREG(mode) else "a special file")


def find_real_path(path: Path) -> Path:
    """Resolve all links of a path, as far as possible if a link is broken or leads to itself.

    Raises:
        OSError: The path is relative and the current folder was removed, or a part of the path cannot be read.
    """
    return Path(os.path.realpath(path))


def find_fault(path: Path, root: Path) -> str:
    """Find why a file of the workspace must not be read; empty if it may be. Its content is not read.

    Args:
        path: A plan file or reconciler.yaml.
        root: The folder of the workspace.
    """
    try:
        mode = path.stat().st_mode
        place, workspace = find_real_path(path), find_real_path(root)
    except OSError as error:
        return _explain(path, error)
    kind = describe_kind(mode)
    if kind:
        return f"is {kind}, expected a regular file"
    if not place.is_relative_to(workspace):
        return "is a symbolic link to a file outside the workspace; it was not read. Put the file itself here"
    inside = place.relative_to(workspace).parts
    if path.is_symlink() and (any(map(_is_hidden, inside)) or not place.name.endswith(SUFFIXES)):
        return "is a symbolic link to a file that is not a plan file; it was not read. Put the file itself here"
    return ""


def read_bounded(path: Path, limit: int) -> bytes:
    """Read the first bytes of a regular file. Never waits if a pipe or device has replaced the file meanwhile.

    Args:
        path: The file.
        limit: The largest number of bytes to read.

    Raises:
        OSError: It cannot be read, or is no longer a regular file.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no longer a regular file")
        return file.read(limit)


def _is_hidden(part: str) -> bool:
    # Kubernetes mounts files as links into folders whose names begin with two dots.
    return part.startswith(".") and not part.startswith("..")


def _explain(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "is a symbolic link that leads to itself: too many levels of symbolic links"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        is_link = os.path.lexists(path)
        return "is a symbolic link to a file that does not exist" if is_link else NOT_THERE
    return f"cannot be read: {error.strerror or error}"
