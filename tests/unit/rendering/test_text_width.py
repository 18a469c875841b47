"""The number of terminal cells that a text takes."""

from __future__ import annotations

import pytest

from reconciler.rendering.text_width import cut_middle, measure


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("", 0), ("漢字", 4), ("e\u0301", 1), ("\x1b[31mab\x1b[0m", 2)]
)
def test_cells_are_counted_and_not_characters(text: str, cells: int) -> None:
    assert measure(text) == cells


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [("abcdefgh", 8, "abcdefgh"), ("abcdefgh", 5, "ab…gh"), ("abcdefgh", 4, "ab…h"), ("abc", 1, "…")],
)
def test_a_text_is_cut_in_its_middle(text: str, width: int, cut: str) -> None:
    assert cut_middle(text, width) == cut


def test_a_cut_text_of_wide_characters_fits() -> None:
    assert measure(cut_middle("漢字漢字漢字", 7)) <= 7
