"""Paths given on the command line or in the environment."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    _ParamType = click.ParamType[Path]
else:
    # Before click 8.2 it takes no argument.
    _ParamType = click.ParamType

# Errors that say that nothing is there, which may be what is wanted.
_ABSENT = (errno.ENOENT, errno.ENOTDIR)


class PathType(_ParamType):
    """The type of a path that can be used; an empty or unreadable one is a usage error.

    Args:
        kind: `file` or `folder` if only that can be used; empty for both.
        exists: Whether it has to be there.
    """

    name = "path"

    def __init__(self, *, kind: str = "", exists: bool = False) -> None:
        self.kind = kind
        self.exists = exists

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check the path.

        Raises:
            click.BadParameter: It cannot be used; the message names it and says why.
        """
        text = os.fspath(value)
        reason = find_flaw(text) or self._find_misfit(text)
        if reason:
            self.fail(reason, param, ctx)
        return Path(text)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Let the shell complete files or folders."""
        return [CompletionItem(incomplete, type="dir" if self.kind == "folder" else "file")]

    def _find_misfit(self, text: str) -> str:
        try:
            mode = os.stat(text).st_mode  # noqa: PTH116 - pathlib hides some errors
        except OSError as error:
            if error.errno not in _ABSENT:
                return f"{text} cannot be read: {error.strerror}"
            return f"{text}: there is no such {self.kind or 'file or folder'}" if self.exists else ""
        if self.kind == "file" and stat.S_ISDIR(mode):
            return f"{text} is a folder, expected a file"
        if self.kind == "folder" and not stat.S_ISDIR(mode):
            return f"{text} is not a folder"
        return ""


def find_flaw(text: str) -> str:
    """Say why no file can have this path; empty if one can.

    Args:
        text: The path as it was given.
    """
    if not text:
        return "an empty path was given, expected a name; is a variable not set?"
    if "\0" in text:
        return f"found a path with a NUL character, {text!r:.60}, expected a name without one"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return f"found {text!r:.60}, which is not UTF-8; rename the file or folder"
    return ""


# The usual case: a file or a folder, there or not.
PATH = PathType()
