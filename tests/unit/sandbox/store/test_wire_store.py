from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.store.limits import Caller
from reconciler.sandbox.store.settings_store import START_AT_MS
from reconciler.sandbox.store.wire_store import WireStore, describe_stored

LIST = ("GET", "/v2/smart_trades")
RESET = Fault(kind=FaultKind.RESET, nth=2)


@pytest.fixture
def store(connection: sqlite3.Connection) -> WireStore:
    return WireStore(connection)


def test_a_fault_counts_the_requests_that_it_sees_and_affects(store: WireStore) -> None:
    number = store.add_fault(RESET)
    affecting = [[found for _, found in store.take_faults(*LIST)] for _ in range(3)]

    assert affecting == [[], [RESET], []]
    (stored,) = store.list_faults()
    assert (stored.id, stored.seen, stored.fired) == (number, 3, 1)
    shown = describe_stored(stored)
    assert shown == {"id": number, "kind": "reset", "nth": 2, "times": 1, "seed": 0, "seen": 3, "fired": 1}


def test_the_status_of_a_request_that_a_fault_sent_is_shown(store: WireStore) -> None:
    number = store.add_fault(Fault(kind=FaultKind.ACT, request="POST /sandbox/reset"))
    store.note_act(number, 200)

    assert describe_stored(store.list_faults()[0])["act_status"] == 200


def test_one_fault_or_all_can_be_removed(store: WireStore) -> None:
    first, _, _ = (store.add_fault(RESET) for _ in range(3))

    assert [store.remove_faults(first), store.remove_faults(first), store.remove_faults()] == [1, 0, 2]


def test_held_requests_are_due_in_their_order(store: WireStore) -> None:
    for document, due_in_ms in (("late", 1), ("second", 0), ("first", -5)):
        store.hold_request(document, START_AT_MS + due_in_ms)
    assert not store.is_quiet()

    assert (store.take_due(), store.take_due()) == (["first", "second"], [])


def test_a_hidden_trade_keeps_the_wire_busy_for_its_reads(store: WireStore) -> None:
    store.hide_trade(7, [Fault(kind=FaultKind.LAG, reads=1)], START_AT_MS)
    assert not store.is_quiet()
    store.count_list()
    assert not store.is_quiet()
    store.count_list()
    assert store.is_quiet()


def test_a_trade_can_be_hidden_for_a_time(store: WireStore, connection: sqlite3.Connection) -> None:
    store.hide_trade(7, [Fault(kind=FaultKind.LAG, seconds=Decimal("1.5"))], 1000)

    assert connection.execute("SELECT * FROM unlisted").fetchall() == [(7, -1, 2500)]


def test_callers_are_remembered_until_everything_is_cleared(store: WireStore) -> None:
    caller = Caller(recent_ms=[1, 2], bans=3)
    store.write_caller("key", caller)
    store.add_fault(RESET)
    assert (store.read_caller("key"), store.read_caller("other")) == (caller, Caller())

    store.clear()
    assert (store.read_caller("key"), store.list_faults(), store.is_quiet()) == (Caller(), [], True)
