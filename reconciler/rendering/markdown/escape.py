"""Text from outside in Markdown: it is shown as it is, and changes nothing outside its place.

Values are code spans, in which nothing is interpreted, mentioned or linked. Everything else is escaped. Source: GitHub
Flavored Markdown, sections 6.3 (code spans), 4.10 (tables) and 2.4 (backslash escapes).
"""

from __future__ import annotations

import html
import re

from reconciler.codec.printable import is_plain
from reconciler.model.phrases import Phrase, Span, SpanKind

# Longer values are cut: a name has 48 characters, a note 300, and messages of an API any number.
LONGEST_VALUE = 400
_ELLIPSIS = "…"
_RUN = re.compile("`+")
_SPECIAL = re.compile(r"([\\`*_\[\]{}<>|~$^])")
# What begins a heading, a list, a quotation or a rule if it begins a line.
_BEGIN = re.compile(r"^(\s*)([#+\-=]|\d+(?=[.)]))")
# What GitHub and GitLab make links, mentions and signs of, also in plain text.
_LINKED = re.compile(
    r"(?<=[@#!&~$%])(?=\w)|(?<=:)(?=[a-z_+]|//)|(?<=www)(?=\.)|(?<=GH)(?=-\d)", re.ASCII | re.IGNORECASE
)
# A space without width between the two halves keeps them apart and is not seen.
_BREAK = "&#8203;"


def visible(text: str) -> str:
    """Write what does not show, or reorders what does, as an escape code, and cut a text that is too long."""
    cut = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + _ELLIPSIS
    if is_plain(cut):
        return cut
    return "".join(character if is_plain(character) else _escape(ord(character)) for character in cut)


def code(text: str, *, in_table: bool = False) -> str:
    """Write a value as a code span; its fence is longer than any run of back quotes in it.

    Args:
        text: The value.
        in_table: Whether it is in a cell of a table, where a bar must be escaped even in code.
    """
    shown = visible(text)
    if not shown.strip():
        return "(empty)" if not shown else f"({len(shown)} spaces)"
    fence = "`" * (max((len(run) for run in _RUN.findall(shown)), default=0) + 1)
    # One space on each side is taken away when it is shown.
    is_padded = shown[0] in "` " or shown[-1] in "` "
    inside = f" {shown} " if is_padded else shown
    return f"{fence}{inside.replace('|', chr(92) + '|') if in_table else inside}{fence}"


def prose(text: str) -> str:
    """Write our own words, which may hold a unit from outside, so that nothing in them is interpreted."""
    shown = visible(text).replace("->", "→")
    parts = [_SPECIAL.sub(r"\\\1", part.replace("&", "&amp;")) for part in _LINKED.split(shown)]
    return _BREAK.join(parts)


def sentence(said: Phrase, *, in_table: bool = False) -> str:
    """Write a sentence: names and code as code spans, all else escaped."""
    written = "".join(_write_span(span, in_table=in_table) for span in said)
    is_own = bool(said) and said[0].kind is SpanKind.TEXT
    return _BEGIN.sub(_escape_begin, written) if is_own else written


def tag(text: str) -> str:
    """Write a text inside an HTML tag, where Markdown is not interpreted."""
    return html.escape(visible(text))


def block(lines: list[str], language: str = "") -> str:
    """Write lines as a block of code; its fence is longer than any run of back quotes in them."""
    longest = max((len(run) for line in lines for run in _RUN.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])


def _write_span(span: Span, *, in_table: bool) -> str:
    if span.kind in (SpanKind.VALUE, SpanKind.CODE):
        return code(span.text, in_table=in_table)
    return f"**{prose(span.text)}**" if span.kind is SpanKind.STRONG else prose(span.text)


def _escape(number: int) -> str:
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _escape_begin(found: re.Match[str]) -> str:
    space, sign = found[1], found[2]
    return f"{space}{sign}&#8203;" if sign.isdigit() else f"{space}\\{sign}"
