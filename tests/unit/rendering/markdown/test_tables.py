"""Parts of Markdown that several views share."""

from __future__ import annotations

from reconciler.model.phrases import Tone
from reconciler.model.views import FieldView
from reconciler.rendering.markdown.tables import (
    SIGNS,
    list_items,
    write_alert,
    write_fields,
    write_ladder,
    write_row,
    write_sentence,
)
from reconciler.rendering.phrases import phrase, value
from tests.unit.rendering.markdown.test_escape import parse
from tests.unit.rendering.text.test_ladder import make


def test_every_tone_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(Tone)


def test_an_alert_is_one_quotation() -> None:
    assert write_alert("CAUTION", ["**a**", "", "- b"]) == "> [!CAUTION]\n> **a**\n>\n> - b"
    assert parse(write_alert("CAUTION", ["a", "", "- b"])).tags == ["blockquote", "p", "ul", "li"]


def test_fields_are_a_table_whatever_is_in_them() -> None:
    text = write_fields([FieldView(path="a|b", before=None, after="`x`")], "Live", "File")
    assert text.splitlines()[0] == "| Field | Live | File |"
    assert text.splitlines()[2] == "| `a\\|b` | (none) | `` `x` `` |"
    assert parse(text).tags.count("td") == 3


def test_a_ladder_is_a_diff_in_a_block_that_nothing_ends() -> None:
    text = write_ladder(make("`````"))
    lines = text.splitlines()
    assert lines[0] == "```diff"
    assert [line[0] for line in lines[1:-1]] == [" ", " ", "-", "!"]
    assert parse(text).tags == ["pre", "code"]


def test_long_lists_are_counted() -> None:
    sentences = [phrase(f"s{number}") for number in range(5)]
    assert list(list_items(sentences, 2, "limits")) == ["- s0", "- s1", "- and 3 more limits"]
    assert list(list_items(sentences[:1], 2, "limits")) == ["- s0"]


def test_a_sentence_has_a_capital_and_an_end() -> None:
    assert write_sentence(phrase("stop of ", value("a"))) == "Stop of `a`."
    assert write_row(["a", ""]) == "| a |  |"
