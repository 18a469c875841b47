"""Spans of a YAML text: the start and end of each key and value, so that one of them can be edited in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, cast

import yaml

from reconciler.loading.yaml_parser import FASTEST_LOADER, MAX_DEPTH, Loader


class Shape(StrEnum):
    """The kind of value in a span of text."""

    SCALAR = "scalar"
    MAPPING = "mapping"
    LIST = "list"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A value in a text.

    Attributes:
        shape: Its kind.
        start: Offset of its first character. If the value is not written, the offset where it would be.
        end: Offset after its last character, without the rest of the line.
        text: The text of a scalar.
        is_flow: Whether a mapping or list is written in brackets.
        is_anchored: Whether it, or something in it, has an anchor, so that an alias elsewhere may refer to it.
        entries: The entries of a mapping.
        items: The items of a list.
    """

    shape: Shape
    start: int
    end: int
    text: str = ""
    is_flow: bool = False
    is_anchored: bool = False
    entries: tuple[KeySpan, ...] = ()
    items: tuple[Span, ...] = ()

    def find(self, key: str) -> KeySpan | None:
        """Find the entry of a key; None if there is none."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySpan:
    """An entry of a mapping.

    Attributes:
        key: Its key.
        start: Offset of the first character of the key.
        key_end: Offset after the key, before the colon.
        value: Its value.
    """

    key: str
    start: int
    key_end: int
    value: Span


# What ends a scalar in YAML: other blanks, such as a no-break space, are a part of it.
BLANKS = " \t\r\n"

# Typed as `object`, since the protocol below is not a yaml.Event.
_SCALAR: type[object] = yaml.ScalarEvent
_ALIAS: type[object] = yaml.AliasEvent
_MAPPING_START: type[object] = yaml.MappingStartEvent
_MAPPING_END: type[object] = yaml.MappingEndEvent
_LIST_END: type[object] = yaml.SequenceEndEvent


class _ParserMark(Protocol):
    index: int


class _Event(Protocol):
    start_mark: _ParserMark
    end_mark: _ParserMark
    anchor: str | None
    value: str
    flow_style: bool


def find_spans(text: str, loader: Loader = FASTEST_LOADER) -> Span:
    """Find the spans of a text that `load_text` reads without problems.

    Args:
        text: The content of a plan file.
        loader: Gives the events.
    """
    get_event = cast("Callable[[], _Event]", loader(text).get_event)
    get_event()  # the start of the stream
    get_event()  # the start of the document
    return _Reader(text=text, get_event=get_event).read(get_event())


@dataclass(slots=True, kw_only=True)
class _Reader:
    text: str
    get_event: Callable[[], _Event]
    depth: int = field(default=0)

    def read(self, event: _Event) -> Span:
        if type(event) is _SCALAR:
            return self.read_scalar(event)
        start, end = event.start_mark.index, event.end_mark.index
        if type(event) is _ALIAS:
            return Span(shape=Shape.ALIAS, start=start, end=end)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise AssertionError("loading refuses such nesting")
        span = self.read_mapping(event) if type(event) is _MAPPING_START else self.read_list(event)
        self.depth -= 1
        return span

    def read_scalar(self, event: _Event) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        # A block scalar reaches to the next token.
        end = start + len(self.text[start:end].rstrip(BLANKS))
        is_anchored = event.anchor is not None
        return Span(shape=Shape.SCALAR, start=start, end=end, text=event.value, is_anchored=is_anchored)

    def read_mapping(self, begin: _Event) -> Span:
        entries: list[KeySpan] = []
        while type(event := self.get_event()) is not _MAPPING_END:
            value = self.read(self.get_event())
            start, key_end = event.start_mark.index, event.end_mark.index
            entries.append(KeySpan(key=event.value, start=start, key_end=key_end, value=value))
        values = [entry.value for entry in entries]
        return Span(
            shape=Shape.MAPPING,
            start=begin.start_mark.index,
            end=self.find_end(begin, event, values),
            is_flow=begin.flow_style,
            is_anchored=begin.anchor is not None or any(value.is_anchored for value in values),
            entries=tuple(entries),
        )

    def read_list(self, begin: _Event) -> Span:
        items: list[Span] = []
        while type(event := self.get_event()) is not _LIST_END:
            items.append(self.read(event))
        return Span(
            shape=Shape.LIST,
            start=begin.start_mark.index,
            end=self.find_end(begin, event, items),
            is_flow=begin.flow_style,
            is_anchored=begin.anchor is not None or any(item.is_anchored for item in items),
            items=tuple(items),
        )

    def find_end(self, begin: _Event, event: _Event, values: list[Span]) -> int:
        """Find the end of a mapping or list. A block has no closing bracket, so it ends with its last value."""
        if begin.flow_style or not values:
            return event.end_mark.index
        return values[-1].end
