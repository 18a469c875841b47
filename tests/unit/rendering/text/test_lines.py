"""Lines of a width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.phrases import Phrase, Tone
from reconciler.rendering.phrases import code, phrase, value
from reconciler.rendering.style import Style
from reconciler.rendering.text.lines import Screen, fold, pad, show, show_value, widest
from reconciler.rendering.text_width import measure


def test_a_sentence_that_fits_is_one_line() -> None:
    assert fold(phrase("a ", value("b")), 10, "  ", "") == ["  a b"]


def test_what_can_be_typed_stays_in_one_piece() -> None:
    said = phrase("To allow this: ", code("--acknowledge unprotects=1"), " and write ", code("a b"))
    assert fold(said, 30, "", "  ") == ["To allow this:", "  --acknowledge unprotects=1", "  and write `a b`"]


def test_a_word_that_no_line_has_room_for_is_cut_into_pieces() -> None:
    assert fold((value("x" * 25),), 10, "  ", " ") == ["  xxxxxxxx", " xxxxxxxxx", " xxxxxxxx"]


def test_wide_characters_count_twice() -> None:
    assert all(measure(line) <= 10 for line in fold((value("漢字" * 10),), 10, "", "  "))


def test_foreign_text_is_escaped_and_own_layout_is_kept() -> None:
    screen = Screen(width=60)
    assert screen.wrap(phrase("a ", value("b\x1b[2J\nc")), lead="x    ", indent=2) == ["  x    a b\\x1b[2J\\x0ac"]


def test_a_tone_paints_a_line_without_its_indent() -> None:
    painted = Screen(width=60, style=Style(is_on=True)).wrap("a", indent=2, tone=Tone.DANGER)
    assert painted == ["  \x1b[31;1ma\x1b[0m"]


def test_texts_are_padded_by_cells() -> None:
    assert pad("漢", 4) == "漢  "
    assert pad("1", 3, is_number=True) == "  1"
    assert widest(["a", "漢"]) == 2
    assert widest([]) == 0
    assert show(show_value(None)) == "(none)"


_phrases = st.lists(st.builds(lambda text, make: make(text), st.text(max_size=40), st.sampled_from([value, code])))


@given(_phrases.map(tuple), st.integers(20, 80))
def test_no_line_is_wider_than_the_screen_and_nothing_is_lost(said: Phrase, width: int) -> None:
    lines = fold(said, width, "  ", "      ")
    assert all(measure(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(show(said).split())


@pytest.mark.parametrize("width", [60, 80])
def test_the_least_width_is_enough_for_a_long_path(width: int) -> None:
    lines = Screen(width=width).wrap((value("y" * 200),), lead="position.conditional.price.type:  ", indent=6)
    assert all(len(line) <= width for line in lines)
