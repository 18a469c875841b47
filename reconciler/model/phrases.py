"""Sentences in parts, so that each format can show names and code as such and escape all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class SpanKind(StrEnum):
    """Kind of a part of a sentence.

    Attributes:
        TEXT: Our own words.
        VALUE: A name, a path or a text that comes from outside.
        CODE: What can be typed as it is: a command, an option, a part of a file.
        STRONG: Our own words or numbers that a reader must not miss.
    """

    TEXT = "text"
    VALUE = "value"
    CODE = "code"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a sentence.

    Attributes:
        text: Its text.
        kind: What it is.
    """

    text: str
    kind: SpanKind = SpanKind.TEXT


# A sentence, or a part of one.
Phrase: TypeAlias = tuple[Span, ...]


class Tone(StrEnum):
    """The meaning of a row or a card, from which each format takes its colour and its sign.

    Attributes:
        DANGER: Closes, loses protection, or is lost already.
        MONEY: Binds money.
        NEUTRAL: Changes prices only.
        GOOD: Lowers what can be lost.
        QUIET: Frees money, writes notes, or is only reported.
        BLOCKED: Is asked for and not done.
        WARNING: Somebody should look at it. It is not dangerous by itself.
    """

    DANGER = "danger"
    MONEY = "money"
    NEUTRAL = "neutral"
    GOOD = "good"
    QUIET = "quiet"
    BLOCKED = "blocked"
    WARNING = "warning"


def plain_text(phrase: Sequence[Span]) -> str:
    """Return the text of a sentence without its kinds; it is not escaped."""
    return "".join(span.text for span in phrase)
