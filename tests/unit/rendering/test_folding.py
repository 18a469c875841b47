"""Sentences broken after punctuation."""

from __future__ import annotations

from reconciler.rendering.folding import WIDTH, fold_text


def test_a_short_sentence_stays_in_one_line() -> None:
    assert fold_text("a, b; c", indent=6) == ["a, b; c"]


def test_a_long_sentence_breaks_after_punctuation_only() -> None:
    parts = [f"part {number} of a sentence," for number in range(9)]
    lines = fold_text(" ".join(parts), indent=6)
    assert " ".join(lines) == " ".join(parts)
    assert all(line.endswith(",") and len(line) <= WIDTH - 6 for line in lines)


def test_what_has_no_punctuation_is_left_whole() -> None:
    assert fold_text("x" * 200, indent=6) == ["x" * 200]
