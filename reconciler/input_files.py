"""Files that a user names for reading: with a size limit, and without waiting for ever."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Callable
from pathlib import Path

# How long a pipe or terminal may be silent, in seconds. Usually another command of a script writes into the pipe.
SILENCE_S = 60.0
_CHUNK_BYTES = 1 << 16


def read_input(
    path: Path, limit: int, silence_s: float = SILENCE_S, is_wanted: Callable[[bytes], bool] | None = None
) -> bytes:
    """Read the content of a regular file or a pipe.

    Args:
        path: The file.
        limit: The largest number of bytes to read; the rest is not read.
        silence_s: How long a pipe may be silent, in seconds.
        is_wanted: Says by the first bytes whether the rest is read, too; None if it always is.

    Raises:
        OSError: It cannot be read, or the pipe is silent for too long.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        content = bytearray()
        while len(content) < limit:
            if not stat.S_ISREG(mode) and not select.select([handle], [], [], silence_s)[0]:
                raise TimeoutError(errno.ETIMEDOUT, f"nothing came within {silence_s:.0f} seconds")
            chunk = os.read(handle, min(_CHUNK_BYTES, limit - len(content)))
            if not chunk:
                break
            is_first = not content
            content += chunk
            if is_first and is_wanted is not None and not is_wanted(chunk):
                break
        return bytes(content)
    finally:
        os.close(handle)
