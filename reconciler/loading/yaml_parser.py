"""The YAML parser: from a text to nodes that know the position of every key and value.

It reads YAML events and uses no YAML loader. So it sees duplicate keys, the text of numbers, positions and the depth of
nesting, and deep nesting cannot overflow it. Scalars follow JSON: `true`, `false`, `null` and JSON numbers have their
JSON meaning, everything else is text.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn, Protocol, cast

import yaml

from reconciler.loading.sloppy_numbers import SplitNumbers, is_rest_of_number, join_split_number
from reconciler.loading.syntax_errors import find_syntax_error
from reconciler.model.documents import COLUMN_BITS, Document, ListNode, MappingNode, Mark, make_mark, write_path
from reconciler.model.problems import Problem

# The deepest plan file needs 8 levels.
MAX_DEPTH = 64
# Number of parts of a path that a problem shows.
MAX_SHOWN_DEPTH = 12
# Number of values that aliases may add to a file: a few lines must not expand to billions of values.
MAX_ALIASED_VALUES = 100_000
# Longer than any price, size or id, short enough to be harmless.
MAX_NUMBER_CHARS = 40
MAX_EXPONENT = 30

Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]
# The loader of libyaml is five times as fast, but PyYAML may have been built without it.
FASTEST_LOADER: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?")
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "": None}
_UNUSABLE = object()


# Compared by identity, which is the fastest test. Typed as `object`, since the protocol below is not a yaml.Event.
_SCALAR: type[object] = yaml.ScalarEvent
_ALIAS: type[object] = yaml.AliasEvent
_MAPPING_START: type[object] = yaml.MappingStartEvent
_MAPPING_END: type[object] = yaml.MappingEndEvent
_SEQUENCE_END: type[object] = yaml.SequenceEndEvent
_STREAM_END: type[object] = yaml.StreamEndEvent


class _ParserMark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    """The attributes of events that are read here; the stubs do not type them."""

    start_mark: _ParserMark
    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]
    value: str
    flow_style: bool


class _StopReadingError(Exception):
    """Nothing useful can be read after this problem, which is recorded already."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: object
    size: int


def parse_text(text: str, name: str, loader: Loader = FASTEST_LOADER) -> tuple[Document | None, tuple[Problem, ...]]:
    """Parse a text into a document, and report the problems of the text.

    Args:
        text: Text without invisible characters.
        name: Path as the user would type it.
        loader: Gives the events.

    Returns:
        The document, or None if the text cannot be read to its end, and the problems. If a key is duplicated, its
        first value counts. An unusable value is left out.
    """
    get_event = cast("Callable[[], _Event]", loader(text).get_event)
    lines = [line.rstrip("\r") for line in text.split("\n")]
    builder = _Builder(document=Document(name=name, root=MappingNode(0), lines=lines), get_event=get_event)
    try:
        with _paused_collector():
            root = builder.read_root()
    except _StopReadingError:
        return None, tuple(builder.problems)
    except yaml.YAMLError as error:
        builder.note_syntax_error(error)
        return None, tuple(builder.problems)
    return Document(name=name, root=root, lines=lines), tuple(builder.problems)


