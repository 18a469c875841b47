"""Text as HTML: all of it is escaped, and no character can hide or reorder others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from reconciler.model.phrases import Span, SpanKind
from reconciler.rendering.phrases import capitalize, end_sentence, mark_code
from reconciler.rendering.style import printable_line

# A text that comes from outside is laid out apart from ours, whatever the direction of its script.
_TAGS = {SpanKind.VALUE: "bdi", SpanKind.CODE: "code", SpanKind.STRONG: "b"}
# The pieces of a path, between which a browser may break it.
_PIECES = re.compile(r"[^._]*[._]|[^._]+")


def show(value: object) -> object:
    """Make a value that goes into a page harmless; the page escapes it as HTML after that.

    Args:
        value: A text is freed from characters that do not show; markup and numbers are returned as they are.
    """
    return printable_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def write_phrase(spans: Sequence[Span]) -> Markup:
    """Write a sentence as HTML; what is in back quotes in our own words is code."""
    return Markup("").join(map(_write_span, mark_code(spans)))


def write_sentence(spans: Sequence[Span]) -> Markup:
    """Write a sentence with a capital at its begin and a full stop at its end."""
    return write_phrase(end_sentence(capitalize(tuple(spans))))


def write_path(path: str) -> Markup:
    """Write a path of a field, which may be broken after its dots and low lines."""
    return Markup("<wbr>").join(map(escape, _PIECES.findall(printable_line(path))))


def _write_span(span: Span) -> Markup:
    text = escape(printable_line(span.text))
    tag = _TAGS.get(span.kind)
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if tag else text  # noqa: S704 - one of our own tags
