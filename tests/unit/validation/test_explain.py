"""The words of messages: what was found, what was meant, what is allowed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.loading.files import load_text
from reconciler.validation.explain import describe, is_slip, join_words, quote, suggest
from reconciler.validation.schemas import validate_plan


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing (null)"),
        (True, "true"),
        (5, "the number 5"),
        (Decimal("0.10"), "the number 0.10"),
        ("yes", 'the text "yes"'),
        ("", "an empty text"),
        ([1], "a list"),
        ({"a": 1}, "a group of keys"),
    ],
)
def test_a_value_is_described(value: object, words: str) -> None:
    assert describe(value) == words


def test_a_long_text_is_cut_and_a_control_character_is_escaped() -> None:
    assert quote("x" * 41) == '"' + "x" * 39 + '…"'
    assert quote('a"\x1b') == '"a\\"\\u001b"'


def test_the_most_similar_word_is_suggested_or_else_all_words() -> None:
    assert suggest("postion", ["position", "note"]) == "did you mean position?"
    assert suggest("zzz", ["position", "note"]) == "expected position or note"
    assert suggest("zzz", []) == "expected nothing here"


def test_words_are_joined_as_a_choice() -> None:
    assert join_words(["bid", "ask", "last"]) == "bid, ask or last"
    assert join_words(["bid"]) == "bid"
    assert join_words([]) == ""


def test_only_a_similar_word_may_be_a_misspelling() -> None:
    assert is_slip("stop_los", "stop_loss")
    assert not is_slip("note", "stop_loss")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("pair: 5", "found the number 5, expected a pair such as USDT_BTC"),
        ("pair: USDT_BTC, steps: []", 'found the unknown key "steps"; write it as take_profit'),
        ("pair: USDT_BTC, instant: yes", 'found the text "yes", expected true or false'),
        ("pair: USDT_BTC, stop_loss: off", "only true and false, in lower case, are booleans"),
        ("pair: USDT_BTC, state: opne", "did you mean open?"),
        ("pair: USDT_BTC, take_profit: []", "found an empty list, expected content or false"),
        ("pair: USDT_BTC, generation: 0", "found the number 0, expected at least 1"),
    ],
)
def test_an_error_of_the_schema_is_told_in_the_words_of_the_file(fields: str, message: str) -> None:
    document, _ = load_text(f"version: 1\naccount: main\ntrades: {{a: {{{fields}}}}}", "plan.yaml")
    assert document is not None
    found = [problem.message for problem in validate_plan(document)]
    assert any(message in each for each in found), found
