"""Lines of a width: sentences wrapped at words, in colour, with all foreign text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.model.phrases import Phrase, Span, SpanKind, Tone
from reconciler.rendering.style import Style, printable
from reconciler.rendering.text_width import measure

# The least width; a narrower terminal is treated as one of this width.
LEAST_WIDTH = 60
USUAL_WIDTH = 80
TONE_COLORS = {
    Tone.DANGER: ("red", "bold"),
    Tone.MONEY: ("cyan",),
    Tone.NEUTRAL: ("cyan",),
    Tone.GOOD: ("green",),
    Tone.QUIET: (),
    Tone.BLOCKED: ("yellow",),
    Tone.WARNING: ("yellow",),
}
SYMBOL_COLORS = {"+": ("green",), "-": ("red",), "-/+": ("red",), "~": ("yellow",), "!": ("red",), "x": ("yellow",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Where text is shown.

    Attributes:
        width: Cells of a line.
        style: Colours.
    """

    width: int = USUAL_WIDTH
    style: Style = Style()  # noqa: RUF009  # it is frozen

    def wrap(
        self, sentence: Phrase | str, *, lead: str = "", indent: int = 0, deeper: int = 2, tone: Tone = Tone.QUIET
    ) -> list[str]:
        """Write a sentence in lines.

        Args:
            sentence: The sentence.
            lead: What stands before it on the first line; without colours, and printable.
            indent: Spaces before the first line.
            deeper: More spaces before the others.
            tone: Its meaning, shown as colour.
        """
        lines = fold(sentence, self.width, " " * indent + lead, " " * (indent + deeper))
        colors = TONE_COLORS[tone]
        return lines if not colors else [self.paint_line(line, *colors) for line in lines]

    def paint(self, text: str, *colors: str) -> str:
        """Paint a text."""
        return self.style.paint(text, *colors)

    def paint_line(self, line: str, *colors: str) -> str:
        """Paint a line without its indent."""
        bare = line.lstrip(" ")
        return line[: len(line) - len(bare)] + self.style.paint(bare, *colors)


def show(sentence: Phrase) -> str:
    """Write a sentence in one line; foreign text is escaped."""
    return "".join(map(_show_span, sentence))


def show_value(text: str | None) -> Phrase:
    """Write the value of a field."""
    return (Span("(none)"),) if text is None else (Span(text, SpanKind.VALUE),)


def fold(sentence: Phrase | str, width: int, lead: str, margin: str) -> list[str]:
    """Break a sentence into lines of a width; what can be typed stays in one piece if a line has room for it.

    Args:
        sentence: The sentence.
        width: Cells of a line.
        lead: Before the first line.
        margin: Before the others.
    """
    spans = (Span(sentence),) if isinstance(sentence, str) else sentence
    whole = lead + show(spans)
    if measure(whole) <= width:
        return [whole]
    lines: list[str] = []
    current, is_bare = lead, True
    for word, gap in _list_words(spans):
        joined = f"{current}{word}" if is_bare else f"{current}{gap}{word}"
        if not is_bare and measure(joined) > width:
            lines.append(current)
            joined = f"{margin}{word}"
        while measure(joined) > width:
            head = _take(joined, width)
            lines.append(head)
            joined = margin + joined[len(head) :]
        current, is_bare = joined, False
    return [*lines, current]


def pad(text: str, width: int, *, is_number: bool = False) -> str:
    """Fill a text with spaces up to a width."""
    space = " " * max(0, width - measure(text))
    return space + text if is_number else text + space


def widest(texts: Iterable[str]) -> int:
    """Return the width of the widest of some texts; 0 without any."""
    return max(map(measure, texts), default=0)


def _show_span(span: Span) -> str:
    text = printable(span.text)
    # An option is copied as it is; a back quote would go with it.
    return f"`{text}`" if span.kind is SpanKind.CODE and not text.startswith("-") else text


def _list_words(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Yield pieces that stay together, each with the spaces before it."""
    piece, gap, is_open = "", "", False
    for span in spans:
        text = _show_span(span)
        if span.kind is SpanKind.CODE:
            piece, is_open = piece + text, True
            continue
        for place, word in enumerate(text.split(" ")):
            if place:
                if is_open:
                    yield piece, gap
                    piece, gap, is_open = "", "", False
                gap += " "
            if word:
                piece, is_open = piece + word, True
    if is_open:
        yield piece, gap


def _take(text: str, width: int) -> str:
    """Return as much of the begin of a text as a line has room for, and at least one character."""
    if text.isascii():
        return text[: max(1, width)]
    end = 1
    while end < len(text) and measure(text[: end + 1]) <= width:
        end += 1
    return text[:end]
