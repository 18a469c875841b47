"""Edits in place: what changes, and that nothing else does."""

from __future__ import annotations

import pytest

from reconciler.formatting.splice import (
    CannotSplice,
    add_entry,
    add_trades,
    insert_item,
    remove_entry,
    remove_item,
    replace_entry,
    wrap_list,
)
from reconciler.loading.spans import KeySpan, Span, find_spans


def entry_at(text: str, *path: str) -> KeySpan:
    span, entry = find_spans(text), None
    for key in path:
        entry = span.find(key)
        assert entry is not None, key
        span = entry.value
    assert entry is not None
    return entry


def value_at(text: str, *path: str) -> Span:
    return entry_at(text, *path).value if path else find_spans(text)


def test_a_value_is_replaced_and_the_comment_behind_it_stays() -> None:
    text = "a:   1   # one\nb: 2\n"
    assert replace_entry(text, entry_at(text, "a"), 7) == "a:   7   # one\nb: 2\n"


def test_a_block_becomes_one_line_and_the_comment_of_its_key_stays() -> None:
    text = "a: # why\n  b: 1\n  c: 2\n# next\nd: 3\n"
    assert replace_entry(text, entry_at(text, "a"), {"b": 5}) == "a: {b: 5} # why\n# next\nd: 3\n"


def test_one_line_becomes_a_block_where_it_holds_a_list() -> None:
    text = "x:\n  a: false # off\n"
    assert replace_entry(text, entry_at(text, "x", "a"), [{"b": 1}]) == "x:\n  a:\n    - {b: 1} # off\n"


def test_a_value_that_is_not_written_gets_its_place() -> None:
    text = "a:\nb: 2\n"
    assert replace_entry(text, entry_at(text, "a"), 1) == "a: 1\nb: 2\n"


@pytest.mark.parametrize(
    ("text", "path", "key", "after"),
    [
        ("a: 1\nb: 2 # two\nc: 3\n", (), "b", "a: 1\nc: 3\n"),
        ("a: 1\nb:\n  - 1\n  - 2\n# about c\nc: 3\n", (), "b", "a: 1\n# about c\nc: 3\n"),
        ("x: {a: 1, b: 2, c: 3}\n", ("x",), "a", "x: {b: 2, c: 3}\n"),
        ("x: {a: 1, b: 2, c: 3}\n", ("x",), "c", "x: {a: 1, b: 2}\n"),
        ("x: { a: 1 } # c\n", ("x",), "a", "x: {  } # c\n"),
        ("a: 1\nb: 2", (), "b", "a: 1\n"),
    ],
)
def test_a_key_goes_with_its_value(text: str, path: tuple[str, ...], key: str, after: str) -> None:
    assert remove_entry(text, value_at(text, *path), entry_at(text, *path, key)) == after


def test_the_first_key_of_a_list_item_leaves_its_dash_to_the_next() -> None:
    text = "x:\n  - a: 1\n    b: 2\n  - c: 3\n"
    item = value_at(text, "x").items[0]
    assert remove_entry(text, item, item.entries[0]) == "x:\n  - b: 2\n  - c: 3\n"


@pytest.mark.parametrize(
    ("text", "place", "after"),
    [
        ("x:\n  - 1 # one\n  # about two\n  - 2\n", 0, "x:\n  # about two\n  - 2\n"),
        ("x:\n- 1\n- 2\n", 1, "x:\n- 1\n"),
        ("x: [1, 2, 3]\n", 1, "x: [1, 3]\n"),
        ("x: [1, 2]\n", 1, "x: [1]\n"),
    ],
)
def test_an_item_goes_with_its_line(text: str, place: int, after: str) -> None:
    assert remove_item(text, value_at(text, "x"), place) == after


@pytest.mark.parametrize(
    ("text", "place", "after"),
    [
        ("x:\n  - 1 # one\n  - 2\n", 1, "x:\n  - 1 # one\n  - {a: 9}\n  - 2\n"),
        ("x:\n  - 1\n", 0, "x:\n  - {a: 9}\n  - 1\n"),
        ("x:\n- 1\n", 1, "x:\n- 1\n- {a: 9}\n"),
        ("x: [1, 2]\n", 0, "x: [{a: 9}, 1, 2]\n"),
        ("x: [1, 2]\n", 2, "x: [1, 2, {a: 9}]\n"),
    ],
)
def test_an_item_is_put_where_it_belongs(text: str, place: int, after: str) -> None:
    assert insert_item(text, value_at(text, "x"), place, {"a": 9}) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x:\n  a: 1 # one\n  c: 3\n", "x:\n  a: 1 # one\n  b: 2\n  c: 3\n"),
        ("x: {a: 1, c: 3} # c\n", "x: {a: 1, b: 2, c: 3} # c\n"),
        ("x: {}\n", "x: {b: 2}\n"),
        ("x:\r\n  a: 1\r\n  c: 3", "x:\r\n  a: 1\r\n  b: 2\r\n  c: 3"),
        ("x:\n  a: 1", "x:\n  a: 1\n  b: 2\n"),
    ],
)
def test_a_key_is_added_in_its_usual_place(text: str, after: str) -> None:
    assert add_entry(text, value_at(text, "x"), "b", 2, ("a", "b", "c")) == after


def test_trades_are_added_behind_the_others_and_before_the_comments_at_the_end() -> None:
    text = "trades:\n    a: {x: 1}\n    b: {x: 2}\n# the end\n"
    after = add_trades(text, value_at(text, "trades"), {"c": {"x": 3}, "d": {"x": 4}})
    assert after == "trades:\n    a: {x: 1}\n    b: {x: 2}\n    c:\n      x: 3\n    d:\n      x: 4\n# the end\n"


def test_trades_with_empty_lines_between_them_keep_these() -> None:
    text = "trades:\n  a: {x: 1}\n\n  b: {x: 2} # b\ndefaults: {}\n"
    after = add_trades(text, value_at(text, "trades"), {"c": {"x": 3}})
    assert after == "trades:\n  a: {x: 1}\n\n  b: {x: 2} # b\n\n  c:\n    x: 3\ndefaults: {}\n"


def test_trades_in_braces_are_added_in_braces() -> None:
    text = "trades: {a: {x: 1} } # all\n"
    after = add_trades(text, value_at(text, "trades"), {"c": {"x": 3}})
    assert after == "trades: {a: {x: 1}, c: {x: 3} } # all\n"


def test_a_list_becomes_a_group_with_its_comments_inside() -> None:
    text = "t:\n  x: # steps\n    # first\n    - {a: 1} # one\n\n    - {a: 2}\n  y: 1\n"
    after = wrap_list(text, entry_at(text, "t", "x"), "steps", "unallocated", 30)
    assert after == (
        "t:\n  x: # steps\n    unallocated: 30\n    steps:\n"
        "      # first\n      - {a: 1} # one\n\n      - {a: 2}\n  y: 1\n"
    )


def test_a_list_in_brackets_becomes_a_group_in_braces() -> None:
    text = "x: [{a: 1}, {a: 2}] # c\n"
    after = wrap_list(text, entry_at(text, "x"), "steps", "unallocated", 30)
    assert after == "x: {unallocated: 30, steps: [{a: 1}, {a: 2}]} # c\n"


@pytest.mark.parametrize("text", ["b: &b 1\na: *b\n", "a: &b {x: 1}\nb: *b\n", "a: {x: &b 1}\nb: *b\n"])
def test_what_an_alias_shares_is_not_changed(text: str) -> None:
    with pytest.raises(CannotSplice, match=r"anchor|alias"):
        replace_entry(text, entry_at(text, "a"), 2)
