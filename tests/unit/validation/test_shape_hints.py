"""Whole trades in another shape; tests/cases/invalid has them in whole files."""

from __future__ import annotations

import pytest

from reconciler.loading.files import load_text
from reconciler.validation.schemas import validate_plan
from reconciler.validation.shape_hints import is_flat_key, write_flow
from tests.support.check_files import check_text

HEAD = "version: 1\naccount: main\ntrades: {a: {pair: USDT_BTC, "
MARKET = "position: {type: buy, order_type: market, units: 1}"


def messages(fields: str) -> list[str]:
    return [f"{problem.path}: {problem.message}" for problem in check_text(f"{HEAD}{fields}}}}}")[1]]


def test_a_pasted_entity_is_one_problem_whatever_else_is_wrong_in_it() -> None:
    found = messages("id: 7, status: {type: x}, data: {}, profit: {}, position: {editable: true, total: 5}")
    assert len(found) == 1
    assert "reconciler import 7" in found[0]


def test_two_keys_of_an_entity_may_be_a_mistake_of_another_kind() -> None:
    assert all("answer of the API" not in message for message in messages(f"{MARKET}, id: 7, status: x"))


def test_keys_of_a_form_are_one_problem_for_each_group() -> None:
    found = messages('"position[type]": buy, "position[units][value]": 1, leverage.enabled: false')
    assert [message.split("write ")[1] for message in found] == [
        "position: {type: buy, units: {value: 1}}",
        "leverage: {enabled: false}",
    ]


def test_a_step_without_a_dash_is_one_problem() -> None:
    found = messages(f"{MARKET}, take_profit: {{order_type: market, price: 9}}")
    assert [message.split("write ")[1] for message in found] == [
        "take_profit: [{order_type: market, price: 9, volume: 100}]"
    ]


def test_an_entity_as_a_whole_file_is_one_problem() -> None:
    document, _ = load_text('{"id": 7, "status": {}, "data": {}, "pair": "USDT_BTC"}', "plan.yaml")
    assert document is not None
    assert ["answer of the API" in problem.message for problem in validate_plan(document)] == [True]


@pytest.mark.parametrize(
    ("key", "expected"), [("position[type]", True), ("stop_loss.price", True), ("position", False), ("a[b]", False)]
)
def test_a_flat_key_names_a_part_of_a_group(key: str, expected: bool) -> None:
    assert is_flat_key(key) is expected


def test_a_value_is_written_in_one_line() -> None:
    assert write_flow({"a": [1, {"b": True}], "c": None}) == "{a: [1, {b: true}], c: ...}"
