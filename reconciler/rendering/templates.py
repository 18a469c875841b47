"""Templates: sentences with places for the values of a reason.

A place is `{name}` or `{name:kind}`. The kind says which type of value belongs there and how it is shown:

| kind | value | shown as |
|---|---|---|
| (none) | text | as it is |
| `n` | whole number | `3` |
| `id` | whole number | `#7` |
| `count WORD` | whole number | `1 step`, `2 steps` |
| `amount` | amount | for reading: `609.99 USDT` |
| `exact` | amount | with all digits: `609.98712345 USDT` |
| `bare` | amount | the exact number without its currency; a percentage keeps its sign: `58500`, `3 %` |
| `round` | amount | the same for reading: `58500.123` |
| `words` | text: a word of several parts | with spaces: `own funds` |
| `opens` | side | `buys`, `sells` |
| `closes` | side | `buys back`, `sells` |
| `time` | instant | `12:30:00 UTC` |
| `reason` | reason | its sentence |
| `list` | several values | joined by commas |
| `and` | several values | joined by `and` |
| `semicolons` | several values | joined by semicolons |
| `code` | several texts | each as code, joined by commas |
| `ending` | text: status of an ended trade | its title: `stopped out` |
| `bool` | yes or no | nothing: for an optional part |

What is in double square brackets is shown only if all its values are there: `sold[[, result {result:amount}]]`. Braces
that are part of the text are written twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from string import Formatter

from reconciler.codec.numbers import plain
from reconciler.model.markets import CONTRACTS
from reconciler.model.phrases import Phrase, Span, SpanKind
from reconciler.model.reasons import Amount, Reason, ReasonValue
from reconciler.rendering.ending_words import ending_title
from reconciler.rendering.phrases import mark_code
from reconciler.rendering.words import count_of

# Gives the sentence of a reason that is a value of another one.
Describe = Callable[[Reason], str]
# The same in parts.
Say = Callable[[Reason], Phrase]

_PERCENT = "%"
# Amounts in sentences are for reading: this many significant digits. The exact inputs are shown beside them.
_READABLE_DIGITS = 8
_WHOLE_PART = re.compile(r"-?\d{4,}(?=\D|$)", re.ASCII)
# What numbers, currencies, times and the words of enums are made of.
_PLAIN = re.compile(r"[A-Za-z0-9_.,:#%+ -]*", re.ASCII)
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]")


def fill_template(template: str, reason: Reason, describe: Describe) -> str:
    """Write the sentence of a reason.

    Args:
        template: Its template.
        reason: Its values.
        describe: Gives the sentences of reasons among the values.

    Raises:
        KeyError: A value is missing.
        TypeError: A value is of another type than its place.
        ValueError: A value is not one of those that its place knows.
    """
    values = dict(reason.values)
    # Parts with an odd number stood in brackets.
    parts = enumerate(_OPTIONAL.split(template))
    return "".join(_fill(part, values, describe) for place, part in parts if place % 2 == 0 or _has_all(part, values))


def phrase_template(template: str, reason: Reason, say: Say) -> Phrase:
    """Write the sentence of a reason in parts: its own words, values from outside, and code.

    Args:
        template: Its template.
        reason: Its values.
        say: Gives the sentences of reasons among the values, in parts.

    Raises:
        KeyError: A value is missing.
        TypeError: A value is of another type than its place.
        ValueError: A value is not one of those that its place knows.
    """
    values = dict(reason.values)
    spans: list[Span] = []
    for place, part in enumerate(_OPTIONAL.split(template)):
        if place % 2 and not _has_all(part, values):
            continue
        for literal, name, kind, _ in Formatter().parse(part):
            spans.append(Span(literal))
            if name is not None:
                spans += _span(values[name], kind or "", say)
    return mark_code(spans)


def find_places(template: str) -> dict[str, str]:
    """Find the kinds of the places of a template, by name."""
    return {name: kind or "" for _, name, kind, _ in Formatter().parse(template) if name is not None}


def find_optional(template: str) -> frozenset[str]:
    """Find the names of the places of a template that a reason may omit."""
    parts = _OPTIONAL.split(template)
    required = {name for part in parts[::2] for name in find_places(part)}
    return frozenset(name for part in parts[1::2] for name in find_places(part)) - required


def readable(number: Decimal) -> str:
    """Write a number with as many digits as a reader needs."""
    if number == 0:
        return "0"
    digits = max(_READABLE_DIGITS - number.adjusted() - 1, 2)
    return plain(Decimal(f"{number:.{digits}f}"))


def group_digits(text: str) -> str:
    """Write the number at the begin of a text with its digits in groups of three, so that its size is seen: 25,619.42.

    Args:
        text: A number in plain notation, with or without a unit.
    """
    found = _WHOLE_PART.match(text)
    return text if found is None else f"{int(found[0]):,}{text[found.end() :]}"


def _has_all(part: str, values: dict[str, ReasonValue]) -> bool:
    return all(name in values for name in find_places(part))


def _fill(part: str, values: dict[str, ReasonValue], describe: Describe) -> str:
    filled: list[str] = []
    for literal, name, kind, _ in Formatter().parse(part):
        filled.append(literal)
        if name is not None:
            filled.append(_show(values[name], kind or "", describe))
    return "".join(filled)


def _show(value: ReasonValue, kind: str, describe: Describe) -> str:
    word, _, noun = kind.partition(" ")
    match value:
        case str() if word in _TEXTS:
            return _TEXTS[word](value)
        case bool() if word == "bool":
            return ""
        case int() if word in _NUMBERS and not isinstance(value, bool):
            return _NUMBERS[word](value, noun)
        case Amount() if word in _AMOUNTS:
            return _AMOUNTS[word](value)
        case datetime() if word == "time":
            return f"{value.astimezone(UTC):%H:%M:%S} UTC"
        case Reason() if word == "reason":
            return describe(value)
        case tuple() if word in _LISTS:
            return _LISTS[word]([_show_each(each, describe) for each in value])
    raise TypeError(f"{value!r:.60} is not a value of the kind {kind or 'text'}")


def _span(value: ReasonValue, kind: str, say: Say) -> Phrase:
    if isinstance(value, str) and not kind:
        return (Span(value, SpanKind.VALUE),)
    if isinstance(value, Reason) and kind == "reason":
        return say(value)
    if isinstance(value, tuple) and kind in _LISTS:
        separator = Span(_SEPARATORS.get(kind, ", "))
        kind_of_text = SpanKind.CODE if kind == "code" else SpanKind.VALUE
        parts = [_span_each(each, kind_of_text, say) for each in value]
        return tuple(span for place, part in enumerate(parts) for span in ((separator, *part) if place else part))
    text = _show(value, kind, _never)
    return (_mark(group_digits(text) if isinstance(value, Amount) else text),)


def _span_each(value: ReasonValue, kind: SpanKind, say: Say) -> Phrase:
    if isinstance(value, Reason):
        return say(value)
    if isinstance(value, Amount):
        return (_mark(group_digits(_show_each(value, _never))),)
    text = _show_each(value, _never)
    return (Span(text, kind if isinstance(value, str) else SpanKind.TEXT),)


def _mark(text: str) -> Span:
    """Take a number or a word of an enum as our own, and as a text from outside what looks like neither."""
    return Span(text, SpanKind.TEXT if _PLAIN.fullmatch(text) else SpanKind.VALUE)


def _never(reason: Reason) -> str:
    raise TypeError(f"{reason.code} is not at a place for reasons")


def _show_each(value: ReasonValue, describe: Describe) -> str:
    match value:
        case Reason():
            return describe(value)
        case Amount():
            return _AMOUNTS["bare"](value)
        case str():
            return value
        case int() if not isinstance(value, bool):
            return f"#{value}"
    raise TypeError(f"{value!r:.60} cannot be an item of a list")


def _show_bare(amount: Amount, number: str) -> str:
    return f"{number} {amount.unit}" if amount.unit == _PERCENT else number


def _count(number: str, unit: str) -> str:
    is_one = number == "1" and unit == CONTRACTS
    return f"{number} {unit.removesuffix('s') if is_one else unit}"


def _find_verb(verbs: Mapping[str, str], side: str) -> str:
    if side not in verbs:
        raise ValueError(f"{side!r:.60} is not a side: expected buy or sell")
    return verbs[side]


# How a value of each type is shown, by kind.
_TEXTS: Mapping[str, Callable[[str], str]] = {
    "": str,
    "words": lambda text: text.replace("_", " "),
    "ending": ending_title,
    "opens": lambda side: _find_verb({"buy": "buys", "sell": "sells"}, side),
    "closes": lambda side: _find_verb({"buy": "buys back", "sell": "sells"}, side),
}
_NUMBERS: Mapping[str, Callable[[int, str], str]] = {
    "n": lambda number, _: str(number),
    "id": lambda number, _: f"#{number}",
    "count": count_of,
}
_AMOUNTS: Mapping[str, Callable[[Amount], str]] = {
    "amount": lambda amount: _count(readable(amount.value), amount.unit),
    "exact": lambda amount: _count(plain(amount.value), amount.unit),
    "bare": lambda amount: _show_bare(amount, plain(amount.value)),
    "round": lambda amount: _show_bare(amount, readable(amount.value)),
}
_SEPARATORS = {"and": " and ", "semicolons": "; "}
_LISTS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "list": ", ".join,
    "and": " and ".join,
    "semicolons": "; ".join,
    "code": lambda texts: ", ".join(f"`{text}`" for text in texts),
}
