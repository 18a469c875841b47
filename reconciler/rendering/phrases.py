"""Phrases put together and taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reconciler.model.phrases import Phrase, Span, SpanKind, plain_text

_FENCE = "`"
# What exchanges call their coins.
_UNIT = re.compile(r"[A-Z0-9]{1,16}|contracts", re.ASCII)


def phrase(*parts: str | Span | Phrase) -> Phrase:
    """Put a sentence together; a text among the parts is our own words."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Span(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans += part
    return _merge(spans)


def value(text: str) -> Span:
    """Mark a name, a path or a text that comes from outside."""
    return Span(str(text), SpanKind.VALUE)


def unit(text: str) -> Span:
    """Mark a currency or a unit behind a number; one that looks like none is a text from outside."""
    return Span(text) if _UNIT.fullmatch(text) else Span(text, SpanKind.VALUE)


def code(text: str) -> Span:
    """Mark what can be typed as it is."""
    return Span(text, SpanKind.CODE)


def strong(text: str) -> Span:
    """Mark our own words that must not be missed."""
    return Span(text, SpanKind.STRONG)


def join(phrases: Iterable[Phrase], separator: str = "; ") -> Phrase:
    """Join sentences; empty ones are left out."""
    spans: list[Span] = []
    for each in phrases:
        if each:
            spans += [Span(separator), *each] if spans else each
    return _merge(spans)


def name_values(names: Sequence[str], most: int) -> Phrase:
    """Write names for reading: a few, and how many more there are."""
    more = len(names) - most
    named = join(((value(name),) for name in names[:most]), ", ")
    return phrase(named, f" and {more} more") if more > 0 else named


def capitalize(sentence: Phrase) -> Phrase:
    """Begin a sentence with a capital letter, unless its first word is a name or a value."""
    if not sentence or sentence[0].kind in (SpanKind.VALUE, SpanKind.CODE):
        return sentence
    first = sentence[0]
    return (Span(first.text[:1].upper() + first.text[1:], first.kind), *sentence[1:])


def end_sentence(sentence: Phrase) -> Phrase:
    """End a sentence with a full stop, if it has no end of its own."""
    return sentence if plain_text(sentence)[-1:] in ("", ".", "!", "?", ":") else phrase(sentence, ".")


def mark_code(spans: Iterable[Span]) -> Phrase:
    """Make what is in back quotes in our own words code, with the values between the same quotes."""
    found: list[Span] = []
    quoted: list[str] | None = None
    for span in spans:
        if span.kind is not SpanKind.TEXT or _FENCE not in span.text:
            found.append(span) if quoted is None else quoted.append(span.text)
            continue
        for place, part in enumerate(span.text.split(_FENCE)):
            if place and quoted is None:
                quoted = []
            elif place and quoted is not None:
                found.append(code("".join(quoted)))
                quoted = None
            if part:
                found.append(Span(part)) if quoted is None else quoted.append(part)
    if quoted is not None:
        found.append(Span(_FENCE + "".join(quoted)))
    return _merge(found)


def _merge(spans: Iterable[Span]) -> Phrase:
    """Leave empty parts out, and join our own words that follow each other."""
    found: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if found and found[-1].kind is SpanKind.TEXT is span.kind:
            found[-1] = Span(found[-1].text + span.text)
        else:
            found.append(span)
    return tuple(found)
