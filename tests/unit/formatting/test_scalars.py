"""Tests of reconciler/formatting/scalars.py."""

from __future__ import annotations

from reconciler.formatting.scalars import (
    find_anchor,
    find_block_body,
    indent_block,
    indent_lines,
    is_block_scalar,
    skip_anchor,
)
from reconciler.loading.spans import find_spans


def test_an_anchor_is_found_and_skipped_with_the_comment_after_it() -> None:
    text = "a: &b # c\n  d\n"
    value = find_spans(text).entries[0].value
    assert find_anchor(text, value) == "&b"
    assert text[skip_anchor(text, value) :] == "d\n"


def test_the_lines_of_a_text_end_where_the_indentation_does() -> None:
    text = "a: |\n  one\n    two\n\nb: 1\n"
    body = find_block_body(text, 3, 0)
    assert body.lines == ("  one", "    two")
    assert text[body.end :] == "\n\nb: 1\n"
    assert not body.needs_no_end
    assert is_block_scalar(text, find_spans(text).entries[0].value)


def test_empty_lines_at_the_end_count_only_if_the_header_says_so() -> None:
    assert find_block_body("a: |+\n  one\n\n\nb: 1\n", 3, 0).lines == ("  one", "", "")
    assert find_block_body("a: |-\n  one\n\n\nb: 1\n", 3, 0).lines == ("  one",)


def test_a_text_without_lines_takes_nothing_of_what_follows() -> None:
    assert find_block_body("a:\n  b: |\n  c: 1\n", 8, 2).lines == ()


def test_lines_move_and_keep_what_is_beyond_their_indentation() -> None:
    body = find_block_body("a: |\n     one\n       two\n", 3, 0)
    assert indent_block(body, 4) == ["      one", "        two"]
    stepped = find_block_body("a: |1\n   one\n", 3, 0)
    assert indent_block(stepped, 4) == ["       one"]


def test_a_text_that_ends_with_the_file_needs_no_line_feed() -> None:
    assert find_block_body("a: |\n  one", 3, 0).needs_no_end
    assert not find_block_body("a: |-\n  one", 3, 0).needs_no_end


def test_the_lines_of_a_quoted_text_are_indented_and_empty_ones_are_not() -> None:
    assert indent_lines('"one\n      two\n\n three"', 2) == ['"one', "  two", "", '  three"']
