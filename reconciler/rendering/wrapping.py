"""Text wrapped at words for a terminal; what a reader may copy stays in one piece."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.rendering.text_width import measure

# A line of a file below a finding, or the caret below it: its layout says where the fault is.
_SNIPPET = re.compile(r"(?:\x1b\[[0-9;]*m)*\s*\d*(?:\x1b\[[0-9;]*m)* \| ")
# A word that belongs to a command line: an option, a number, a path, a placeholder, a pair `name=value`.
_ARGUMENT = (
    r"(?:--[a-z][a-z-]*(?:[= ](?!--)[^\s,;:()]+)?|#?\d[\w.-]*|[A-Z][A-Z_]*(?![a-z])|[^\s,;:()]*[/.=_][^\s,;()]*\w)"
)
_GROUPS = r"(?:trade|journal|sandbox|schema)"
_PIECES = re.compile(
    r"`[^`\n]+`"
    r"|\{[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}"
    rf"|(?<![\w/])reconciler (?:{_GROUPS} )?[a-z][a-z-]*(?: {_ARGUMENT})*"
    r"|(?<!\S)--[a-z][a-z-]*(?: (?!--)[^\s,;:()]+=[^\s,;:()]+| [A-Z][A-Z_]*(?![a-z]))?"
)
# Stands for a space that is not a place to break; no printable text has it.
_GLUE = "\x00"
_INDENT = "  "


def wrap_text(text: str, width: int) -> str:
    """Wrap each line that is too long; what follows is indented by two more than its line.

    A command, what is in back quotes and what is in braces is never broken: what is longer than a line is left to the
    terminal, from which it is copied as it is. Lines that show a part of a file stay whole.

    Args:
        text: Lines, with or without colours.
        width: Terminal cells in a line.
    """
    return "\n".join(line for long in text.split("\n") for line in _wrap_line(long, width))


def _wrap_line(line: str, width: int) -> Iterator[str]:
    if measure(line) <= width or _SNIPPET.match(line):
        yield line
        return
    indent = re.match(" *", line)
    begin = indent[0] if indent else ""
    glued = _PIECES.sub(lambda found: found[0].replace(" ", _GLUE), line[len(begin) :])
    current, gap = begin, ""
    has_words = False
    for word, space in re.findall("([^ ]+)( *)", glued):
        if has_words and measure(f"{current}{gap}{word}") > width:
            yield current.replace(_GLUE, " ")
            current, gap = begin + _INDENT, ""
        current += gap + word
        gap = space
        has_words = True
    yield current.replace(_GLUE, " ")
