"""What loading and validation found already, so that SPECIFY repeats neither it nor what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model.documents import FieldPath, write_path
from reconciler.model.problems import Problem, Severity
from reconciler.validation.explain import is_slip


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProblems:
    """The known problems of one file.

    Attributes:
        of_file: Those beside the trades.
        of_trades: Those of each trade by name. Where dots in names make a path ambiguous, all that it may mean have it.
    """

    of_file: Sequence[Problem]
    of_trades: Mapping[str, Sequence[Problem]]

    @classmethod
    def from_problems(cls, problems: Sequence[Problem], names: Collection[str]) -> KnownProblems:
        """The problems of a file, sorted by trade.

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
        """Whether something beside the trades is wrong, so that no trade of the file can be trusted."""
        return any(problem.severity is Severity.ERROR for problem in self.of_file)

    def has_error(self, name: str) -> bool:
        """Whether a trade has an error of its own."""
        return any(problem.severity is Severity.ERROR for problem in self.of_trades.get(name, ()))

    def has_problem_at(self, path: FieldPath) -> bool:
        """Whether a field is known to be wrong."""
        shown = write_path(path)
        problems = self.of_trades.get(str(path[1]), ()) if len(path) > 1 else self.of_file
        return any(problem.path == shown for problem in problems)

    def explains(self, path: FieldPath, *, is_written: bool) -> bool:
        """Whether a finding follows from what is known.

        Args:
            path: A field of a trade as shown to the user, from the root of the file.
            is_written: Whether the field is in the file; if not, it may be there under a misspelt key.
        """
        shown = write_path(path[2:])
        for known in self._below(path[:2]):
            if _is_at_or_below(shown, known) or (not is_written and _is_misspelt(shown, known)):
                return True
        return False

    def _below(self, trade: FieldPath) -> Iterator[str]:
        """The paths of known problems below a trade, those in the defaults as if they stood in the trade."""
        for problem in self.of_trades.get(str(trade[1]), ()):
            yield _remove_base(problem.path, write_path(trade))
        for problem in self.of_file:
            if problem.path.startswith("defaults"):
                yield _remove_base(problem.path, "defaults")


def _find_names(path: str) -> Iterator[str]:
    """All names that a trade may have whose problem has this path."""
    if path.startswith("trades."):
        rest = path.removeprefix("trades.")
        yield from (rest[:index] for index, character in enumerate(rest) if character in ".[")
        yield rest


def _remove_base(path: str, base: str) -> str:
    return path[len(base) :].lstrip(".")


def _is_at_or_below(path: str, ancestor: str) -> bool:
    return not ancestor or path == ancestor or path.startswith((f"{ancestor}.", f"{ancestor}["))


def _is_misspelt(missing: str, other: str) -> bool:
    """Whether a key beside a missing one may be that one, misspelt."""
    group, _, key = missing.rpartition(".")
    other_group, _, other_key = other.rpartition(".")
    return group == other_group and is_slip(other_key, key)
