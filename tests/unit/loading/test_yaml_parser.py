"""The strict reading of YAML: values, positions, limits and mistakes."""

from __future__ import annotations

import gc
from decimal import Decimal

import pytest
import yaml

from reconciler.loading.files import load_text
from reconciler.loading.yaml_parser import parse_number, parse_text
from reconciler.model.documents import Document, FieldPath, write_path


def load(text: str | bytes) -> Document:
    document, problems = load_text(text, "plan.yaml")
    assert document is not None
    assert problems == ()
    return document


def value_of(text: str) -> object:
    return load(f"field: {text}").root["field"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("12345678901234567890", 12345678901234567890),
        ("0.10", Decimal("0.10")),
        ("1e3", Decimal(1000)),
        ("-2.5E-7", Decimal("-2.5E-7")),
    ],
)
def test_json_words_and_numbers_mean_themselves(text: str, value: object) -> None:
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    "yes no on off True FALSE Null ~ NO 010 +1 .5 5. 1_000 0x1F 0b1 1:30 2024-01-01 .inf .nan 1e 1.e3 ٣".split(),  # noqa: SIM905
)
def test_everything_else_is_text(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize("text", ["'5'", '"true"', "'null'", '""'])
def test_what_is_quoted_is_text(text: str) -> None:
    assert value_of(text) == text[1:-1]


def test_a_decimal_keeps_the_digits_that_were_written() -> None:
    assert str(value_of("60000.100")) == "60000.100"


@pytest.mark.parametrize("text", ["1" * 41, "0." + "1" * 39, "1e31", "1e-31", "1e99999999999999999999"])
def test_a_number_beyond_the_limits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="found"):
        parse_number(text)


def test_a_number_within_the_limits_is_not() -> None:
    assert parse_number("1" * 40) == int("1" * 40)
    assert parse_number("1e30") == Decimal(10) ** 30


SAMPLE = """\
version: 1
trades:
  btc-dip: # a comment
    position: {type: buy, units: {value: 0.01}}
    take_profit:
      - volume: 50
      - {volume: "50"}
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("version",), (1, 1), (1, 10)),
        (("trades", "btc-dip"), (3, 3), (4, 5)),
        (("trades", "btc-dip", "position", "units", "value"), (4, 35), (4, 42)),
        (("trades", "btc-dip", "take_profit"), (5, 5), (6, 7)),
        (("trades", "btc-dip", "take_profit", 0), (6, 9), (6, 9)),
        (("trades", "btc-dip", "take_profit", 1, "volume"), (7, 10), (7, 18)),
        (("trades", "btc-dip", "stop_loss", "price"), (3, 3), (4, 5)),
        (("trades", "btc-dip", "take_profit", 2), (5, 5), (6, 7)),
        ((), (1, 1), (1, 1)),
    ],
)
def test_keys_and_values_know_where_they_stand(path: FieldPath, key: tuple[int, int], value: tuple[int, int]) -> None:
    document = load(SAMPLE)
    at_key, at_value = document.find_key(path), document.find_value(path)
    assert (at_key.line, at_key.column) == key
    assert (at_value.line, at_value.column) == value


def test_columns_count_characters_not_bytes() -> None:
    assert load("note: {é€: 1}\n").find_value(("note", "é€")).column == 12


def test_a_problem_shows_its_line() -> None:
    problem = load(SAMPLE).problem(("trades", "btc-dip", "take_profit", 1, "volume"), "is odd")
    assert (problem.file, problem.line, problem.column) == ("plan.yaml", 7, 18)
    assert problem.path == "trades.btc-dip.take_profit[1].volume"
    assert problem.source_line == '      - {volume: "50"}'


def test_a_path_is_written_as_in_python_and_javascript() -> None:
    assert write_path(("trades", "a", "take_profit", 0, "price")) == "trades.a.take_profit[0].price"
    assert write_path(()) == ""


def test_an_alias_means_what_its_anchor_means() -> None:
    document = load("a: &price {value: 5}\nb: *price\nc: &word main\nd: *word\ne: &list [1]\nf: *list\n")
    assert document.root["b"] == {"value": 5}
    assert document.root["d"] == "main"
    assert document.root["f"] == [1]
    assert document.find_value(("b",)).line == 2


def test_the_last_of_two_anchors_of_one_name_counts() -> None:
    assert load("a: &x 1\nb: &x 2\nc: *x\n").root["c"] == 2


def test_a_document_with_a_duplicate_key_keeps_the_first_and_can_be_checked_further() -> None:
    document, problems = load_text("a: 1\nb: x\na: 2\n", "plan.yaml")
    assert document is not None
    assert document.root["a"] == 1
    assert [problem.line for problem in problems] == [3]


def test_an_unusable_value_is_left_out() -> None:
    document, problems = load_text("a: 1e99\nb: [1, !x 2, 3]\n1: x\n? !t k\n: v\n? &a k\n: v\n", "plan.yaml")
    assert document is not None
    assert dict(document.root) == {"b": [1, 3]}
    assert len(problems) == 5


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "[{a: "])
def test_no_nesting_crashes_the_process(bracket: str) -> None:
    text = "\n".join([bracket * 500] * 40) if bracket != "- " else "".join(f"{' ' * 2 * n}-\n" for n in range(2000))
    document, problems = load_text(text, "plan.yaml")
    assert document is None
    assert "more than 64 levels" in problems[0].message


def test_64_levels_are_read() -> None:
    load("a: " + "[" * 63 + "]" * 63)


def test_a_value_may_be_as_long_as_a_line() -> None:
    assert value_of("'" + "x" * 9_000 + "'") == "x" * 9_000


def test_the_slow_loader_reads_the_same() -> None:
    fast, _ = parse_text(SAMPLE, "plan.yaml")
    slow, _ = parse_text(SAMPLE, "plan.yaml", yaml.SafeLoader)
    assert fast is not None
    assert slow is not None
    assert fast.root == slow.root
    path = ("trades", "btc-dip", "take_profit", 1, "volume")
    assert fast.find_value(path) == slow.find_value(path)


@pytest.mark.parametrize(
    "text", ["a: [1", "a: @x", "a: b: c", "\ta: 1", "a: 'x", "a: 1\n b: 2", "- a\nb: 1", "{a: 1}}"]
)
def test_the_slow_loader_finds_the_same_mistakes(text: str) -> None:
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        document, problems = parse_text(text, "plan.yaml", loader)
        assert document is None
        assert len(problems) == 1
        assert problems[0].message.startswith("is not YAML here: ")


def test_an_unknown_mistake_is_told_in_the_words_of_the_parser() -> None:
    _, problems = load_text("a: !<tag:\n", "plan.yaml")
    assert problems[0].message.startswith("is not YAML here: ")


def test_reading_leaves_the_garbage_collector_as_it_was() -> None:
    load(SAMPLE)
    assert gc.isenabled()
    gc.disable()
    try:
        load(SAMPLE)
        assert not gc.isenabled()
    finally:
        gc.enable()
