from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.store.trade_store import TradeStore
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.statuses import TradeStatus
from reconciler.sandbox.values.terms import Crossing
from tests.unit.sandbox.trades import build_waiting


@pytest.fixture
def store(connection: sqlite3.Connection) -> TradeStore:
    return TradeStore(connection)


def save(store: TradeStore, trade: SmartTrade, due_at_ms: int | None = None) -> SmartTrade:
    store.write_trade(trade, mode="paper", due_at_ms=due_at_ms)
    return trade


def test_a_trade_is_found_in_its_mode_and_replaced(store: TradeStore) -> None:
    trade = save(store, build_waiting(note="first"))
    trade.note = "second"
    save(store, trade)

    assert store.read_trade(7) == trade
    assert [store.has_trade(7, mode) for mode in ("paper", "real")] == [True, False]
    assert [store.has_trade(trade_id, "paper") for trade_id in (8, -1, 2**63)] == [False, False, False]


def test_active_trades_and_statuses_are_counted(store: TradeStore) -> None:
    for trade_id, status in ((1, TradeStatus.FINISHED), (2, TradeStatus.WAITING_TARGETS), (3, TradeStatus.CREATED)):
        save(store, build_waiting(id=trade_id, status=status))

    assert (store.count_active(1), store.count_active(2)) == (2, 0)
    assert store.count_trades() == {"created": 1, "finished": 1, "waiting_targets": 1}


def test_unsettled_trades_are_listed_ascending(store: TradeStore) -> None:
    for trade_id, reads_left in ((3, 0), (2, 1), (1, None)):
        save(store, build_waiting(id=trade_id, reads_left=reads_left))

    assert store.list_unsettled() == [2, 3]
    assert store.list_unsettled(due_only=True) == [3]


def test_the_first_timer_is_found(store: TradeStore) -> None:
    save(store, build_waiting(id=1), due_at_ms=50)
    save(store, build_waiting(id=2), due_at_ms=40)

    assert [store.find_timer(until_ms) for until_ms in (39, 40, 100)] == [None, (40, 2), (40, 2)]


@pytest.mark.parametrize(("level", "reached"), [(99, {8}), (100, {7, 8}), (101, {7}), (102, {7})])
def test_a_level_is_reached_from_its_side(store: TradeStore, level: int, reached: set[int]) -> None:
    store.write_levels(7, "USDT_BTC", [(PriceType.LAST, Crossing.UPWARDS, 100)])
    store.write_levels(8, "USDT_BTC", [(PriceType.LAST, Crossing.DOWNWARDS, 100)])

    assert store.list_reached("USDT_BTC", PriceType.LAST, level) == reached
    assert store.list_reached("USDT_BTC", PriceType.BID, level) == set()


def test_the_newest_creation_is_known(store: TradeStore) -> None:
    assert store.find_last_creation() is None
    save(store, build_waiting(id=1, created_at_ms=9))
    save(store, build_waiting(id=2, created_at_ms=5))

    assert store.find_last_creation() == 5


def test_removed_trades_leave_nothing(store: TradeStore) -> None:
    save(store, build_waiting(entered_amount=Decimal(1)))
    store.write_levels(7, "USDT_BTC", [(PriceType.LAST, Crossing.UPWARDS, 1)])
    store.remove_trades()

    assert (store.count_trades(), store.list_reached("USDT_BTC", PriceType.LAST, 5)) == ({}, set())
    assert store.select_ids("SELECT id FROM trades WHERE id > ?", [0]) == []
