"""The file stages, joined: plan files to specs."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.console import print_message, use_color
from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.loading.file_kinds import find_real_path
from reconciler.loading.files import load_file, load_text
from reconciler.loading.secrets import hide_values
from reconciler.loading.walk import Walk, walk_workspace
from reconciler.model.documents import Document
from reconciler.model.problems import Doubt, Problem, Severity
from reconciler.model.specs import TradeSpec, map_renames
from reconciler.settings import Settings, find_passwords, find_secrets, show_path
from reconciler.validation.schemas import validate_plan

# How often files that change while they are read are read again.
_READINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFiles:
    """The plan files of a workspace, read and checked.

    Attributes:
        specs: All trades of all files.
        problems: Warnings; with errors there is no workspace.
        files: How many files were read.
        unread: Where files may be missing, so that no trade counts as removed; empty where all were read.
    """

    specs: tuple[TradeSpec, ...]
    problems: tuple[Problem, ...]
    files: int
    unread: tuple[Doubt, ...] = ()

    @property
    def renames(self) -> Mapping[str, str]:
        """Former to present name, for trades that were moved."""
        return map_renames(self.specs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The trades to plan.

    Attributes:
        specs: These.
        is_whole: Whether they are all of the workspace, so that a trade in no file counts as removed.
    """

    specs: tuple[TradeSpec, ...]
    is_whole: bool


def walk_files(settings: Settings, drafts: Collection[Path] = ()) -> Walk:
    """The plan files of the workspace, and what of it cannot be read.

    Args:
        settings: The workspace.
        drafts: Plan files that are about to be written.
    """
    return walk_workspace(
        settings.root,
        include=settings.include,
        nested=settings.nested,
        drafts=drafts,
        config=settings.document,
        show=show_path,
    )


def check_files(settings: Settings, drafts: Mapping[Path, str] | None = None) -> PlanFiles:
    """Read and check all plan files of the workspace.

    Args:
        settings: The workspace.
        drafts: Texts that count instead of what is in these files, or as further files.

    Returns:
        The workspace; where problems hold an error its specs are not complete.

    Raises:
        WorkspaceError: There is no plan file, or the files were changed while they were read.
    """
    from reconciler.desired.specify import specify

    walk, documents, problems = _read_unchanged(settings, drafts or {})
    if not walk.files and not drafts and not walk.problems:
        raise WorkspaceError(
            f"no plan file (*.yaml, *.yml) in {settings.root}. `reconciler init` writes a first one;"
            " to end trades give them `state: closed` instead of removing their files."
            + "".join(f"\n{doubt.file} {doubt.reason}; {doubt.remedy}" for doubt in walk.doubts)
        )
    specs, found = specify(documents, settings.target.accounts, workspace=settings.workspace, known=problems)
    secrets = (*find_secrets(os.environ), *find_passwords(os.environ))
    return PlanFiles(
        specs=specs,
        problems=tuple(sorted(hide_values((*problems, *found), secrets))),
        files=len({*walk.files, *(drafts or {})}),
        unread=walk.doubts,
    )


def _read_unchanged(settings: Settings, drafts: Mapping[Path, str]) -> tuple[Walk, list[Document], tuple[Problem, ...]]:
    """All files as they were at one moment: a trade that moves from one to another is never missed in both."""
    walk = walk_files(settings, drafts.keys())
    for _ in range(_READINGS):
        before = _stamp(walk.files)
        documents, problems = _load_all(settings, walk.files, drafts)
        again = walk_files(settings, drafts.keys())
        if again.files == walk.files and _stamp(again.files) == before:
            return walk, documents, (*walk.problems, *(doubt.problem for doubt in walk.doubts), *problems)
        walk = again
    raise WorkspaceError(
        f"the plan files in {settings.root} were changed while they were read; nothing was done: run the command again"
    )


def _load_all(
    settings: Settings, files: Sequence[Path], drafts: Mapping[Path, str]
) -> tuple[list[Document], tuple[Problem, ...]]:
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in sorted({*files, *drafts}):
        draft, name = drafts.get(path), show_path(path)
        document, found = load_file(path, name, settings.root) if draft is None else load_text(draft, name)
        problems += found
        if document is not None:
            problems += validate_plan(document)
            documents.append(document)
    return documents, tuple(problems)


def _stamp(files: Sequence[Path]) -> list[tuple[int, int, int] | None]:
    """What changes when a file does."""
    stamps: list[tuple[int, int, int] | None] = []
    for path in files:
        try:
            status = path.stat()
        except OSError:
            stamps.append(None)
        else:
            stamps.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return stamps


def read_plan_files(settings: Settings) -> PlanFiles:
    """The workspace, without errors.

    Raises:
        InvalidPlanFiles: There are errors; all of them are told.
        WorkspaceError: There is no plan file.
    """
    workspace = check_files(settings)
    if any(problem.severity is Severity.ERROR for problem in workspace.problems):
        raise InvalidPlanFiles(workspace.problems)
    return workspace


def select_trades(workspace: PlanFiles, settings: Settings, paths: Sequence[Path], names: Sequence[str]) -> Selection:
    """The trades to plan, narrowed by paths and names.

    Raises:
        UsageError: A path holds no trade of the workspace, or there is no trade of a name.
    """
    specs = workspace.specs
    if paths:
        places = {file: resolve(Path(file)) for file in {spec.origin.file for spec in specs}}
        wanted: set[str] = set()
        for path in paths:
            place = resolve(path)
            inside = {file for file, each in places.items() if each.is_relative_to(place)}
            if not inside:
                raise UsageError(f"{path}: no trade of workspace {settings.workspace} is in it")
            wanted |= inside
        specs = tuple(spec for spec in specs if spec.origin.file in wanted)
    if names:
        unknown = sorted(set(names) - {spec.name for spec in specs})
        if unknown:
            raise UsageError(f"no trade is named {', '.join(unknown)}")
        specs = tuple(spec for spec in specs if spec.name in names)
    return Selection(specs=specs, is_whole=not paths and not names)


def select_problems(workspace: PlanFiles, paths: Sequence[Path]) -> tuple[Problem, ...]:
    """The problems in some files or folders; all of them where none is named."""
    if not paths:
        return workspace.problems
    wanted = [resolve(path) for path in paths]
    files = {file: resolve(Path(file)) for file in {problem.file for problem in workspace.problems}}
    return tuple(problem for problem in workspace.problems if _is_below(files[problem.file], wanted))


def resolve(path: Path) -> Path:
    """Where a path really is, all links followed.

    Raises:
        UsageError: It cannot be read, for example because it is relative and the current folder is gone.
    """
    try:
        return find_real_path(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _is_below(place: Path, folders: Collection[Path]) -> bool:
    return any(place.is_relative_to(folder) for folder in folders)


def report_warnings(workspace: PlanFiles) -> None:
    """Print the warnings, if there are any, but for those that are true only of a waiting entry: a plan knows which."""
    lasting = [problem for problem in workspace.problems if not problem.is_about_entry]
    if lasting:
        from reconciler.rendering.problem_text import render_problems_text

        print_message(render_problems_text(lasting, color=use_color(sys.stderr)))
