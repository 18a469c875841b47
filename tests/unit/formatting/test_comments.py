"""Tests of reconciler/formatting/comments.py."""

from __future__ import annotations

from reconciler.formatting.comments import find_column, find_comments, hide_comments, is_after_blank
from reconciler.loading.spans import find_spans

TEXT = 'a: "x # no" # one\n\n# two - {\nb: [y#z, # three\n  1]\nc: |\n  # no\nd: &e # four\n  f: 1\n'


def test_comments_are_found_and_what_only_looks_like_one_is_not() -> None:
    found = find_comments(TEXT, find_spans(TEXT))
    assert [each.text for each in found] == ["# one", "# two - {", "# three", "# four"]
    assert [each.is_trailing for each in found] == [True, False, True, True]
    assert [each.follows_blank for each in found] == [False, True, False, False]
    assert found[1].column == 0


def test_hidden_comments_leave_every_offset_as_it_is() -> None:
    bare = hide_comments(TEXT, find_comments(TEXT, find_spans(TEXT)))
    assert len(bare) == len(TEXT)
    assert "three" not in bare
    assert bare.index("c: |") == TEXT.index("c: |")


def test_columns_and_empty_lines_are_found_by_offset() -> None:
    assert find_column("a: 1\n  b", 7) == 2
    assert is_after_blank("a\n \nb", 4)
    assert not is_after_blank("a\nb", 2)
    assert not is_after_blank("a", 0)
