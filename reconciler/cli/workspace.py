"""The file stages, joined: plan files to specs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.console import print_message, use_color
from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.loading.files import find_plan_files, load_file, load_text
from reconciler.model.problems import Problem, Severity
from reconciler.model.specs import TradeSpec, map_renames
from reconciler.settings import Settings, show_path
from reconciler.validation.schemas import validate_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The plan files of a workspace, read and checked.

    Attributes:
        specs: All trades of all files.
        problems: Warnings; with errors there is no workspace.
        files: How many files were read.
    """

    specs: tuple[TradeSpec, ...]
    problems: tuple[Problem, ...]
    files: int

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


def check_files(settings: Settings, drafts: Mapping[Path, str] | None = None) -> Workspace:
    """Read and check all plan files of the workspace.

    Args:
        settings: The workspace.
        drafts: Texts that count instead of what is in these files, or as further files.

    Returns:
        The workspace; where problems hold an error its specs are not complete.

    Raises:
        WorkspaceError: There is no plan file.
    """
    from reconciler.desired.specifying import specify

    drafts = drafts or {}
    paths = sorted({*find_plan_files(settings.root, settings.include), *drafts})
    if not paths:
        raise WorkspaceError(
            f"no plan file (*.yaml, *.yml) in {settings.root}. `reconciler init` writes a first one;"
            " to end trades give them `state: closed` instead of removing their files."
        )
    documents = []
    problems: tuple[Problem, ...] = ()
    for path in paths:
        draft = drafts.get(path)
        document, found = load_file(path, show_path(path)) if draft is None else load_text(draft, show_path(path))
        problems += found
        if document is not None:
            problems += validate_plan(document)
            documents.append(document)
    specs, found = specify(documents, settings.target.accounts, workspace=settings.workspace, known=problems)
    return Workspace(specs=specs, problems=tuple(sorted(problems + found)), files=len(paths))


def read_workspace(settings: Settings) -> Workspace:
    """The workspace, without errors.

    Raises:
        InvalidPlanFiles: There are errors; all of them are told.
        WorkspaceError: There is no plan file.
    """
    workspace = check_files(settings)
    if any(problem.severity is Severity.ERROR for problem in workspace.problems):
        raise InvalidPlanFiles(workspace.problems)
    return workspace


def select_trades(workspace: Workspace, settings: Settings, paths: Sequence[Path], names: Sequence[str]) -> Selection:
    """The trades to plan, narrowed by paths and names.

    Raises:
        UsageError: A path holds no trade of the workspace, or there is no trade of a name.
    """
    specs = workspace.specs
    if paths:
        places = {file: (Path.cwd() / file).resolve() for file in {spec.origin.file for spec in specs}}
        wanted: set[str] = set()
        for path in paths:
            inside = {file for file, place in places.items() if place.is_relative_to(path.resolve())}
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


def select_problems(workspace: Workspace, paths: Sequence[Path]) -> tuple[Problem, ...]:
    """The problems in some files or folders; all of them where none is named."""
    if not paths:
        return workspace.problems
    wanted = [path.resolve() for path in paths]
    return tuple(
        problem
        for problem in workspace.problems
        if any((Path.cwd() / problem.file).resolve().is_relative_to(path) for path in wanted)
    )


def report_warnings(workspace: Workspace) -> None:
    """Print the warnings, if there are any, but for those that are true only of a waiting entry: a plan knows which."""
    lasting = [problem for problem in workspace.problems if not problem.is_about_entry]
    if lasting:
        from reconciler.rendering.problems import render_problems_text

        print_message(render_problems_text(lasting, color=use_color(sys.stderr)))
