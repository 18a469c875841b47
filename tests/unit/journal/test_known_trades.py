"""Rows of trades: asked for in parts, accounts from whatever still says them."""

from __future__ import annotations

import json

import pytest

from reconciler.journal.known_trades import find_account, read_ended, split
from reconciler.journal.rows import Row


def test_many_names_are_asked_for_in_parts_that_hold_each_name_once() -> None:
    names = {f"t{number}" for number in range(1201)}
    parts = list(split(names))
    assert [len(part) for part in parts] == [500, 500, 201]
    assert {name for part in parts for name in part} == names
    assert list(split(())) == []


@pytest.mark.parametrize(
    ("spec", "entity", "account_id"),
    [
        ({"account_id": 3}, {"account": {"id": 4}}, 3),
        ({}, {"account": {"id": 4}}, 4),
        ({"account_id": 0}, {"account": {"id": "4"}}, None),
        (None, {"account": 4}, None),
        (None, None, None),
    ],
)
def test_the_account_is_that_of_the_spec_else_that_of_the_entity(
    spec: object, entity: object, account_id: int | None
) -> None:
    texts = {name: json.dumps(value) for name, value in (("spec", spec), ("entity", entity)) if value is not None}
    assert find_account(Row(texts)) == account_id


@pytest.mark.parametrize("entity", [None, "{", "[]", '{"id": 7}'])
def test_an_ended_trade_that_cannot_be_read_is_not_known(entity: str | None) -> None:
    assert read_ended(Row({"entity": entity, "is_ended": 1})) is None
