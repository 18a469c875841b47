"""What the journal remembers of trades, by name and generation."""

from __future__ import annotations

import json

import pytest

from reconciler.journal.database import Database
from reconciler.journal.known_trades import find_account, read_ended, read_latest, split, write_trade
from reconciler.journal.rows import Row
from reconciler.journal.scopes import as_scope, find_labels

SCOPE = as_scope("test")
FIRST = {"live_id": 7, "status": "waiting_position", "is_ended": False, "updated_at": 1.0}


def read(database: Database, *names: str) -> dict[str, tuple[int | None, str]]:
    with database.begin() as connection:
        latest = read_latest(connection, SCOPE, find_labels(connection, SCOPE), names)
    return {name: (row.integer("generation"), row.text("status")) for name, row in latest.items()}


def test_the_latest_generation_of_each_name_is_read(database: Database) -> None:
    with database.begin() as connection:
        for name, generation in [("a", 1), ("a", 2), ("b", 1)]:
            write_trade(connection, SCOPE, name, generation, FIRST)
    assert read(database, "a", "c") == {"a": (2, "waiting_position")}


def test_what_is_not_named_stays_as_it_was(database: Database) -> None:
    with database.begin() as connection:
        write_trade(connection, SCOPE, "a", 1, {"status": "created"}, first=FIRST)
        write_trade(connection, SCOPE, "a", 1, {"status": "finished"}, first={**FIRST, "live_id": 9})
        labels = find_labels(connection, SCOPE)
        row = read_latest(connection, SCOPE, labels, ["a"])["a"]
    assert (row.text("status"), row.integer("live_id")) == ("finished", 7)


def test_many_names_are_split_into_parts_without_losing_any() -> None:
    names = [f"t{number:04}" for number in range(1201)]
    parts = list(split(names))
    assert [len(part) for part in parts] == [500, 500, 201]
    assert [name for part in parts for name in part] == names
    assert list(split([])) == []


@pytest.mark.parametrize(
    ("values", "account_id"),
    [
        ({"spec": json.dumps({"account_id": 1})}, 1),
        ({"entity": json.dumps({"account": {"id": 2}})}, 2),
        ({"spec": "{", "entity": json.dumps({"account": {"id": 2}})}, 2),
        ({"spec": json.dumps({"account_id": "x"})}, None),
        ({"entity": json.dumps({"account": 5})}, None),
        ({}, None),
    ],
)
def test_the_account_is_found_in_what_was_applied_or_shown(values: dict[str, object], account_id: int | None) -> None:
    assert find_account(Row(values)) == account_id


@pytest.mark.parametrize("entity", [None, "{", "{}", '{"id": 7}'])
def test_an_ended_trade_that_cannot_be_read_is_not_known(entity: str | None) -> None:
    assert read_ended(Row({"is_ended": 1, "entity": entity})) is None
