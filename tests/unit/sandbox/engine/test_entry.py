from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.entry import check_entry, choose_crossing, send_entry, start_trade
from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.values.errors import InsufficientFunds, OrderRefused
from reconciler.sandbox.values.market import PriceType, follow_last
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Crossing, EntryType, OrderType
from tests.unit.sandbox.bodies import limit, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of
from tests.unit.sandbox.trades import BTC, at, build_entry, build_moment, build_waiting, build_wallet


@pytest.mark.parametrize(
    ("trigger", "crossing"),
    [("10500", Crossing.UPWARDS), ("9500", Crossing.DOWNWARDS), ("10000.01", Crossing.UPWARDS)],
)
def test_a_conditional_entry_waits_from_the_side_of_the_price(trigger: str, crossing: Crossing) -> None:
    terms = build_entry(EntryType.CONDITIONAL, trigger=Decimal(trigger), trigger_type=PriceType.ASK)

    assert choose_crossing(terms, follow_last(BTC, Decimal(10000))) is crossing
    assert choose_crossing(build_entry(), follow_last(BTC, Decimal(10000))) is None


def test_a_market_entry_fills_at_the_ask() -> None:
    trade = build_waiting()
    send_entry(trade, build_moment("10000"))

    assert trade.status is TradeStatus.WAITING_TARGETS
    assert (trade.entered_amount, trade.entered_total) == (Decimal(1), Decimal("10000.01"))


def test_a_limit_entry_rests_and_fills_at_its_own_price() -> None:
    trade = build_waiting(build_entry(EntryType.LIMIT, price=Decimal(9900)))
    moment = build_moment("10000")
    send_entry(trade, moment)
    assert str(trade.position.status) == "order_placed"
    assert moment.wallet.balances()["USDT"].reserved == Decimal(9900)

    check_entry(trade, at(moment, "9800"))
    assert (trade.position.status, trade.entered_total) == ("finished", Decimal(9900))


def test_a_conditional_entry_fires_at_its_trigger() -> None:
    terms = build_entry(
        EntryType.CONDITIONAL,
        trigger=Decimal(10500),
        trigger_type=PriceType.LAST,
        conditional_order_type=OrderType.MARKET,
    )
    trade = build_waiting(terms)
    trade.position.crossing = Crossing.UPWARDS
    moment = build_moment("10000")
    send_entry(trade, moment)
    assert trade.position.status is OrderStatus.TO_PROCESS

    check_entry(trade, at(moment, "10500"))
    assert trade.entered_total == Decimal("10500.01")


def test_a_trailing_entry_follows_the_lowest_price_and_buys_at_the_turn() -> None:
    terms = build_entry(
        EntryType.CONDITIONAL,
        trigger=Decimal(9500),
        trigger_type=PriceType.LAST,
        conditional_order_type=OrderType.MARKET,
        trailing_pct=Decimal(1),
    )
    trade = build_waiting(terms)
    trade.position.crossing = Crossing.DOWNWARDS
    moment = build_moment("9500")
    for last in ("9500", "9000", "9089.99"):
        check_entry(trade, at(moment, last))
        assert trade.position.status is OrderStatus.TRAILING_ACTIVATED
    check_entry(trade, at(moment, "9090"))

    assert trade.entered_total == Decimal("9090.01")


def test_own_funds_must_be_in_the_account() -> None:
    own = build_entry(price=Decimal(8000))
    trade = build_waiting(own, skip_enter_step=True, status=TradeStatus.CREATED)
    start_trade(trade, build_moment())
    assert (trade.position.status, trade.entered_total) == (OrderStatus.OWN_FUNDS, Decimal(8000))

    poor = build_waiting(own, skip_enter_step=True, status=TradeStatus.CREATED)
    with pytest.raises(InsufficientFunds, match=r"1\.0 BTC needed, 0\.5 available"):
        start_trade(poor, build_moment(wallet=build_wallet(btc="0.5")))


def test_the_exchange_refuses_an_entry_on_demand() -> None:
    with pytest.raises(OrderRefused, match="closed today"):
        start_trade(build_waiting(), build_moment(event=(EventKind.REFUSE, "closed today")))


def test_a_stop_that_is_passed_when_the_entry_fills_fires_in_that_tick(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9400"), stop_loss=stop("9450")))["id"]
    client.price("9399")

    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_stop_passed_by_a_market_entry_fires_at_once(client: Client) -> None:
    entity = client.open(trade(stop_loss=stop("9600"), take_profit=steps(step("9700"))))

    assert status_of(entity) == "stop_loss_finished"


def test_a_stop_passed_by_a_fill_on_demand_fires_at_once(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9400"), stop_loss=stop("9600")))["id"]
    client.sandbox.fill(trade_id, Decimal("0.01"))

    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_the_timeout_of_a_stop_that_is_passed_begins_when_the_entry_fills(client: Client) -> None:
    waiting = stop("9450", timeout={"enabled": True, "value": 8})
    trade_id = client.open(trade(position=limit("9400"), stop_loss=waiting))["id"]
    client.price("9399")
    assert status_of(client.show(trade_id)) == "waiting_targets"
    client.sandbox.advance(8)

    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_step_that_is_passed_when_the_entry_fills_waits_for_the_next_tick(client: Client) -> None:
    body = trade(position=limit("9400"), take_profit=steps(step("9300", order_type="market")))
    trade_id = client.open(body)["id"]
    client.price("9399")
    assert status_of(client.show(trade_id)) == "waiting_targets"
    client.price("9399.5")

    assert status_of(client.show(trade_id)) == "finished"
