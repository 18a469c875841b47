from __future__ import annotations

from reconciler.sandbox.values import statuses
from reconciler.sandbox.values.statuses import ORDER_TITLES, TRADE_TITLES, OrderStatus, TradeStatus


def test_every_status_has_a_title() -> None:
    assert TRADE_TITLES.keys() == set(TradeStatus)
    assert ORDER_TITLES.keys() == set(OrderStatus)


def test_the_sets_of_statuses_do_not_contradict_each_other() -> None:
    assert statuses.STEPLESS_STATUSES < statuses.TERMINAL_STATUSES
    assert not statuses.GUARDED_STATUSES & statuses.TERMINAL_STATUSES
    assert statuses.WATCHING_STATUSES < statuses.OPEN_STATUSES
    assert not statuses.OPEN_STATUSES & (statuses.DONE_STATUSES | statuses.INACTIVE_STOP_STATUSES)
