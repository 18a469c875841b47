from __future__ import annotations

import pytest

from reconciler.sandbox.exchange.create_trade import create_trade
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.requests.read_terms import read_trade_terms
from reconciler.sandbox.values.refusals import RequestRefused
from tests.unit.sandbox.bodies import market, step, steps, stop, trade


def test_a_new_trade_is_saved_with_ids_of_its_parts(sandbox: Sandbox) -> None:
    terms = read_trade_terms(trade(take_profit=steps(step("70000")), stop_loss=stop("60000")))
    with sandbox.transaction() as transaction:
        created = create_trade(transaction, terms)
        assert transaction.trades.read_trade(created.id) == created
        again = create_trade(transaction, terms)

    assert [order.id for order in created.list_orders()] == [1000000001, 1000000002, 1000000003]
    assert (created.id, again.id) == (30000001, 30000002)
    assert (created.status, created.is_unsettled) == ("created", True)


def test_no_two_trades_are_created_in_one_instant(sandbox: Sandbox) -> None:
    terms = read_trade_terms(trade())
    with sandbox.transaction() as transaction:
        instants = [create_trade(transaction, terms).created_at_ms for _ in range(3)]

    assert instants == [sandbox.now_ms + number for number in range(3)]


@pytest.mark.parametrize("pair", ["USDT_NOTHING", "USDT_BTCUSDT"])
def test_a_pair_of_another_market_is_unknown(sandbox: Sandbox, pair: str) -> None:
    with pytest.raises(RequestRefused) as refused, sandbox.transaction() as transaction:
        create_trade(transaction, read_trade_terms(trade(pair=pair)))

    assert (refused.value.status, refused.value.attributes) == (422, {"pair": ["Unknown pair"]})


def test_a_broken_rule_leaves_no_trade(sandbox: Sandbox) -> None:
    sandbox.configure("off_grid", "refused")
    body = trade(position=market("0.000001"), take_profit=steps(step("70000.001")))
    with pytest.raises(RequestRefused) as refused, sandbox.transaction() as transaction:
        create_trade(transaction, read_trade_terms(body))

    assert set(refused.value.attributes or {}) == {"units_to_buy", "position", "take_profit.steps.0.price"}
    assert sandbox.show()["trades"] == {}


def test_leverage_on_a_spot_account_is_ignored(sandbox: Sandbox) -> None:
    body = trade(leverage={"enabled": True, "type": "cross", "value": 3})
    with sandbox.transaction() as transaction:
        assert create_trade(transaction, read_trade_terms(body)).leverage is None
