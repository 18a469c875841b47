"""Views in which every text from outside is hostile: whatever a format does with them, only text may come out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

from reconciler.model.phrases import Span, SpanKind

Value = TypeVar("Value")
HOSTILE = (
    "</b></script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='alert(3)' {{7*7}} \u202egnp.|`\\"
)
# A word that no rule of any language breaks.
UNBROKEN = "W" * 300
# Our own words, and texts that are looked up or parsed by the page.
_KEPT = frozenset(
    ["symbol", "sign", "effect", "action", "kind", "mode", "digest", "used", "summary", "head", "side", "name", "verb"]
)
# Numbers are ours, too: they are written from decimals.
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*( [%R])?|[-=]|no stop|not known")


def poison(view: Value, text: str = HOSTILE) -> Value:
    """A view with a hostile text behind every text that may come from outside."""
    return _poison(view, text)  # type: ignore[return-value]  # it has the same shape


def _poison(value: object, text: str) -> object:
    if isinstance(value, Enum):
        return value
    if isinstance(value, Span):
        return Span(value.text + text, value.kind) if value.kind is SpanKind.VALUE else value
    if isinstance(value, str):
        return value if not value or _NUMBER.fullmatch(value) else value + text
    if isinstance(value, tuple):
        return tuple(_poison(each, text) for each in value)
    if isinstance(value, Mapping):
        return {key: _poison(each, text) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in fields(value) if each.name not in _KEPT]
        return replace(value, **{name: _poison(getattr(value, name), text) for name in names})
    return value
