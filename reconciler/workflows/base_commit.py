"""The base of a review: the commit that a change starts from, named by the user or by a pull request."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import BaseUnreadable
from reconciler.git.base_variables import find_base_variable
from reconciler.git.objects import list_blobs, read_blob, read_blobs, resolve_commit, show_place
from reconciler.git.repository import Repository, find_repository, find_superproject, read_head

_SHOWN_DIGITS = 8
_REMEDY = (
    "fetch it, for example with `fetch-depth: 0` in actions/checkout, `GIT_DEPTH: 0` in GitLab, or `git fetch origin"
    " BRANCH`, then plan again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A commit that a review starts from.

    Attributes:
        repository: Where it is.
        name: What it is called.
        commit: Its id.
        folder: The workspace of now, from the top of the repository.
        is_named: Whether the user or a pull request names it; else it is the last commit.
    """

    repository: Repository
    name: str
    commit: str
    folder: str
    is_named: bool

    @property
    def label(self) -> str:
        """Name and beginning of the id."""
        return f"{self.name} ({self.commit[:_SHOWN_DIGITS]})"

    def list_files(self, folder: str = "") -> Mapping[str, str]:
        """List its files: path from the top of the repository to id of the content.

        Args:
            folder: List only files below this folder; empty for all.

        Raises:
            BaseUnreadable: A part of it is not in the clone.
        """
        files = list_blobs(self.repository, self.commit, folder)
        if files is None:
            raise BaseUnreadable(f"the base {self.label}: its list of files is not in this clone; {_REMEDY}")
        return files

    def read(self, path: str) -> bytes:
        """Read a file that is listed.

        Args:
            path: From the top of the repository.

        Raises:
            BaseUnreadable: It is not in the clone.
        """
        content = read_blob(self.repository, self.commit, path)
        if content is None:
            raise BaseUnreadable(f"the base {self.label}: its {path} is not in this clone; {_REMEDY}")
        return content

    def read_all(self, blobs: Mapping[str, str]) -> Mapping[str, bytes]:
        """Read many files that are listed: path from the top of the repository to content.

        Args:
            blobs: Path to id of the content, from `list_files`.

        Raises:
            BaseUnreadable: One is not in the clone, or they are too large.
        """
        contents = read_blobs(self.repository, blobs.values())
        if contents is None:
            raise BaseUnreadable(
                f"the base {self.label}: some of its files are not in this clone, or are too large; {_REMEDY}"
            )
        return {path: contents[blob] for path, blob in blobs.items()}


def find_base(root: Path, given: str | None, environment: Mapping[str, str]) -> Base | None:
    """Find the base of a review: the given one, else that of the pull request, else the last commit.

    Args:
        root: The folder of the workspace.
        given: From `--base`, or None.
        environment: Names the base in CI.

    Returns:
        The base, or None if none is named and there is no last commit.

    Raises:
        BaseUnreadable: One is named and its commit is not here.
    """
    variable, named = find_base_variable({} if given else environment)
    name = given or named
    place = Path(os.path.realpath(root))
    repository = find_repository(place)
    if repository is not None and name:
        # A change can turn a folder into a submodule, whose branches are of somebody else.
        repository = find_superproject(repository)
    folder = None if repository is None else show_place(repository, place)
    if repository is None or folder is None:
        commit = None
    elif name:
        commit = _find_commit(repository, name, is_remote=not given)
    else:
        commit = read_head(repository)
    if repository is not None and folder is not None and commit is not None:
        return Base(repository=repository, name=name or "HEAD", commit=commit, folder=folder, is_named=bool(name))
    if given:
        raise BaseUnreadable(f"--base {given}: found no such commit here; fetch it, or name another one")
    if not name:
        return None
    if repository is None:
        what = f"{root} is in no git repository; check the repository out, or unset {variable} if it is about another"
    else:
        what = f"found no such commit here; {_REMEDY}, or name another commit with --base"
    raise BaseUnreadable(f"{variable}={name} names the base of a pull request, and its limits cannot be read: {what}")


def _find_commit(repository: Repository, name: str, *, is_remote: bool) -> str | None:
    """Find a commit by its name; in a pipeline it is a branch of the remote, or an id."""
    names = [f"refs/remotes/origin/{name}", name]
    found = (resolve_commit(repository, each) for each in (names if is_remote else reversed(names)))
    return next((commit for commit in found if commit is not None), None)
