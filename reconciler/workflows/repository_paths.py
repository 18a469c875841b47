"""Paths as a service that hosts a repository shows them: from its top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.git.objects import show_place
from reconciler.git.repository import find_repository, find_superproject
from reconciler.model.problems import Problem


def show_from_top(problems: Sequence[Problem], root: Path) -> tuple[Problem, ...]:
    """Return problems with the paths of their files from the top of the repository; unchanged outside git.

    Args:
        problems: With paths from the current folder, or absolute ones.
        root: The folder of the workspace.
    """
    repository = find_repository(root)
    if repository is None:
        return tuple(problems)
    outer = find_superproject(repository)
    places = {file: show_place(outer, Path(file)) for file in {problem.file for problem in problems}}
    return tuple(replace(problem, file=places[problem.file] or problem.file) for problem in problems)
