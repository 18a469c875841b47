"""The tables of a new journal are those of one that was brought up to date."""

from __future__ import annotations

from sqlalchemy import Float, create_engine, inspect

from reconciler.journal import tables
from reconciler.journal.migrations import MIGRATIONS


def list_indexes() -> dict[str, set[str]]:
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine)
    found = {
        name: {str(index["name"]) for index in inspect(engine).get_indexes(name)} for name in tables.metadata.tables
    }
    engine.dispose()
    return found


def test_every_index_of_a_migration_is_in_new_tables_too() -> None:
    made = {
        (words[words.index("ON") + 1], words[words.index("EXISTS") + 1])
        for statements in MIGRATIONS.values()
        for words in map(str.split, statements)
        if "INDEX" in words
    }
    indexes = list_indexes()
    assert made
    assert all(name in indexes[table] for table, name in made)


def test_every_instant_is_a_number_that_both_databases_compare_alike() -> None:
    instants = [
        column for table in tables.metadata.tables.values() for column in table.c if column.name.endswith("_at")
    ]
    assert len(instants) > 8
    assert all(isinstance(column.type, Float) for column in instants)


def test_numbers_of_runs_and_requests_are_never_given_twice() -> None:
    assert all(table.dialect_options["sqlite"]["autoincrement"] for table in (tables.runs, tables.intents))
