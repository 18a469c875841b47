from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from reconciler.sandbox.store.settings_store import CLOCK, START_AT_MS, SettingsStore
from reconciler.sandbox.values.market import Quote


@pytest.fixture
def store(connection: sqlite3.Connection) -> SettingsStore:
    return SettingsStore(connection)


def test_a_new_clock_starts_in_2026(store: SettingsStore) -> None:
    assert store.read_clock() == START_AT_MS
    store.write_setting(CLOCK, "5")
    assert store.read_clock() == 5


def test_settings_are_found_by_their_prefix(store: SettingsStore) -> None:
    for name in ("option.b", "option.a", "other"):
        store.write_setting(name, f"value of {name}")

    assert list(store.read_settings("option.").items()) == [("a", "value of option.a"), ("b", "value of option.b")]
    assert store.read_setting("missing") is None


def test_numbers_of_a_counter_are_never_taken_twice(store: SettingsStore) -> None:
    assert [store.take_numbers("trade", count, first=100) for count in (1, 5, 1)] == [100, 101, 106]
    assert store.take_numbers("order", 1, first=1) == 1


def test_prices_are_exact(store: SettingsStore) -> None:
    quote = Quote(Decimal("0.0000001"), Decimal("0.0000002"), Decimal("0.00000010"))
    store.write_quote("BTC_SOL", quote)

    assert store.read_quotes() == {"BTC_SOL": quote}
