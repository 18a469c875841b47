"""The canonical layout of plan files and of reconciler.yaml.

Only blanks, line breaks and the brackets of long groups change. Every scalar stays as it is written, every comment
stays beside what it is about, and nothing is sorted. A library that writes a file again from what it has read loses
comments inside brackets and line ends, and leaves comments in their old columns. Source: tried with ruamel.yaml 0.19.

The rules: two blanks for each level, lists below their key indented too; one blank after a colon, a comma, a dash and
before a comment; a group in brackets is on one line if it fits, else it has one line for each key; no blanks at the end
of a line, one empty line at most, a line feed at the end of the file. Line ends stay what most of them are.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from reconciler.formatting.comments import Comment, find_column, find_comments, hide_comments, is_after_blank
from reconciler.formatting.emit import INDENT, MAX_LINE_CHARS
from reconciler.formatting.scalars import (
    find_anchor,
    find_block_body,
    indent_block,
    indent_lines,
    is_block_scalar,
    skip_anchor,
)
from reconciler.loading.files import load_text
from reconciler.loading.spans import BLANKS, KeySpan, Shape, Span, find_spans

# The marks around a document, and directives before it.
_HEAD_MARK = re.compile(r"(?m)^(?:---|%[^\n]*)")
_END_MARK = re.compile(r"(?m)^\.\.\.")


class CannotFormatError(Exception):
    """The file is written in a way that has no canonical layout; the text says which way."""


def format_text(text: str) -> str:
    """Return a text in the canonical layout.

    Args:
        text: The content of a file that `load_text` reads without problems.

    Raises:
        CannotFormatError: It has none.
    """
    windows = text.count("\r\n")
    plain = text.replace("\r\n", "\n")
    root = find_spans(plain)
    comments = find_comments(plain, root)
    writer = _Writer(text=plain, bare=hide_comments(plain, comments), comments=deque(comments))
    written = writer.write(root)
    if written != plain and not _has_content(written, (_read_content(plain, root), [each.text for each in comments])):
        raise CannotFormatError("it is written in a way whose meaning a new layout would change")
    return written.replace("\n", "\r\n") if windows * 2 > text.count("\n") else written


def _has_content(text: str, content: tuple[object, list[str]]) -> bool:
    """Return whether a text has the same values as they are written and the same comments, and can be read."""
    if load_text(text, "")[1]:
        return False
    root = find_spans(text)
    return (_read_content(text, root), [each.text for each in find_comments(text, root)]) == content


def _read_content(text: str, span: Span) -> object:
    anchor, start = find_anchor(text, span), skip_anchor(text, span)
    mark = text[start : start + 1]
    match span.shape:
        case Shape.SCALAR:
            return anchor, mark if mark in ("'", '"') else "", span.text
        case Shape.ALIAS:
            return text[span.start : span.end]
        case Shape.LIST:
            return anchor, [_read_content(text, item) for item in span.items]
    return anchor, [(entry.key, _read_content(text, entry.value)) for entry in span.entries]


@dataclass(slots=True, kw_only=True)
class _Level:
    """A group whose values are being written.

    Attributes:
        before: Its column in the text; None if it is in brackets.
        after: Its new column.
    """

    before: int | None
    after: int


@dataclass(slots=True, kw_only=True)
class _Writer:
    text: str
    # The text with blanks instead of comments.
    bare: str
    comments: deque[Comment]
    lines: list[str] = field(default_factory=list)
    # From the outermost group to the one of the last line.
    levels: list[_Level] = field(default_factory=list)
    # Whether the last line may get a comment at its end.
    takes_comment: bool = False
    needs_no_end: bool = False

    def write(self, root: Span) -> str:
        self.levels.append(_Level(before=find_column(self.text, root.start), after=0))
        self.write_marks(_HEAD_MARK, 0, root.start)
        self.write_comments(root.start, 0)
        self.write_value("", root, column=-INDENT)
        self.write_marks(_END_MARK, root.end, len(self.text))
        self.write_comments(len(self.text), 0)
        return "\n".join(self.lines) + ("" if self.needs_no_end else "\n")

    def write_marks(self, pattern: re.Pattern[str], start: int, end: int) -> None:
        for match in pattern.finditer(self.bare, start, end):
            self.write_comments(match.start(), 0)
            self.add(match[0].rstrip(BLANKS))

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.takes_comment, self.needs_no_end = True, False

    def add_blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.add("")

    def write_comments(self, until: int, depth: int) -> None:
        """Write the comments before an offset.

        Args:
            until: The offset.
            depth: Index of the level of what comes next.
        """
        while self.comments and self.comments[0].start < until:
            comment = self.comments.popleft()
            if comment.is_trailing and self.takes_comment:
                self.lines[-1] += f" {comment.text}"
            else:
                if comment.follows_blank:
                    self.add_blank()
                self.add(" " * self.find_column(comment, depth) + comment.text)
            self.takes_comment = False

    def find_column(self, comment: Comment, depth: int) -> int:
        """Find the new column of a comment: that of what comes next, or of a deeper group that ends with it."""
        following = self.levels[depth]
        if comment.column == following.before:
            return following.after
        fitting = [
            level for level in self.levels[depth:] if level.before is not None and level.before <= comment.column
        ]
        return fitting[-1].after if fitting else following.after

    def has_comment(self, until: int) -> bool:
        return bool(self.comments) and self.comments[0].start < until

    def write_value(self, head: str, span: Span, column: int) -> None:
        """Write a value.

        Args:
            head: What is before it on its line: a key with its colon, or a dash.
            span: The value.
            column: Column of that key or dash.
        """
        anchor = find_anchor(self.text, span)
        start = skip_anchor(self.text, span)
        if anchor:
            head = f"{head} {anchor}" if head else anchor
        if is_block_scalar(self.text, span):
            self.write_block_scalar(head, start, column)
            return
        line = self.write_line(span)
        is_group = bool(span.entries or span.items)
        fits = line is not None and (not is_group or len(head) + 1 + len(line) <= MAX_LINE_CHARS)
        if is_group and not (span.is_flow and fits):
            self.write_group(head, span, column + INDENT, is_anchored=bool(anchor))
            return
        lines = indent_lines(line if line is not None else self.text[start : span.end], column + INDENT)
        if lines[0] and self.has_comment(start):
            self.add(head)
            self.levels.append(_Level(before=find_column(self.text, start), after=column + INDENT))
            self.write_comments(start, len(self.levels) - 1)
            head, lines[0] = "", " " * (column + INDENT) + lines[0]
        first, *rest = lines
        self.add(f"{head} {first}".rstrip(BLANKS) if head else first)
        for each in rest:
            self.add(each)

    def write_block_scalar(self, head: str, start: int, column: int) -> None:
        body = find_block_body(self.text, start, self.levels[-1].before or 0)
        if self.has_comment(start):
            raise CannotFormatError("a comment is between a key and the | or > of its text")
        self.add(f"{head} {body.header}")
        self.lines += indent_block(body, column)
        self.takes_comment, self.needs_no_end = False, body.needs_no_end

    def write_group(self, head: str, span: Span, column: int, *, is_anchored: bool) -> None:
        """Write a mapping or list with one line for each of its values.

        Args:
            head: What is before it.
            span: The group.
            column: Its new column.
            is_anchored: Whether the head ends with an anchor.
        """
        children: tuple[KeySpan | Span, ...] = (*span.entries, *span.items)
        starts = [self.find_start(span, child) for child in children]
        is_compact = head.endswith("-") and not is_anchored and not self.has_comment(starts[0])
        if head and not is_compact:
            self.add(head)
        depth = len(self.levels)
        before = None if span.is_flow else find_column(self.text, starts[0])
        self.levels.append(_Level(before=before, after=column))
        for place, (child, start) in enumerate(zip(children, starts, strict=True)):
            if place == 0 and is_compact:
                shown = f"{head} "
            else:
                self.write_comments(start, depth)
                del self.levels[depth + 1 :]
                if not span.is_flow and is_after_blank(self.text, start):
                    self.add_blank()
                shown = " " * column
            self.write_child(shown, child, column)
        if span.is_flow:
            self.write_comments(span.end, depth)

    def write_child(self, shown: str, child: KeySpan | Span, column: int) -> None:
        if isinstance(child, Span):
            self.write_value(f"{shown}-", child, column)
            return
        key = self.text[child.start : child.key_end].strip(BLANKS)
        if "\n" in key:
            raise CannotFormatError(f"the key {child.key!r:.40} is written over several lines")
        self.write_value(f"{shown}{key}:", child.value, column)

    def find_start(self, span: Span, child: KeySpan | Span) -> int:
        """Find the start of a key, or of the dash before an item of a list."""
        if isinstance(child, KeySpan) or span.is_flow:
            return child.start
        return self.bare.rindex("-", 0, child.start)

    def write_line(self, span: Span) -> str | None:
        """Write a value on one line, without its anchor; None if it needs more, or has a comment in it."""
        start = skip_anchor(self.text, span)
        if span.shape in (Shape.SCALAR, Shape.ALIAS):
            content = self.text[start : span.end]
            return None if "\n" in content else content
        if not span.is_flow and (span.entries or span.items):
            return None
        is_group = bool(span.entries or span.items)
        has_comment = self.text[start : span.end] != self.bare[start : span.end]
        return None if is_group and has_comment else self.join_flow(span)

    def join_flow(self, span: Span) -> str | None:
        parts: list[str] = []
        for entry in span.entries:
            below = self.write_inner(entry.value)
            key = self.text[entry.start : entry.key_end].strip(BLANKS)
            if below is None or "\n" in key:
                return None
            parts.append(f"{key}: {below}")
        for item in span.items:
            below = self.write_inner(item)
            if below is None:
                return None
            parts.append(below)
        opening, closing = "{}" if span.shape is Shape.MAPPING else "[]"
        return f"{opening}{', '.join(parts)}{closing}"

    def write_inner(self, span: Span) -> str | None:
        anchor, line = find_anchor(self.text, span), self.write_line(span)
        return line if line is None or not anchor else f"{anchor} {line}"
