"""Globs of plan files, from `include` of reconciler.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

ANY_FOLDERS = "**"
_MAGIC = "*?["


@dataclass(frozen=True, slots=True, kw_only=True)
class Glob:
    """A glob, relative to the folder of the workspace.

    Attributes:
        text: As it was written.
        parts: Its parts between slashes.
    """

    text: str
    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Glob:
        """Parse a glob.

        Raises:
            ValueError: It leads out of the workspace or is not a glob; the text says why.
        """
        if text.startswith("/"):
            raise ValueError(f"found the absolute path {text!r}, expected a glob relative to this file")
        parts = tuple(part for part in text.split("/") if part not in ("", "."))
        if ".." in parts:
            raise ValueError(f"found {text!r}, which leads out of the workspace; expected a glob below this folder")
        if not parts:
            raise ValueError(f"found {text!r}, expected a glob such as 'spot/*.yaml'")
        if any(ANY_FOLDERS in part and part != ANY_FOLDERS for part in parts):
            raise ValueError(f"found {text!r}, expected ** as a part of its own, for example 'spot/**/*.yaml'")
        return cls(text=text, parts=parts)

    @property
    def is_plain(self) -> bool:
        """Return whether it has no wildcard, so that it matches one path only."""
        return not any(character in self.text for character in _MAGIC)

    def matches(self, path: Sequence[str]) -> bool:
        """Return whether it matches a file. The case of the suffix does not matter.

        Args:
            path: The parts of the path below the workspace.
        """
        *folders, name = path
        stem, dot, suffix = name.rpartition(".")
        names = {name, f"{stem}{dot}{suffix.strip().lower()}"}
        return any(len(self.parts) in self._follow([*folders, each]) for each in names)

    def may_match_below(self, path: Sequence[str]) -> bool:
        """Return whether it may match a file below a folder.

        Args:
            path: The parts of the path of the folder below the workspace.
        """
        return any(state < len(self.parts) for state in self._follow(path))

    def _follow(self, path: Sequence[str]) -> frozenset[int]:
        """Count the parts of the glob that a path may have used. All ways are followed at once, so no glob is slow."""
        states = frozenset(self._pass_folders(0))
        for name in path:
            states = frozenset(self._step(states, name))
        return states

    def _step(self, states: frozenset[int], name: str) -> Iterator[int]:
        for state in states:
            if state < len(self.parts) and self.parts[state] == ANY_FOLDERS:
                yield from self._pass_folders(state)
            elif state < len(self.parts) and fnmatchcase(name, self.parts[state]):
                yield from self._pass_folders(state + 1)

    def _pass_folders(self, state: int) -> Iterator[int]:
        yield state
        while state < len(self.parts) and self.parts[state] == ANY_FOLDERS:
            state += 1
            yield state
