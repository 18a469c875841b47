"""Plan files on disk, replaced completely or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from reconciler.errors import WorkspaceError


def read_text(path: Path) -> str | None:
    """Read the text of a file without changing its line ends; None if there is no such file.

    Raises:
        WorkspaceError: It cannot be read, or is not UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"{path} is not UTF-8 text") from error
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}") from error


def replace_text(path: Path, text: str, *, expected: str | None) -> None:
    """Replace the text of a file at once. The new text is on disk before the old one is removed.

    A symbolic link is kept and its target replaced. Permissions are kept. Missing folders are made.

    Args:
        path: The file.
        text: Its new text.
        expected: The text that it should have now; None if there should be no such file.

    Raises:
        WorkspaceError: It cannot be written, or another program has changed it. The file is unchanged.
    """
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be written: {error.strerror}") from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(_find_permissions(target))
        if read_text(target) != expected:
            raise WorkspaceError(f"{path} was changed meanwhile, so it was not written: run the command again")
        draft.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _find_permissions(target: Path) -> int:
    """Read the permissions of the file, or those that a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    # Not every system supports this. The file itself is synced already.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
