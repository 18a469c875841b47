from __future__ import annotations

import pytest
from markupsafe import Markup

from reconciler.model.phrases import Span
from reconciler.rendering.html.markup import show, write_path, write_phrase, write_sentence
from reconciler.rendering.phrases import code, phrase, strong, value

HOSTILE = '<script>alert(1)</script>\u202e&"'


def test_every_part_of_a_sentence_is_escaped_and_keeps_its_kind() -> None:
    said = write_phrase(phrase("a < b ", value("<i>x"), " ", code("y & z"), " ", strong("w")))
    assert said == "a &lt; b <bdi>&lt;i&gt;x</bdi> <code>y &amp; z</code> <b>w</b>"


def test_what_is_in_back_quotes_in_our_own_words_is_code() -> None:
    assert write_phrase([Span("see `fees` there")]) == "see <code>fees</code> there"


def test_a_name_with_back_quotes_makes_no_code() -> None:
    assert write_phrase(phrase("trade ", value("a`b`c"))) == "trade <bdi>a`b`c</bdi>"


def test_a_sentence_has_a_capital_and_an_end() -> None:
    assert write_sentence(phrase("it is ", value("x"))) == "It is <bdi>x</bdi>."


@pytest.mark.parametrize("write", [write_path, lambda text: write_phrase([value(text)]), show])
def test_characters_that_reorder_others_are_shown_as_escapes(write: object) -> None:
    assert "\\u202e" in str(write(HOSTILE))  # type: ignore[operator]  # a function of this module
    assert "\u202e" not in str(write(HOSTILE))  # type: ignore[operator]


def test_markup_and_numbers_are_left_as_they_are() -> None:
    assert show(Markup("<b>")) == Markup("<b>")
    assert show(7) == 7


def test_a_path_may_be_broken_after_dots_and_low_lines() -> None:
    assert write_path("stop_loss.<price") == "stop_<wbr>loss.<wbr>&lt;price"
