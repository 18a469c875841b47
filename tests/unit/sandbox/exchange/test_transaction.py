from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.exchange.create_trade import create_trade
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.requests.read_terms import read_trade_terms
from reconciler.sandbox.values.market import follow_last
from reconciler.sandbox.values.pairs import PAIRS
from tests.unit.sandbox.bodies import Body, limit, market, step, steps, stop, trade

BTC = PAIRS["USDT_BTC"]


def create(transaction: Transaction, body: Body) -> SmartTrade:
    created = create_trade(transaction, read_trade_terms(body))
    transaction.settle()
    return transaction.trades.read_trade(created.id)


def test_a_tick_reads_only_the_trades_that_it_reaches(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        near = create(transaction, trade(position=limit("60000")))
        far = create(transaction, trade(position=limit("50000")))
        assert transaction.tick(BTC.name, follow_last(BTC, Decimal(59000))) == [near.id]
        statuses = [transaction.trades.read_trade(each.id).status for each in (near, far)]

    assert statuses == ["waiting_targets", "waiting_position"]


def test_timers_end_in_their_order_while_the_clock_moves(sandbox: Sandbox) -> None:
    timeout = {"enabled": True, "value": 60}
    with sandbox.transaction() as transaction:
        body = trade(take_profit=steps(step("70000")), stop_loss=stop("60000", timeout=timeout))
        trade_id = create(transaction, body).id
        transaction.tick(BTC.name, follow_last(BTC, Decimal(59000)))
        start_ms = transaction.now_ms
        assert transaction.advance(start_ms + 59999) == []
        assert transaction.advance(start_ms + 90000) == [trade_id]
        stopped = transaction.trades.read_trade(trade_id)

    assert (stopped.status, stopped.closed_at_ms) == ("stop_loss_finished", start_ms + 60000)


def test_an_intermediate_state_lasts_for_its_reads() -> None:
    with Sandbox(options={"pending_reads": "2"}) as sandbox, sandbox.transaction() as transaction:
        trade_id = create(transaction, trade(position=market())).id
        seen = []
        for _ in range(4):
            found = transaction.trades.read_trade(trade_id)
            seen.append(found.status.value)
            transaction.count_read(found)
            transaction.settle()

    assert seen == ["created", "created", "waiting_position", "waiting_position"]


def test_a_trade_is_visible_in_the_mode_of_its_account_only(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        trade_id = create(transaction, trade()).id
        assert transaction.find_trade(trade_id, "paper") is not None
        assert transaction.find_trade(trade_id, "real") is None


def test_ids_of_orders_are_consecutive(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        assert [list(transaction.take_order_ids(count)) for count in (2, 0, 1)] == [
            [1000000001, 1000000002],
            [],
            [1000000003],
        ]


def test_an_account_that_is_missing_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(LookupError), sandbox.transaction() as transaction:
        transaction.account(99)
