"""Tests of reconciler/formatting/layout.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings

from reconciler.formatting.layout import CannotFormatError, format_text
from reconciler.loading.files import load_text
from tests.support.written_yaml import yaml_texts

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "plans").rglob("*.yaml"))


def describe(node: yaml.Node) -> object:
    """All that a value is, as PyYAML reads it and not as our own reader does."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: describe(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [describe(value) for value in node.value]
    return node.tag, node.value


def read(text: str) -> object:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert node is not None
    return describe(node)


def list_comments(text: str) -> list[str]:
    """The numbered comments that the strategy has written, in order."""
    return [each.rstrip() for each in re.findall(r"(?m)(?:^|\s)(#[# ]*\d+(?:: x| - \{a)?)", text)]


@settings(max_examples=400, deadline=None)
@given(yaml_texts())
def test_meaning_and_comments_never_change_and_a_second_time_changes_nothing(text: str) -> None:
    _, problems = load_text(text, "plan.yaml")
    assume(not problems)
    written = format_text(text)
    assert read(written) == read(text)
    assert list_comments(written) == list_comments(text)
    before, after = load_text(text, "plan.yaml")[0], load_text(written, "plan.yaml")[0]
    assert before is not None
    assert after is not None
    assert after.root == before.root
    assert format_text(written) == written


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_plan_file_of_the_repository_has_the_canonical_layout(path: Path) -> None:
    assert format_text(path.read_text()) == path.read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:   1   # one  \nb: [ x,y ]", "a: 1 # one\nb: [x, y]\n"),
        ("a:\n    b:\n    - x\n    -   y: 1\n        z: 2\n", "a:\n  b:\n    - x\n    - y: 1\n      z: 2\n"),
        ("a: {b: 1,\n  c: 2}\n", "a: {b: 1, c: 2}\n"),
        ("a: {b: 1, # one\n # own\n c: 2 # two\n}\n", "a:\n  b: 1 # one\n  # own\n  c: 2 # two\n"),
        ("\n\na: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n"),
        ("a: # one\n   value\n", "a: # one\n  value\n"),
        ("a:\n-   # one\n    x: 1\n", "a:\n  - # one\n    x: 1\n"),
        ("a:\nb: {}\nc: [ ]\n", "a:\nb: {}\nc: []\n"),
        ("---   # one\na: 1\n...\n", "--- # one\na: 1\n...\n"),
        ("x: &x   {a: 1}\ny:\n    <<:  *x\n", "x: &x {a: 1}\ny:\n  <<: *x\n"),
        ("a: 'x'\nb: \"y\"\nc: 1.50\nd: 0x1F\n", "a: 'x'\nb: \"y\"\nc: 1.50\nd: 0x1F\n"),
    ],
)
def test_a_layout_becomes_the_canonical_one(before: str, after: str) -> None:
    assert format_text(before) == after
    assert format_text(after) == after


def test_a_comment_stays_with_the_group_that_it_ends_or_begins() -> None:
    before = "a:\n     b:\n      c: 1\n      # of b\n     # of a\n# of d\nd: 1\n"
    assert format_text(before) == "a:\n  b:\n    c: 1\n    # of b\n  # of a\n# of d\nd: 1\n"


def test_a_group_in_brackets_that_does_not_fit_has_a_line_for_each_key() -> None:
    steps = ", ".join(f"k{number}: {number}00000.50" for number in range(9))
    assert format_text(f"a:\n  - {{{steps}}}\n").startswith("a:\n  - k0: 000000.50\n    k1: 100000.50\n")


@pytest.mark.parametrize("header", ["|", "|-", "|+", ">", ">-", ">+", "|2", "|2-"])
def test_a_text_in_lines_is_moved_and_keeps_its_value(header: str) -> None:
    before = f"a:\n    b: {header}\n      one  \n        two\n\n\n    c: 1\n"
    after = format_text(before)
    assert read(after) == read(before)
    assert f"  b: {header}\n    one  \n      two\n" in after


@pytest.mark.parametrize("header", ["|", ">", "|+", "|-"])
def test_a_text_in_lines_at_the_end_of_a_file_without_a_line_feed_keeps_its_value(header: str) -> None:
    before = f"a: {header}\n   one\n   two"
    assert read(format_text(before)) == read(before)
    assert format_text(format_text(before)) == format_text(before)


def test_windows_line_ends_stay_and_those_of_most_lines_count() -> None:
    assert format_text("a:  1 # x\r\nb:   2\r\n") == "a: 1 # x\r\nb: 2\r\n"
    assert format_text("a: 1\r\nb: 2\nc: 3\n") == "a: 1\nb: 2\nc: 3\n"


def test_a_no_break_space_is_a_part_of_its_value() -> None:
    assert format_text("a: {b:  1\u00a0 , c: 2 } # x\u00a0\n") == "a: {b: 1\u00a0, c: 2} # x\u00a0\n"


def test_a_layout_in_which_the_file_could_not_be_read_is_refused() -> None:
    long = ", ".join(f"k{number}: {number}00000.50" for number in range(9))
    with pytest.raises(CannotFormatError, match="meaning"):
        format_text(f"a: {{b:\u00a01, {long}}}\n")


def test_an_explicit_key_without_a_value_keeps_its_comment() -> None:
    assert format_text("? a\n: b\n? c\n# d\n") == "a: b\nc:\n# d\n"


def test_a_key_over_several_lines_is_refused() -> None:
    with pytest.raises(CannotFormatError, match="over several lines"):
        format_text('a: {x: 1, # one\n ? "b\n   c"\n : 1}\n')