def parse_number(text: str) -> int | Decimal | None:
    """Parse a JSON number to its exact value; None for any other text.

    Raises:
        ValueError: The number is too long, or its exponent too large; the text says which.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    if len(text) > MAX_NUMBER_CHARS:
        raise ValueError(f"found a number of {len(text)} characters, expected at most {MAX_NUMBER_CHARS}")
    fraction, exponent = match.groups()
    if exponent is not None and abs(int(exponent)) > MAX_EXPONENT:
        raise ValueError(f"found the exponent {exponent}, expected one from -{MAX_EXPONENT} to {MAX_EXPONENT}")
    return int(text) if fraction is None and exponent is None else Decimal(text)


def _mark_of(event: _Event) -> Mark:
    mark = event.start_mark
    return mark.line << COLUMN_BITS | mark.column


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Disable the garbage collector: while all new objects stay in use, its searches double the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(slots=True, kw_only=True)
class _Builder:
    # Has no content; it gives positions and lines for problems.
    document: Document
    get_event: Callable[[], _Event]
    problems: list[Problem] = field(default_factory=list)
    path: list[str | int] = field(default_factory=list)
    # None for an anchor whose value is not complete yet.
    anchors: dict[str, _Anchored | None] = field(default_factory=dict)
    values: int = 0
    aliased_values: int = 0
    known_keys: set[str] = field(default_factory=set)
    # Texts of plain scalars and their values: the same few texts are repeated many times.
    meanings: dict[str, object] = field(default_factory=_WORDS.copy)

    def read_root(self) -> MappingNode:
        self.get_event()  # the start of the stream
        if type(self.get_event()) is _STREAM_END:
            self.stop("is empty; expected 'version: 1' and its other keys", 0)
        first = self.get_event()
        root = self.read_value(first)
        self.get_event()  # the end of the document
        following = self.get_event()
        if type(following) is not _STREAM_END:
            self.stop("found a second document ('---'), expected one per file", _mark_of(following))
        if not isinstance(root, MappingNode):
            found = "a list" if isinstance(root, ListNode) else "a single value" if root is not None else "no content"
            self.stop(f"found {found}, expected keys such as 'version: 1'", _mark_of(first))
        return root

    def read_value(self, event: _Event) -> object:
        kind = type(event)
        if kind is _SCALAR:
            return self.read_scalar(event)
        if kind is _ALIAS:
            return self.read_alias(event)
        if event.tag is not None:
            self.note(f"found the tag {event.tag}, expected none; only plain YAML is read", _mark_of(event))
        if len(self.path) >= MAX_DEPTH:
            self.stop(f"found more than {MAX_DEPTH} levels of nesting", _mark_of(event))
        anchor, before = event.anchor, self.values
        if anchor is not None:
            self.anchors[anchor] = None
        node = self.read_mapping(event) if kind is _MAPPING_START else self.read_list(event)
        self.values += 1
        if anchor is not None:
            self.anchors[anchor] = _Anchored(node, self.values - before)
        return node

    def read_mapping(self, start: _Event) -> MappingNode:
        node = MappingNode(_mark_of(start))
        get_event, marks, path = self.get_event, node.marks, self.path
        known_keys, meanings = self.known_keys, self.meanings
        split = SplitNumbers(node) if start.flow_style else None
        while (kind := type(key_event := get_event())) is not _MAPPING_END:
            # Fast path: a plain key and value that were seen before.
            is_known = kind is _SCALAR and key_event.implicit[0] and key_event.value in known_keys
            if split is not None and kind is _SCALAR and key_event.implicit[0] and split.takes(key_event.value):
                self.read_rest(split, key_event, get_event())
                continue
            key = key_event.value if is_known else self.read_key(key_event)
            event = get_event()
            if type(event) is _SCALAR and event.implicit[0] and event.value in meanings and event.anchor is None:
                value = meanings[event.value]
                self.values += 1
            else:
                path.append(key or "")
                value = self.read_value(event)
                path.pop()
            if key is None:
                continue
            if key in marks:
                self.note_duplicate(key, _mark_of(key_event), marks[key][0])
            elif value is not _UNUSABLE:
                marks[key] = (_mark_of(key_event), _mark_of(event))
                node[key] = value
        if split is not None:
            self.note_split(split)
        return node

    def read_rest(self, split: SplitNumbers, key_event: _Event, event: _Event) -> None:
        """Read a key that is the rest of a number, which a comma has split in two."""
        self.values += 1
        if type(event) is _SCALAR and event.implicit[0] and event.value == "":
            split.join(key_event.value)
            return
        shown = f"the key {key_event.value}, which is not text; put it in quotes"
        self.note(f"found {shown}", _mark_of(key_event))
        self.path.append(key_event.value)
        self.read_value(event)
        self.path.pop()

    def note_split(self, split: SplitNumbers) -> None:
        """Report the numbers that were split, and leave them out."""
        for key, written, joined in split.remove_all():
            mark = split.node.marks.pop(key)[1]
            self.path.append(key)
            self.note(f"found {written}, which a comma splits in two in {{...}}; write {joined}", mark)
            self.path.pop()

    def read_list(self, start: _Event) -> ListNode:
        node = ListNode(_mark_of(start))
        get_event, path = self.get_event, self.path
        while type(event := get_event()) is not _SEQUENCE_END:
            path.append(len(node))
            value = self.read_value(event)
            path.pop()
            if start.flow_style and node and is_rest_of_number(node[-1], value):
                self.note_split_item(node, str(value))
            elif value is not _UNUSABLE:
                node.marks.append(_mark_of(event))
                node.append(value)
        return node

    def note_split_item(self, node: ListNode, rest: str) -> None:
        """Report a number of a list that was split, and join it."""
        joined = join_split_number(node[-1], rest) or f"{node[-1]}{rest}"
        self.path.append(len(node) - 1)
        self.note(f"found {node[-1]},{rest}, which a comma splits in two in [...]; write {joined}", node.marks[-1])
        self.path.pop()
        node[-1] = Decimal(joined)

    def read_key(self, event: _Event) -> str | None:
        if type(event) is not _SCALAR:
            self.stop("found a key that is not text, expected a name", _mark_of(event))
        key = event.value
        if event.implicit[0] and (key in _WORDS or not isinstance(self.resolve(event), str)):
            if not self.is_next_step():
                self.note(f"found {self.describe_key(key)}", _mark_of(event))
            return None
        if event.tag is not None or event.anchor is not None:
            self.note("found a tag or an anchor at a key, expected a plain name", _mark_of(event))
            return None
        self.known_keys.add(key)
        return key

    def is_next_step(self) -> bool:
        """Return whether a key numbers one more step of a take profit whose first one is reported."""
        if self.path[-1:] != ["take_profit"] or not self.problems:
            return False
        before = self.problems[-1]
        return before.path == write_path(tuple(self.path)) and "expected a list of steps" in before.message

    def describe_key(self, key: str) -> str:
        if not key:
            return "an empty key"
        if self.path[-1:] == ["take_profit"]:
            step = "{order_type: limit, price: 63000, volume: 100}"
            return f"the key {key}, expected a list of steps; write take_profit: [{step}]"
        return f"the key {key}, which is not text; put it in quotes"

    def read_scalar(self, event: _Event) -> object:
        self.values += 1
        if event.tag is not None:
            self.note(f"found the tag {event.tag}, expected none; only plain YAML is read", _mark_of(event))
            return _UNUSABLE
        value = self.resolve(event) if event.implicit[0] else event.value
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(value, 1)
        return value

    def resolve(self, event: _Event) -> object:
        text = event.value
        if text in self.meanings:
            return self.meanings[text]
        try:
            number = parse_number(text)
        except ValueError as error:
            self.note(str(error), _mark_of(event))
            return _UNUSABLE
        value = self.meanings[text] = text if number is None else number
        return value

    def read_alias(self, event: _Event) -> object:
        anchored = self.anchors.get(event.anchor or "")
        if anchored is None:
            reason = "is inside the value it refers to" if event.anchor in self.anchors else "has no anchor above it"
            self.note(f"found the alias *{event.anchor}, which {reason}", _mark_of(event))
            return _UNUSABLE
        self.aliased_values += anchored.size
        self.values += anchored.size
        if self.aliased_values > MAX_ALIASED_VALUES:
            self.stop(f"found aliases that expand to more than {MAX_ALIASED_VALUES} values", _mark_of(event))
        return anchored.value

    def note_duplicate(self, key: str, mark: Mark, first_mark: Mark) -> None:
        self.path.append(key)
        self.note(
            f"found the key {key!r} a second time; the first is in line {self.document.locate(first_mark).line}", mark
        )
        self.path.pop()

    def note_syntax_error(self, error: yaml.YAMLError) -> None:
        line, column, message = find_syntax_error(self.document.lines, error)
        self.path.clear()
        self.note(f"is not YAML here: {message}", make_mark(line, column))

    def note(self, message: str, mark: Mark) -> None:
        path = tuple(self.path[:MAX_SHOWN_DEPTH])
        self.problems.append(self.document.problem(path, message, at=self.document.locate(mark)))

    def stop(self, message: str, mark: Mark) -> NoReturn:
        self.note(message, mark)
        raise _StopReadingError
