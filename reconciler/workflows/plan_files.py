"""From the plan files of a workspace to the trades that they describe."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.loading.file_kinds import find_real_path, is_plan_name
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
        specs: All trades of all files; incomplete if `problems` has an error.
        problems: Errors and warnings of all files.
        count: How many files were read.
        places: The real paths of the files that were read.
        unread: Where files may be missing, so that no trade counts as removed; empty if all were read.
    """

    specs: tuple[TradeSpec, ...]
    problems: tuple[Problem, ...] = ()
    count: int = 0
    places: frozenset[Path] = frozenset()
    unread: tuple[Doubt, ...] = ()

    @property
    def renames(self) -> Mapping[str, str]:
        """Former to present name, for trades that were moved."""
        return map_renames(self.specs)

    @property
    def names(self) -> frozenset[str]:
        """The names of all trades."""
        return frozenset(spec.name for spec in self.specs)

    @property
    def lasting_problems(self) -> tuple[Problem, ...]:
        """The problems that are true of every trade; others are true only before its entry, and a plan knows which."""
        return tuple(problem for problem in self.problems if not (problem.is_about_entry or problem.is_about_create))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The trades of a workspace that a run is about.

    Attributes:
        files: All plan files.
        specs: The selected trades.
        is_whole: Whether they are all of the workspace, so that a trade in no file counts as removed.
    """

    files: PlanFiles
    specs: tuple[TradeSpec, ...]
    is_whole: bool

    @property
    def names(self) -> frozenset[str]:
        """The names of the selected trades."""
        return frozenset(spec.name for spec in self.specs)


def select_all(files: PlanFiles) -> Selection:
    """Select every trade of a workspace."""
    return Selection(files=files, specs=files.specs, is_whole=True)


def walk_files(settings: Settings, drafts: Collection[Path] = ()) -> Walk:
    """Find the plan files of the workspace, and what cannot be read.

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
        The plan files; if a problem is an error, their specs are not complete.

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
    read = {*walk.files, *(drafts or {})}
    return PlanFiles(
        specs=specs,
        problems=tuple(sorted(hide_values((*problems, *found), secrets))),
        count=len(read),
        places=frozenset(map(resolve, read)),
        unread=walk.doubts,
    )


def _read_unchanged(settings: Settings, drafts: Mapping[Path, str]) -> tuple[Walk, list[Document], tuple[Problem, ...]]:
    """Read all files as they were at one moment, so that a trade that moves from one to another is in one of them."""
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
    """Return identity, size and time of files: one of them changes if a file does."""
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
    """Read and check all plan files, and refuse those with errors.

    Raises:
        InvalidPlanFiles: There are errors; it has all of them.
        WorkspaceError: There is no plan file.
    """
    files = check_files(settings)
    refuse_errors(files.problems)
    return files


def read_selection(settings: Settings, paths: Sequence[Path] = (), names: Collection[str] = ()) -> Selection:
    """Read and check all plan files, and select trades.

    Args:
        settings: The workspace.
        paths: Files or folders that have the trades; all without any.
        names: Names of the trades; all without any.

    Raises:
        InvalidPlanFiles: There are errors; it has all of them.
        WorkspaceError: There is no plan file.
        UsageError: A path does not exist or holds no trade of the workspace, or no trade has one of the names.
    """
    return select_trades(read_plan_files(settings), settings, paths, names)


def refuse_errors(problems: Sequence[Problem]) -> None:
    """Refuse problems of which one is an error.

    Raises:
        InvalidPlanFiles: There are errors; it has all problems.
    """
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise InvalidPlanFiles(problems)


def select_trades(files: PlanFiles, settings: Settings, paths: Sequence[Path], names: Collection[str]) -> Selection:
    """Select trades by paths and names; all of them without any.

    Raises:
        UsageError: A path does not exist or holds no trade of the workspace, or no trade has one of the names.
    """
    specs = files.specs
    if paths:
        wanted = _find_files(files, settings, paths)
        specs = tuple(spec for spec in specs if spec.origin.file in wanted)
    if names:
        unknown = sorted(set(names) - {spec.name for spec in specs})
        if unknown:
            raise UsageError(f"no trade is named {', '.join(unknown)}")
        specs = tuple(spec for spec in specs if spec.name in names)
    return Selection(files=files, specs=specs, is_whole=not paths and not names)


def _find_files(files: PlanFiles, settings: Settings, paths: Sequence[Path]) -> set[str]:
    """Find the plan files at or below some paths.

    Raises:
        UsageError: A path does not exist, or no plan file with a trade is there.
    """
    places = {file: resolve(Path(file)) for file in {spec.origin.file for spec in files.specs}}
    wanted: set[str] = set()
    for path in paths:
        place = resolve(path)
        inside = {file for file, each in places.items() if each.is_relative_to(place)}
        if not inside:
            raise UsageError(_describe_empty_path(path, place, settings))
        wanted |= inside
    return wanted


def _describe_empty_path(path: Path, place: Path, settings: Settings) -> str:
    """Say why no trade of the workspace is at a path."""
    if not os.path.lexists(place):
        return f"{path}: no such file or folder"
    if not place.is_relative_to(resolve(settings.root)):
        return f"{path}: it is outside {settings.root}, the folder of workspace {settings.workspace}"
    return f"{path}: no trade of workspace {settings.workspace} is in it"


def select_problems(files: PlanFiles, paths: Sequence[Path]) -> tuple[Problem, ...]:
    """Select the problems in some files or folders, and in folders above them; all problems without any path.

    Raises:
        UsageError: A path does not exist, or is a plan file that is not one of the workspace, so nothing checked it.
    """
    if not paths:
        return files.problems
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file or folder")
    wanted = [resolve(path) for path in paths]
    places = {file: resolve(Path(file)) for file in {problem.file for problem in files.problems}}
    found = {file for file, place in places.items() if _is_below(place, wanted) or _holds(place, wanted)}
    for path, place in zip(paths, wanted, strict=True):
        is_known = place in files.places or any(_is_below(place, [places[file]]) for file in found)
        if not is_known and is_plan_name(place.name) and place.is_file():
            raise UsageError(f"{path}: it is not a plan file of this workspace, so it was not checked")
    return tuple(problem for problem in files.problems if problem.file in found)


def count_selected(files: PlanFiles, paths: Sequence[Path]) -> tuple[int, int]:
    """Count the files and the trades in some files or folders; all of them without any. A file without trades counts.

    Args:
        files: The plan files of the workspace.
        paths: Files or folders that exist.
    """
    if not paths:
        return files.count, len(files.specs)
    wanted = [resolve(path) for path in paths]
    places = {spec.origin.file: resolve(Path(spec.origin.file)) for spec in files.specs}
    trades = sum(_is_below(places[spec.origin.file], wanted) for spec in files.specs)
    named = sum(path.is_file() and is_plan_name(path.name) for path in wanted)
    return max(named, sum(_is_below(place, wanted) for place in places.values())), trades


def resolve(path: Path) -> Path:
    """Return the real path, with all links followed.

    Raises:
        UsageError: It cannot be read, for example because it is relative and the current folder is gone.
    """
    try:
        return find_real_path(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _holds(place: Path, wanted: Collection[Path]) -> bool:
    """Return whether something is in a folder: if that cannot be read, neither can what is in it."""
    return any(each.is_relative_to(place) for each in wanted)


def _is_below(place: Path, folders: Collection[Path]) -> bool:
    return any(place.is_relative_to(folder) for folder in folders)
