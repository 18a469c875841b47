"""What a new layout of a file changes, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from reconciler.rendering.style import Style, printable_line

_NO_END = "\\ No newline at end of file"
_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def render_layout_diff(name: str, before: str, after: str, style: Style) -> str:
    """Render the change of one file as a unified diff, without a line feed at its end.

    Args:
        name: Its path as the user would type it.
        before: Its text.
        after: Its new text.
        style: Colour.
    """
    shown = printable_line(name)
    lines = unified_diff(_split(before), _split(after), f"a/{shown}", f"b/{shown}", lineterm="")
    return "\n".join(_paint(line, style) for line in _separate(lines))


def _split(text: str) -> list[str]:
    """Split a text into lines without line ends, which a new layout keeps; a missing one shows."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    last = lines.pop()
    return [*lines, f"{last}\n{_NO_END}"] if last else lines


def _separate(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split("\n")


def _paint(line: str, style: Style) -> str:
    color = _COLORS.get(line[:1])
    return style.paint(printable_line(line), color) if color else printable_line(line)
