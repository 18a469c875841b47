"""The comments of a YAML text, each with its place, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.formatting.scalars import find_block_body, is_block_scalar, skip_anchor
from reconciler.loading.spans import BLANKS, Shape, Span

_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment.

    Attributes:
        start: Offset of its `#`.
        text: It from the `#` on, without blanks at its end.
        column: Its column, from 0.
        is_trailing: Whether something else is before it on its line.
        follows_blank: Whether the line before it is empty.
    """

    start: int
    text: str
    column: int
    is_trailing: bool
    follows_blank: bool


def find_comments(text: str, root: Span) -> tuple[Comment, ...]:
    """Find all comments of a text.

    A comment after the `|` or `>` of a text in lines is a part of it, and is not among them.

    Args:
        text: The text, with line feeds only.
        root: Its spans.
    """
    return tuple(_describe(text, match) for match in _match_comments(text, root))


def hide_comments(text: str, comments: tuple[Comment, ...]) -> str:
    """Replace the comments by blanks, so that every offset stays what it is."""
    parts: list[str] = []
    before = 0
    for each in comments:
        parts += [text[before : each.start], " " * len(each.text)]
        before = each.start + len(each.text)
    return "".join(parts) + text[before:]


def is_after_blank(text: str, offset: int) -> bool:
    """Return whether an offset is in a line that follows an empty one."""
    line = text.rfind("\n", 0, offset)
    return line > 0 and not text[text.rfind("\n", 0, line) + 1 : line].strip(BLANKS)


def find_column(text: str, offset: int) -> int:
    """Return the column of an offset, from 0."""
    return offset - (text.rfind("\n", 0, offset) + 1)


def _match_comments(text: str, root: Span) -> Iterator[re.Match[str]]:
    """Match the comments between the values, where no other `#` can be."""
    before = 0
    for start, end in _list_values(text, root):
        yield from _COMMENT.finditer(text, before, start)
        before = end
    yield from _COMMENT.finditer(text, before)


def _list_values(text: str, span: Span, column: int = 0) -> Iterator[tuple[int, int]]:
    """List start and end of all keys and scalars, and of no brackets.

    Args:
        text: The text.
        span: A value in it.
        column: Column of its key, or of the dash before it.
    """
    if span.shape is Shape.SCALAR:
        start = skip_anchor(text, span)
        end = find_block_body(text, start, column).end if is_block_scalar(text, span) else max(start, span.end)
        yield start, end
    for entry in span.entries:
        yield entry.start, entry.key_end
        yield from _list_values(text, entry.value, find_column(text, entry.start))
    for item in span.items:
        yield from _list_values(text, item, find_column(text, text.rfind("-", 0, item.start)))


def _describe(text: str, match: re.Match[str]) -> Comment:
    column = find_column(text, match.start())
    return Comment(
        start=match.start(),
        text=match[0].rstrip(BLANKS),
        column=column,
        is_trailing=bool(text[match.start() - column : match.start()].strip(BLANKS)),
        follows_blank=is_after_blank(text, match.start()),
    )
