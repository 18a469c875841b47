"""The walk through a workspace that finds its plan files. Every entry of every folder is accounted for.

A trade that is in no file counts as removed. So an entry that cannot be read is a problem; it is never skipped. If plan
files may be missing and nothing proves it, that is a doubt: then no trade counts as removed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.errors import WorkspaceError
from reconciler.loading.checkout import MODULES_FILE, find_missing
from reconciler.loading.file_kinds import (
    CONFIG_FILE,
    describe_kind,
    find_fault,
    find_real_path,
    is_misspelt,
    is_plan_name,
)
from reconciler.loading.globs import Glob
from reconciler.model.documents import Document
from reconciler.model.problems import Doubt, Problem

_DOT_GIT = ".git"
# Assumed: nobody has so many folders of plan files. A whole disk has more.
MOST_FOLDERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The result of a walk through a workspace.

    Attributes:
        files: The plan files, sorted.
        problems: Entries that cannot be read, as errors.
        doubts: Places where plan files may be missing, so that no trade counts as removed.
    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[Doubt, ...]


def walk_workspace(
    root: Path,
    *,
    include: Sequence[str] = (),
    nested: Sequence[str] = (),
    drafts: Collection[Path] = (),
    config: Document | None = None,
    show: Callable[[Path], str] = str,
) -> Walk:
    """Find the plan files of a workspace: all `*.yaml` and `*.yml` below its folder.

    Its reconciler.yaml, names that begin with a dot, and folders with a reconciler.yaml of their own do not count. A
    link to a plan file that is found anyway is skipped. A link to anything else is a problem.

    Args:
        root: Folder of the workspace.
        include: Globs relative to `root`. Without globs, every plan file counts.
        nested: Folders that are known to be workspaces of their own, relative to `root`.
        drafts: Plan files that will be written later; globs may match them.
        config: The reconciler.yaml, to report the position of a wrong glob.
        show: Returns a path as the user would type it.

    Raises:
        WorkspaceError: There are too many folders.
    """
    walker = _Walker(
        root=root,
        config=config,
        show=show,
        nested=frozenset(map(_normalize, nested)),
        is_narrowed=bool(include),
    )
    walker.parse_globs(include)
    walker.walk()
    walker.add_links()
    for path in drafts:
        walker.use(path.relative_to(root).parts)
    walker.check_globs(include)
    walker.check_nested(nested)
    walker.check_checkout()
    return Walk(
        files=tuple(sorted(walker.files)),
        problems=tuple(sorted(walker.problems)),
        doubts=tuple(sorted(walker.doubts)),
    )


def _normalize(folder: str) -> str:
    return "/".join(part for part in folder.split("/") if part not in ("", "."))


@dataclass(slots=True, kw_only=True)
class _Walker:
    root: Path
    config: Document | None
    show: Callable[[Path], str]
    nested: frozenset[str]
    is_narrowed: bool
    globs: list[Glob] = field(default_factory=list)
    # Globs that match a plan file, or an entry that is already a problem.
    used: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    links: list[tuple[Path, Path]] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)
    # Folders below the workspace that are the top of a repository or have a `.gitmodules`.
    tops: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def parse_globs(self, include: Sequence[str]) -> None:
        for number, text in enumerate(include):
            try:
                self.globs.append(Glob.parse(text))
            except ValueError as error:
                self.note_config(("include", number), str(error))

    def walk(self) -> None:
        waiting: list[tuple[str, ...]] = [()]
        walked = 0
        while waiting:
            walked += 1
            if walked > MOST_FOLDERS:
                raise WorkspaceError(
                    f"{self.show(self.root)} has more than {MOST_FOLDERS} folders below it, so it is not a workspace;"
                    " name the folder of the plan files with --workspace"
                )
            waiting += self.walk_folder(waiting.pop())

    def walk_folder(self, parts: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Account for the entries of a folder; return the folders in it that must be walked."""
        folder = self.root.joinpath(*parts)
        try:
            with os.scandir(folder) as entries:
                modes = {entry.name: _find_mode(entry) for entry in entries}
            self.folders.add(find_real_path(folder))
        except OSError as error:
            self.note(parts, f"cannot be read: {error.strerror or error}")
            return []
        if parts and CONFIG_FILE in modes:
            self.note_nested(parts)
            return []
        if parts and not modes.keys().isdisjoint((_DOT_GIT, MODULES_FILE)):
            self.tops.append(folder)
        visible = sorted(name for name in modes if not name.startswith("."))
        return [(*parts, name) for name in visible if self.account_for((*parts, name), modes[name])]

    def account_for(self, parts: tuple[str, ...], mode: int) -> bool:
        """Record an entry; return whether it is a folder that must be walked."""
        is_folder, is_link = stat.S_ISDIR(mode), stat.S_ISLNK(mode)
        if is_link and self.is_wanted(parts, is_folder=True) and self.add_folder_link(parts):
            return False
        is_file = is_plan_name(parts[-1]) or is_misspelt(parts[-1])
        if is_folder and is_file and self.is_wanted(parts, is_folder=False):
            # Container runtimes make a folder if the file to mount is missing.
            self.note(parts, f"is {describe_kind(mode)}, expected a regular file")
            return False
        if not self.is_wanted(parts, is_folder=is_folder) or not (is_folder or is_file):
            return False
        if not _is_text(parts[-1]):
            self.note(parts, "has a name that is not UTF-8 here; rename it, or use a UTF-8 locale")
            return False
        if is_folder:
            return True
        self.add_file(parts, mode)
        return False

    def add_file(self, parts: tuple[str, ...], mode: int) -> None:
        path = self.root.joinpath(*parts)
        if is_misspelt(parts[-1]):
            self.note(parts, "has the suffix of a plan file in another spelling; rename it to end in .yaml or .yml")
        elif stat.S_ISLNK(mode):
            fault = find_fault(path, self.root)
            if fault:
                self.note(parts, fault)
            else:
                self.links.append((path, find_real_path(path)))
                self.use(parts)
        elif describe_kind(mode):
            self.note(parts, f"is {describe_kind(mode)}, expected a regular file")
        else:
            self.files.append(path)
            self.use(parts)

    def add_folder_link(self, parts: tuple[str, ...]) -> bool:
        """Remember a link to a folder; return whether it is one. A broken link never had plan files below it."""
        path = self.root.joinpath(*parts)
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError:
            return False
        if is_folder:
            self.links.append((path, find_real_path(path)))
        return is_folder

    def add_links(self) -> None:
        """Decide about the links, after all other entries are known."""
        known = {find_real_path(path.parent) / path.name for path in self.files} | self.folders
        for path, place in sorted(self.links):
            if place in known:
                continue
            if place.is_dir():
                message = "is a symbolic link to a folder that is not read otherwise; put the folder itself here"
                self.note(path.relative_to(self.root).parts, message)
            else:
                self.files.append(path)
            known.add(place)

    def is_wanted(self, parts: tuple[str, ...], is_folder: bool) -> bool:  # noqa: FBT001 - also used as a callback
        if not self.is_narrowed:
            return True
        return any(glob.may_match_below(parts) if is_folder else glob.matches(parts) for glob in self.globs)

    def use(self, parts: tuple[str, ...]) -> None:
        self.used |= {glob.text for glob in self.globs if parts and glob.matches(parts)}

    def use_below(self, parts: tuple[str, ...]) -> None:
        self.used |= {glob.text for glob in self.globs if glob.may_match_below(parts)}

    def check_globs(self, include: Sequence[str]) -> None:
        unused = {glob.text: glob for glob in self.globs if glob.text not in self.used}
        for number, text in enumerate(include):
            if text in unused:
                is_folder = unused[text].is_plain and (self.root / text).is_dir()
                hint = f"it is a folder, write {text.rstrip('/')}/*.yaml" if is_folder else "correct or remove it"
                self.note_config(("include", number), f"found {text!r}, which matches no plan file; {hint}")

    def check_nested(self, nested: Sequence[str]) -> None:
        for number, text in enumerate(nested):
            path = self.root / text / CONFIG_FILE
            if ".." in text.split("/") or not os.path.lexists(path):
                message = f"found {text!r}, expected a folder below this one with a {CONFIG_FILE} of its own"
                self.note_config(("nested", number), message)

    def check_checkout(self) -> None:
        try:
            missing = find_missing(self.root, self.tops, self.is_wanted)
        except OSError as error:
            missing = {}
            self.note((), f"git's files about it cannot be read: {error.strerror or error}")
        place = find_real_path(self.root)
        by_reason: dict[str, list[Path]] = {}
        for path, reason in sorted(missing.items()):
            inside = path.relative_to(place) if path.is_relative_to(place) else Path()
            if not self.is_in_nested(inside.as_posix()):
                by_reason.setdefault(reason, []).append(inside)
        for reason, places in by_reason.items():
            more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
            remedy = f"check it out, or list the plan files under `include` in {CONFIG_FILE}"
            self.doubt(self.root / places[0], f"{reason}{more}", remedy)

    def is_in_nested(self, path: str) -> bool:
        return any(path == folder or path.startswith(f"{folder}/") for folder in self.nested)

    def note_nested(self, parts: tuple[str, ...]) -> None:
        folder = "/".join(parts)
        if folder not in self.nested:
            self.doubt(
                self.root.joinpath(*parts),
                f"has a {CONFIG_FILE} of its own, so its files are not read",
                f"if it is another workspace, write `nested: [{folder}]` into {CONFIG_FILE} of this one",
            )

    def note(self, parts: tuple[str, ...], message: str) -> None:
        self.use(parts)
        self.use_below(parts)
        self.problems.append(_make_problem(self.show(self.root.joinpath(*parts)), message))

    def note_config(self, path: tuple[str | int, ...], message: str) -> None:
        if self.config is not None:
            self.problems.append(self.config.problem(path, message))
        else:
            shown = self.show(self.root / CONFIG_FILE)
            self.problems.append(_make_problem(shown, message, path=f"{path[0]}[{path[1]}]"))

    def doubt(self, path: Path, reason: str, remedy: str) -> None:
        self.doubts.append(Doubt(file=_escape(self.show(path)), reason=reason, remedy=remedy))


def _find_mode(entry: os.DirEntry[str]) -> int:
    """Read the kind of an entry; 0 for one that does not count, since it may have been removed already."""
    if entry.name.startswith("."):
        return 0
    try:
        return entry.stat(follow_symlinks=False).st_mode
    except FileNotFoundError:
        if is_plan_name(entry.name) or entry.is_dir(follow_symlinks=False):
            raise
        return 0


def _make_problem(file: str, message: str, *, path: str = "") -> Problem:
    return Problem(file=_escape(file), line=1, column=1, path=path, message=message)


def _escape(file: str) -> str:
    return file.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
