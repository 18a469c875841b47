"""The problems that loading and validation have found, so that nothing that follows from them is reported again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model.documents import FieldPath, write_path
from reconciler.model.problems import Problem, Severity
from reconciler.validation.explain import is_slip
from reconciler.validation.word_hints import find_meaning, name_group


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProblems:
    """The known problems of one file.

    Attributes:
        of_file: Problems outside the trades.
        of_trades: Problems by name of the trade. If dots in names make a path ambiguous, all possible trades have it.
    """

    of_file: Sequence[Problem]
    of_trades: Mapping[str, Sequence[Problem]]

    @classmethod
    def from_problems(cls, problems: Sequence[Problem], names: Collection[str]) -> KnownProblems:
        """Sort the problems of a file by trade.

        Args:
            problems: All known problems of the file.
            names: The names of its trades.
        """
        of_trades: dict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            for name in _find_names(problem.path):
                if name in names:
                    of_trades[name].append(problem)
        of_file = [problem for problem in problems if not problem.path.startswith("trades.")]
        return cls(of_file=of_file, of_trades=dict(of_trades))

    def has_file_error(self) -> bool:
        """Return whether something outside the trades is wrong, so that no trade of the file can be trusted."""
        return any(problem.severity is Severity.ERROR for problem in self.of_file)

    def has_error(self, name: str) -> bool:
        """Return whether a trade has an error of its own."""
        return any(problem.severity is Severity.ERROR for problem in self.of_trades.get(name, ()))

    def has_problem_at(self, path: FieldPath) -> bool:
        """Return whether a field is known to be wrong."""
        shown = write_path(path)
        problems = self.of_trades.get(str(path[1]), ()) if len(path) > 1 else self.of_file
        return any(problem.path == shown for problem in problems)

    def explains(self, path: FieldPath, *, is_written: bool) -> bool:
        """Return whether a finding follows from a known problem.

        Args:
            path: A field of a trade as shown to the user, from the root of the file.
            is_written: Whether the field is in the file. If not, it may be there under a misspelt key.
        """
        shown = write_path(path[2:])
        for known in self._below(path[:2]):
            if _is_at_or_below(shown, known) or (
                not is_written and (_is_misspelt(shown, known) or _is_meant(shown, known))
            ):
                return True
        return False

    def _below(self, trade: FieldPath) -> Iterator[str]:
        """List the paths of known problems below a trade; those in the defaults as if they were in the trade."""
        for problem in self.of_trades.get(str(trade[1]), ()):
            yield _remove_base(problem.path, write_path(trade))
        for problem in self.of_file:
            if problem.path.startswith("defaults"):
                yield _remove_base(problem.path, "defaults")


def _find_names(path: str) -> Iterator[str]:
    """List all names that the trade of a problem with this path may have."""
    if path.startswith("trades."):
        rest = path.removeprefix("trades.")
        yield from (rest[:index] for index, character in enumerate(rest) if character in ".[")
        yield rest


def _remove_base(path: str, base: str) -> str:
    return path[len(base) :].lstrip(".")


def _is_at_or_below(path: str, ancestor: str) -> bool:
    return not ancestor or path == ancestor or path.startswith((f"{ancestor}.", f"{ancestor}["))


def _is_meant(missing: str, other: str) -> bool:
    """Return whether a word of traders stands for a missing field, for a part of it or for its group."""
    group, _, word = other.rpartition(".")
    parts = tuple(int(part) if part.isdigit() else part for part in re.split(r"[.\[\]]+", group) if part)
    meaning = find_meaning(name_group(parts), word)
    if meaning is None:
        return False
    meant = ".".join([*([group] if group else []), *map(str, meaning)])
    return _is_at_or_below(missing, meant) or _is_at_or_below(meant, missing)


def _is_misspelt(missing: str, other: str) -> bool:
    """Return whether a key next to a missing one may be a misspelling of it."""
    group, _, key = missing.rpartition(".")
    is_beside = not group or other.startswith(f"{group}.")
    # A key without its colon holds the value, too, which may have a dot.
    other_key = other[len(group) :].lstrip(".")
    is_joined = re.match(rf"-?{re.escape(key)}\s*[:=\s]", other_key) is not None
    return is_beside and (is_joined or is_slip(other_key, key))
