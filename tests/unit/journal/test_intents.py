"""Requests of the journal: one that cannot be read any more is a damaged one, and its trade is still known."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from reconciler.journal.intents import NO_NAME, attempt, read_account, read_intent
from reconciler.journal.rows import Row
from reconciler.model.journal import Intent, IntentState, WriteKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GOOD: dict[str, object] = {
    "id": 5,
    "run_id": 2,
    "kind": "set_note",
    "trade": "btc-dip",
    "generation": 3,
    "live_id": 7,
    "write": json.dumps({"note": "mine", "account_id": 1}),
    "intended_at": 100.0,
    "state": "pending",
    "text": "",
}


def read(**changes: object) -> Intent:
    return read_intent(
        Row({**GOOD, **changes}), lambda seconds: datetime.fromtimestamp(min(seconds, NOW.timestamp()), UTC)
    )


def test_a_request_is_read_with_all_that_it_wrote() -> None:
    intent = read()
    assert (intent.id, intent.run_id, intent.state, intent.damage) == (5, 2, IntentState.PENDING, "")
    assert (intent.write.kind, intent.write.trade, intent.write.generation) == (WriteKind.SET_NOTE, "btc-dip", 3)
    assert intent.intended_at == datetime.fromtimestamp(100, UTC)


@pytest.mark.parametrize(
    ("changes", "damage"),
    [
        ({"kind": "dance"}, "its kind cannot be read"),
        ({"trade": None}, "the name of its trade cannot be read"),
        ({"generation": "x"}, "the name of its trade cannot be read"),
        ({"write": "{"}, "what it writes cannot be read"),
        ({"live_id": None}, "what it writes is not complete"),
        ({"write": "{}"}, "what it writes is not complete"),
    ],
)
def test_a_damaged_request_says_what_is_damaged(changes: dict[str, object], damage: str) -> None:
    assert read(**changes).damage == damage


def test_the_trade_of_a_damaged_create_is_read_from_its_note() -> None:
    note = "[reconciler:1 test/btc-dip#4 0123abcd 4567abcd] mine"
    intent = read(kind="create", trade=None, generation=None, write=json.dumps({"note": note}))
    assert (intent.write.trade, intent.write.generation) == ("btc-dip", 4)
    assert read(kind="create", trade=None, write=None).write.trade == NO_NAME


def test_a_time_that_is_not_known_counts_as_just_now() -> None:
    assert read(intended_at="x").intended_at == NOW


@pytest.mark.parametrize(
    ("changes", "account_id"),
    [
        ({}, 1),
        ({"write": json.dumps({"after": {"account_id": 4}})}, 4),
        ({"write": None, "body": json.dumps({"account_id": 5})}, 5),
        ({"write": json.dumps({"account_id": "x"})}, None),
        ({"write": json.dumps({"account_id": 0})}, None),
    ],
)
def test_the_account_is_found_wherever_it_is_stated(changes: dict[str, object], account_id: int | None) -> None:
    assert read_account(Row({**GOOD, **changes})) == account_id


def test_an_attempt_ends_nothing() -> None:
    assert attempt(lambda: 5) == 5
    assert attempt(lambda: int("x")) is None
