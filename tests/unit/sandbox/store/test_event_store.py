from __future__ import annotations

import sqlite3

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.store.event_store import EventStore


def test_the_oldest_event_that_is_meant_for_a_trade_happens_once(connection: sqlite3.Connection) -> None:
    store = EventStore(connection)
    store.add(EventKind.REFUSE, "first", 8)
    store.add(EventKind.REFUSE, "second", None)
    store.add(EventKind.KILL_STOP, "failed", 7)

    assert [store.take(EventKind.REFUSE, 7) for _ in range(2)] == ["second", None]
    assert store.list_events() == [("refuse", "first", 8), ("kill_stop", "failed", 7)]
    store.remove_events()
    assert store.list_events() == []
