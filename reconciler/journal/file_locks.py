"""Locks of the operating system on empty files that all users of a machine share; they end with their process."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

# Folders in which every user may make files and nobody may remove those of others. No variable of the environment
# counts: another user may have another value of it.
SHARED_FOLDERS = (Path("/run/lock"), Path("/var/lock"), Path("/tmp"))  # noqa: S108 - sticky, and opened with care
_STICKY_FOR_ALL = stat.S_ISVTX | stat.S_IWOTH
_READABLE = 0o644
_LOCKS = Path("/proc/locks")


class FileLocks:
    """Locks on files, one for each key.

    Args:
        keys: What is locked.
        folders: Where the files may be; the first that all users share is taken.
    """

    def __init__(self, keys: Sequence[str], folders: Sequence[Path] = SHARED_FOLDERS) -> None:
        self._keys = sorted(keys)
        self._folder = next((folder for folder in folders if _is_shared(folder)), None)
        self._held: dict[str, int] = {}

    @property
    def is_held(self) -> bool:
        """Return whether all of them are held."""
        return len(self._held) == len(self._keys)

    def take(self, tolerated: Collection[int] = ()) -> str:
        """Take all of them, or none.

        Args:
            tolerated: Processes whose lock has expired: their file locks do not count.

        Returns:
            Holder of the other lock; empty if they were taken, or files cannot be locked here.
        """
        for key in self._keys:
            holder = self._take_one(key)
            if holder is not None and holder not in tolerated:
                self.drop()
                return f"process {holder or 'unknown'} of this machine"
        return ""

    def drop(self) -> None:
        """Give them back."""
        while self._held:
            _, handle = self._held.popitem()
            os.close(handle)

    def _take_one(self, key: str) -> int | None:
        """Find the process that holds the lock, 0 if it is not known; None if nobody holds it."""
        if key in self._held or self._folder is None:
            return None
        handle = _open(self._folder / f"reconciler-{hashlib.sha256(key.encode()).hexdigest()[:32]}.lock")
        if handle is None:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _find_holder(handle)
            os.close(handle)
            return holder
        self._held[key] = handle
        return None


def _is_shared(folder: Path) -> bool:
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return stat.S_ISDIR(mode) and mode & _STICKY_FOR_ALL == _STICKY_FOR_ALL


def _open(path: Path) -> int | None:
    """Open the file, or make it; None if it cannot be used or is not a regular file."""
    # To lock it, it need not be writable; in a shared folder Linux refuses to open a file of another user with O_CREAT.
    careful = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with suppress(FileExistsError, PermissionError):
        handle = os.open(path, careful | os.O_CREAT | os.O_EXCL, _READABLE)
        os.fchmod(handle, _READABLE)
        return handle
    try:
        handle = os.open(path, careful)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    return None


def _find_holder(handle: int) -> int:
    """Find the process that holds a lock on a file, or 0 if it is not known.

    Source: proc(5), /proc/locks: number, kind, mode, access, process, device and inode.
    """
    inode = os.fstat(handle).st_ino
    try:
        lines = _LOCKS.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    for line in lines:
        words = line.split()
        if len(words) > 5 and words[1] == "FLOCK" and words[5].endswith(f":{inode}") and words[4].isdigit():
            return int(words[4])
    return 0
