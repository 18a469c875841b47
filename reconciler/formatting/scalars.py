"""Scalars as they are written: never changed, only moved to another column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.formatting.emit import INDENT
from reconciler.loading.spans import BLANKS, Shape, Span

_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")
# What may stand between an anchor and its value.
_SPACE = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_HEADER = re.compile(r"[|>][^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBody:
    """A text in lines, after `|` or `>`.

    Attributes:
        header: Its first line, from `|` or `>` on.
        step: Blanks before its lines, counted from the column of its key, if it says so; 0 if it does not.
        indent: Blanks before its lines.
        lines: Its lines as they are written.
        end: Offset after them.
        needs_no_end: Whether its last line ends with the file and without a line feed, and would mean more with one.
    """

    header: str
    step: int
    indent: int
    lines: tuple[str, ...]
    end: int
    needs_no_end: bool


def find_anchor(text: str, span: Span) -> str:
    """Find the anchor of a value, such as `&base`; empty if it has none."""
    match = _ANCHOR.match(text, span.start) if span.shape is not Shape.ALIAS else None
    return match[0] if match else ""


def skip_anchor(text: str, span: Span) -> int:
    """Find the offset of the value itself, after its anchor."""
    anchor = find_anchor(text, span)
    if not anchor:
        return span.start
    after = _SPACE.match(text, span.start + len(anchor))
    return min(after.end(), span.end) if after else span.start + len(anchor)


def is_block_scalar(text: str, span: Span) -> bool:
    """Return whether a value is a text in lines, after `|` or `>`."""
    return span.shape is Shape.SCALAR and text.startswith(("|", ">"), skip_anchor(text, span))


def find_block_body(text: str, start: int, column: int) -> BlockBody:
    """Find the lines of a text in lines.

    Args:
        text: The whole text.
        start: Offset of the `|` or `>`.
        column: Column of its key, or of the dash before it, from 0.
    """
    match = _HEADER.match(text, start)
    if match is None:
        raise AssertionError("a text in lines begins with | or >")
    marks = match[0].split(" ")[0]
    step = int("".join(filter(str.isdecimal, marks)) or 0)
    indent = column + step if step else _find_indent(text, match.end(), column)
    lines: list[str] = []
    offset, end, kept = match.end() + 1, match.end(), 0
    while offset < len(text):
        line = _cut_line(text, offset)
        if line.strip(" ") and _count_blanks(line) < indent:
            break
        lines.append(line)
        offset += len(line) + 1
        # Empty lines at the end count only if the header says so.
        if len(line) > indent or "+" in marks:
            kept, end = len(lines), offset - 1
    return BlockBody(
        header=match[0].rstrip(BLANKS),
        step=step,
        indent=indent,
        lines=tuple(lines[:kept]),
        end=end,
        needs_no_end=bool(kept) and end == len(text) and "-" not in marks,
    )


def indent_block(body: BlockBody, column: int) -> list[str]:
    """Move the lines of a text in lines to another column.

    Args:
        body: The lines.
        column: The new column of its key, or of the dash before it, from 0.
    """
    blanks = " " * (column + (body.step or INDENT))
    return [blanks + line[body.indent :] if len(line) > body.indent else "" for line in body.lines]


def indent_lines(content: str, column: int) -> list[str]:
    """Move the lines of a scalar over several lines, but for its first, to another column.

    Blanks at the beginning of such a line mean nothing.

    Args:
        content: The scalar, plain or in quotes.
        column: The new column, from 0.
    """
    first, *rest = content.split("\n")
    stripped = [line.strip(BLANKS) for line in rest]
    return [first.rstrip(BLANKS), *(" " * column + line if line else "" for line in stripped)]


def _find_indent(text: str, offset: int, column: int) -> int:
    """Find the indentation of the first line after the line of an offset that is not empty."""
    offset = text.find("\n", offset) + 1
    while 0 < offset < len(text):
        line = _cut_line(text, offset)
        if line.strip(" "):
            return max(column + 1, _count_blanks(line))
        offset += len(line) + 1
    return column + 1


def _cut_line(text: str, offset: int) -> str:
    end = text.find("\n", offset)
    return text[offset : len(text) if end < 0 else end]


def _count_blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
