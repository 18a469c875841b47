"""Sentences in parts."""

from __future__ import annotations

from reconciler.model.phrases import Span, SpanKind, plain_text
from reconciler.rendering.phrases import (
    capitalize,
    code,
    end_sentence,
    join,
    mark_code,
    name_values,
    phrase,
    strong,
    unit,
    value,
)


def test_own_words_that_follow_each_other_are_one_part_and_empty_parts_are_left_out() -> None:
    assert phrase("a ", "b", value(""), (Span(" c"),), value("x"), strong("y")) == (
        Span("a b c"),
        Span("x", SpanKind.VALUE),
        Span("y", SpanKind.STRONG),
    )


def test_sentences_are_joined_without_the_empty_ones() -> None:
    assert plain_text(join([phrase("a"), (), phrase("b")])) == "a; b"
    assert join([]) == ()


def test_a_few_names_are_shown_and_the_rest_is_counted() -> None:
    assert plain_text(name_values(["a", "b", "c"], 2)) == "a, b and 1 more"
    assert name_values(["a"], 2) == (Span("a", SpanKind.VALUE),)


def test_only_own_words_get_a_capital_and_a_sentence_gets_one_end() -> None:
    assert capitalize(phrase("stop")) == (Span("Stop"),)
    assert capitalize((value("stop"),)) == (value("stop"),)
    assert capitalize(()) == ()
    assert plain_text(end_sentence(phrase("a"))) == "a."
    assert plain_text(end_sentence(phrase("a!"))) == "a!"
    assert end_sentence(()) == ()


def test_what_is_in_back_quotes_is_code_with_the_values_in_it() -> None:
    said = mark_code([Span("write ` a"), value("2"), Span("]` into `note"), Span("` now")])
    assert said == (Span("write "), code(" a2]"), Span(" into "), code("note"), Span(" now"))


def test_a_back_quote_that_is_alone_stays() -> None:
    assert mark_code([Span("a ` b"), value("c")]) == (Span("a ` bc"),)


def test_a_currency_is_our_word_and_anything_else_is_a_value() -> None:
    assert unit("USDT").kind is SpanKind.TEXT
    assert unit("<b>").kind is SpanKind.VALUE
    assert unit("usdt @desk").kind is SpanKind.VALUE
