"""Edits of a plan file that leave all other characters unchanged: comments, spacing, quotes and line ends.

A library that reads a file and writes it again loses or moves comments, removes spaces and changes indentation and line
ends. Here only the characters of the edited value change. Each edit takes a text and returns a new one; positions in
the new text must be searched again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.formatting.emit import INDENT, emit_entry, emit_flow, emit_item, emit_scalar, emit_trade
from reconciler.loading.spans import KeySpan, Shape, Span


class CannotSplice(Exception):
    """The value cannot be edited alone because of the way it is written; the text says which way."""


def replace_entry(text: str, entry: KeySpan, value: object) -> str:
    """Replace the value of a key; a comment after it is kept.

    Raises:
        CannotSplice: The value is an alias, or an alias may refer to it.
    """
    _refuse_shared(entry.value)
    old = text[entry.value.start : entry.value.end]
    column = _column(text, entry.start)
    is_own_line = not text[entry.start - column : entry.start].strip(" -")
    lines = emit_entry(entry.key, value, column)
    if "\n" not in old and (len(lines) == 1 or not is_own_line):
        space = "" if text[entry.value.start - 1 : entry.value.start].isspace() else " "
        return text[: entry.value.start] + space + emit_flow(value) + text[entry.value.end :]
    head_end = text.index(":", entry.key_end) + 1
    first, *rest = lines
    comment = text[head_end : _line_end(text, head_end)].strip() if not entry.value.is_flow else ""
    comment = f" {comment}" if comment.startswith("#") else ""
    shown = first[first.index(":", len(emit_scalar(entry.key)) + column) + 1 :] + comment
    return text[:head_end] + _join(text, [shown, *rest]) + text[entry.value.end :]


def replace_item(text: str, item: Span, value: object) -> str:
    """Replace an item of a list, on one line.

    Raises:
        CannotSplice: The item is an alias, or an alias may refer to it.
    """
    _refuse_shared(item)
    return text[: item.start] + emit_flow(value) + text[item.end :]


def add_entry(text: str, mapping: Span, key: str, value: object, order: Sequence[str] = ()) -> str:
    """Add a key to a mapping.

    Args:
        text: The text.
        mapping: The mapping; if it is in block style, it has entries.
        key: The new key.
        value: Its value.
        order: Keys in their usual order; the new key goes after the last of those before it.

    Raises:
        CannotSplice: The mapping is an alias, or an alias may refer to it.
    """
    if mapping.shape is not Shape.MAPPING or mapping.is_anchored:
        raise CannotSplice("it is written with an anchor or an alias")
    if mapping.is_flow:
        written = f"{emit_scalar(key)}: {emit_flow(value)}"
        if not mapping.entries:
            return text[: mapping.start + 1] + written + text[mapping.start + 1 :]
        after = _find_place(mapping, key, order).value.end
        return f"{text[:after]}, {written}{text[after:]}"
    column = _column(text, mapping.entries[0].start)
    after = _find_place(mapping, key, order).value.end
    return insert_lines(text, after, emit_entry(key, value, column))


def add_trades(text: str, trades: Span, added: Mapping[str, Mapping[str, object]]) -> str:
    """Add trades after all others, with empty lines between them if the others have them.

    Args:
        text: The text.
        trades: The value of its key `trades`; not empty.
        added: Fields by name.

    Raises:
        CannotSplice: The trades are an alias.
    """
    if trades.shape is not Shape.MAPPING:
        raise CannotSplice("they are written as an alias")
    last = trades.entries[-1]
    if trades.is_flow:
        written = "".join(f", {emit_scalar(name)}: {emit_flow(fields)}" for name, fields in added.items())
        return text[: last.value.end] + written + text[last.value.end :]
    column = _column(text, trades.entries[0].start)
    space = [""] if _are_spaced(text, trades) else []
    lines = [line for name, fields in added.items() for line in (*space, *emit_trade(name, fields, column))]
    return insert_lines(text, last.value.end, lines)


def remove_entry(text: str, mapping: Span, entry: KeySpan) -> str:
    """Remove a key with its value from a mapping.

    Raises:
        CannotSplice: An alias may refer to the value.
    """
    if entry.value.is_anchored:
        raise CannotSplice("it is written with an anchor")
    place = mapping.entries.index(entry)
    before = [(other.start, other.value.end) for other in mapping.entries]
    return _remove(text, before, place, is_flow=mapping.is_flow)


def remove_item(text: str, items: Span, place: int) -> str:
    """Remove an item from a list.

    Raises:
        CannotSplice: An alias may refer to the item.
    """
    item = items.items[place]
    if item.is_anchored:
        raise CannotSplice("it is written with an anchor")
    spans = [(other.start if items.is_flow else _find_dash(text, other.start), other.end) for other in items.items]
    return _remove(text, spans, place, is_flow=items.is_flow)


def insert_item(text: str, items: Span, place: int, value: object) -> str:
    """Insert an item into a list that is not empty.

    Args:
        text: The text.
        items: The list.
        place: Index of the item before which it goes; after the last one if it is larger.
        value: The new item.
    """
    if items.is_flow:
        if place < len(items.items):
            start = items.items[place].start
            return f"{text[:start]}{emit_flow(value)}, {text[start:]}"
        end = items.items[-1].end
        return f"{text[:end]}, {emit_flow(value)}{text[end:]}"
    column = _column(text, _find_dash(text, items.items[0].start))
    lines = emit_item(value, column)
    if place:
        return insert_lines(text, items.items[place - 1].end, lines)
    start = _find_dash(text, items.items[0].start) - column
    return text[:start] + _join(text, [*lines, ""]) + text[start:]


def wrap_list(text: str, entry: KeySpan, key: str, other: str, value: object) -> str:
    """Turn a list into a mapping that contains it, with one more key before it: `unallocated` before `steps`.

    Args:
        text: The text.
        entry: The entry whose value is the list.
        key: The key that the list gets.
        other: The additional key.
        value: Its value.
    """
    _refuse_shared(entry.value)
    start, end = entry.value.start, entry.value.end
    if entry.value.is_flow:
        return f"{text[:start]}{{{other}: {emit_flow(value)}, {key}: {text[start:end]}}}{text[end:]}"
    column = _column(text, entry.start) + INDENT
    below = text.rindex("\n", 0, start) + 1
    first = _line_end(text, text.index(":", entry.key_end)) + 1
    block = text[first:end]
    # Comments between the items move too; an empty line stays empty.
    moved = "\n".join(" " * INDENT + line if line.strip() else line for line in block.split("\n"))
    if below < first:
        raise CannotSplice("the list begins beside its key")
    heads = _join(text, [f"{' ' * column}{other}: {emit_flow(value)}", f"{' ' * column}{key}:", ""])
    return text[:first] + heads + moved + text[end:]


def insert_lines(text: str, after: int, lines: Sequence[str]) -> str:
    """Insert lines after the line of an offset."""
    end = _line_end(text, after)
    newline = "\r\n" if "\r\n" in text else "\n"
    if end == len(text):
        return text + newline + newline.join(lines) + newline
    return text[: end + 1] + newline.join(lines) + newline + text[end + 1 :]


def _remove(text: str, spans: Sequence[tuple[int, int]], place: int, *, is_flow: bool) -> str:
    start, end = spans[place]
    column = _column(text, start)
    is_own_line = not text[start - column : start].strip()
    if not is_flow and is_own_line:
        return text[: start - column] + text[min(_line_end(text, end) + 1, len(text)) :]
    if place + 1 < len(spans):
        # The first key of a list item is on the line of its dash; the next key moves there.
        return text[:start] + text[spans[place + 1][0] :]
    if place:
        return text[: spans[place - 1][1]] + text[end:]
    if is_flow:
        return text[:start] + text[end:]
    raise CannotSplice("it is the only key of its group")


def _refuse_shared(value: Span) -> None:
    if value.shape is Shape.ALIAS:
        raise CannotSplice("it is written as an alias")
    if value.is_anchored:
        raise CannotSplice("it is written with an anchor")


def _find_place(mapping: Span, key: str, order: Sequence[str]) -> KeySpan:
    """Find the entry after which a new key goes."""
    if key in order:
        before = set(order[: order.index(key)])
        known = [entry for entry in mapping.entries if entry.key in before]
        if known:
            return known[-1]
    return mapping.entries[-1]


def _are_spaced(text: str, trades: Span) -> bool:
    """Return whether there is an empty line between the trades."""
    pairs = zip(trades.entries, trades.entries[1:], strict=False)
    gaps = [text[one.value.end : other.start] for one, other in pairs]
    return not gaps or any("\n\n" in gap.replace("\r", "") for gap in gaps)


def _find_dash(text: str, start: int) -> int:
    return text.rindex("-", 0, start)


def _column(text: str, offset: int) -> int:
    return offset - (text.rfind("\n", 0, offset) + 1)


def _line_end(text: str, offset: int) -> int:
    """Find the offset of the line feed that ends a line, or of the end of the text."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found


def _join(text: str, lines: Sequence[str]) -> str:
    return ("\r\n" if "\r\n" in text else "\n").join(lines)
