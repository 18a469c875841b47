"""A parsed file that still knows where everything was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.model.problems import Problem, Severity
from reconciler.model.specs import Origin

# Keys and list indexes from the root to a field.
FieldPath = tuple[str | int, ...]


# A position in a file: line and column, both from 0, as one int. A file has a mark for every key and value, and ints
# are small and cost the garbage collector nothing.
Mark = int
COLUMN_BITS = 20
_COLUMN_MASK = (1 << COLUMN_BITS) - 1


def make_mark(line: int, column: int) -> Mark:
    """Make the mark of a line and a column, both from 0."""
    return line << COLUMN_BITS | column


class MappingNode(dict[str, object]):
    """A mapping of a file, with the marks of its keys and values.

    Attributes:
        mark: Where it begins.
        marks: For each key, the mark of the key and that of its value.
    """

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.marks: dict[str, tuple[Mark, Mark]] = {}


class ListNode(list[object]):
    """A list of a file, with the marks of its items.

    Attributes:
        mark: Where it begins.
        marks: The mark of each item.
    """

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.marks: list[Mark] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file.

    Attributes:
        name: Path as the user would type it.
        root: Its content: dicts, lists, texts, bools, ints, Decimals and None.
        lines: Its source lines without line ends.
    """

    name: str
    root: MappingNode
    lines: Sequence[str]

    def find_key(self, path: FieldPath) -> Origin:
        """Return the position of the key of a field; for a list item, of the item.

        Args:
            path: The field; if it does not exist, its nearest existing parent is used.
        """
        return self.locate(self._marks(path)[0])

    def find_value(self, path: FieldPath) -> Origin:
        """Return the position of the value of a field.

        Args:
            path: The field; if it does not exist, its nearest existing parent is used.
        """
        return self.locate(self._marks(path)[1])

    def locate(self, mark: Mark) -> Origin:
        """Return the line and column of a mark."""
        return Origin(file=self.name, line=(mark >> COLUMN_BITS) + 1, column=(mark & _COLUMN_MASK) + 1)

    def problem(
        self, path: FieldPath, message: str, *, at: Origin | None = None, severity: Severity = Severity.ERROR
    ) -> Problem:
        """Make a problem with a field of this file.

        Args:
            path: The field.
            message: What was found, what was expected, what to do.
            at: Position to point at; by default at the field's value.
            severity: Whether the file is unusable.
        """
        origin = at or self.find_value(path)
        return Problem(
            file=origin.file,
            line=origin.line,
            column=origin.column,
            path=write_path(path),
            message=message,
            source_line=self.lines[origin.line - 1] if origin.line <= len(self.lines) else "",
            severity=severity,
        )

    def _marks(self, path: FieldPath) -> tuple[Mark, Mark]:
        node: object = self.root
        found: tuple[Mark, Mark] = (self.root.mark, self.root.mark)
        for token in path:
            if isinstance(node, MappingNode) and isinstance(token, str) and token in node:
                found = node.marks[token]
                node = node[token]
            elif isinstance(node, ListNode) and isinstance(token, int) and token < len(node):
                found = (node.marks[token], node.marks[token])
                node = node[token]
            else:
                break
        return found


def write_path(path: FieldPath) -> str:
    """Return a field path as shown to the user: `trades.btc-dip.take_profit[0].volume`."""
    written = ""
    for token in path:
        if isinstance(token, int):
            written += f"[{token}]"
        else:
            written += f".{token}" if written else token
    return written
