"""Plan files and reconciler.yaml in the canonical layout. Nothing is sent, and no file needs to be valid."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import UsageError, WorkspaceError
from reconciler.formatting.files import read_text, replace_text
from reconciler.formatting.layout import CannotFormatError, format_text
from reconciler.loading.file_kinds import CONFIG_FILE, is_plan_name
from reconciler.loading.files import load_file
from reconciler.loading.secrets import hide_values
from reconciler.loading.walk import Walk, walk_workspace
from reconciler.model.problems import Problem
from reconciler.settings import Settings, find_passwords, find_secrets, show_path
from reconciler.workflows.plan_files import walk_files


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedFile:
    """A file as it is, and in the canonical layout.

    Attributes:
        path: The file.
        name: Its path as the user would type it.
        before: Its text.
        after: Its text in the canonical layout.
    """

    path: Path
    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Return whether the canonical layout is another one."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedFiles:
    """Files in the canonical layout.

    Attributes:
        files: All that could be read.
        problems: Why others could not, with file, line and column.
    """

    files: tuple[FormattedFile, ...]
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> tuple[FormattedFile, ...]:
        """The files whose layout is another one."""
        return tuple(each for each in self.files if each.is_changed)


def format_workspace(settings: Settings) -> FormattedFiles:
    """Format the plan files of a workspace and its reconciler.yaml; nothing is written yet.

    Raises:
        WorkspaceError: It has none of them.
    """
    walk = walk_files(settings)
    files = _list_files(settings.root, walk)
    if not files and not walk.problems:
        raise WorkspaceError(f"no plan file (*.yaml, *.yml) in {settings.root}")
    return _format_all(((path, settings.root) for path in files), walk.problems)


def format_paths(paths: Sequence[Path]) -> FormattedFiles:
    """Format files, and those in folders; nothing is written yet. No workspace needs to be there.

    Raises:
        UsageError: A file is neither a plan file nor a reconciler.yaml, or a folder has none.
    """
    found: dict[Path, Path] = {}
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            walk = walk_workspace(path, show=show_path)
            files = _list_files(path, walk)
            if not files and not walk.problems:
                raise UsageError(f"{path}: no plan file (*.yaml, *.yml) is in it")
            problems += walk.problems
            found |= dict.fromkeys(files, path)
        elif is_plan_name(path.name) or path.name == CONFIG_FILE:
            found[path] = path.parent
        else:
            raise UsageError(f"{path} is not a plan file, which ends in .yaml or .yml")
    return _format_all(found.items(), problems)


def write_files(files: Iterable[FormattedFile]) -> None:
    """Write the canonical layout into files.

    Raises:
        WorkspaceError: One cannot be written, or another program has changed it; those before it are written.
    """
    for each in files:
        replace_text(each.path, each.after, expected=each.before)


def _list_files(root: Path, walk: Walk) -> tuple[Path, ...]:
    config = root / CONFIG_FILE
    return (*((config,) if os.path.lexists(config) else ()), *walk.files)


def _format_all(files: Iterable[tuple[Path, Path]], problems: Sequence[Problem]) -> FormattedFiles:
    done = list(_format_each(files))
    found = (*problems, *(each for each in done if isinstance(each, Problem)))
    secrets = (*find_secrets(os.environ), *find_passwords(os.environ))
    return FormattedFiles(
        files=tuple(each for each in done if isinstance(each, FormattedFile)),
        problems=tuple(sorted(hide_values(found, secrets))),
    )


def _format_each(files: Iterable[tuple[Path, Path]]) -> Iterator[FormattedFile | Problem]:
    for path, root in files:
        name = show_path(path)
        problems = load_file(path, name, root)[1]
        if problems:
            yield from problems
            continue
        before = read_text(path) or ""
        try:
            yield FormattedFile(path=path, name=name, before=before, after=format_text(before))
        except CannotFormatError as error:
            message = f"cannot be formatted: {error}; it is unchanged"
            yield Problem(file=name, line=1, column=1, path="", message=message)
