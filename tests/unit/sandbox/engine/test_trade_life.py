"""How ticks move trades, each rule through the front door."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.trade import FundsOrder
from reconciler.sandbox.engine.trade_life import move_trade, settle_trade
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.statuses import TradeStatus
from reconciler.sandbox.values.terms import FundsTerms, OrderType
from tests.unit.sandbox.bodies import OFF, conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of, step_statuses
from tests.unit.sandbox.trades import at, build_moment, build_open, build_step, build_waiting, build_wallet


@pytest.mark.parametrize(("side", "bare_price"), [("buy", "9500.01"), ("sell", "9500.0")])
def test_a_market_entry_fills_at_ask_or_bid(client: Client, side: str, bare_price: str) -> None:
    entity = client.open(trade(position=market(side=side)))

    assert entity["position"]["price"]["value_without_commission"] == bare_price


@pytest.mark.parametrize(
    ("side", "price", "near", "reached"), [("buy", "9000", "9000", "8999.99"), ("sell", "10000", "9999.99", "10000")]
)
def test_a_resting_limit_fills_at_its_own_price_once_the_other_side_reaches_it(
    client: Client, side: str, price: str, near: str, reached: str
) -> None:
    entity = client.open(trade(position=limit(price, side=side)))

    assert status_of(entity["position"]) == "order_placed"
    assert client.price(near) == []
    client.price(reached)
    filled = client.show(entity["id"])
    assert status_of(filled) == "waiting_targets"
    assert filled["position"]["price"]["value_without_commission"] == f"{price}.0"


@pytest.mark.parametrize(("side", "price", "bare"), [("buy", "9600", "9500.01"), ("sell", "9400", "9500.0")])
def test_a_marketable_limit_fills_like_a_market_order(client: Client, side: str, price: str, bare: str) -> None:
    entity = client.open(trade(position=limit(price, side=side)))

    assert status_of(entity) == "waiting_targets"
    assert entity["position"]["price"]["value_without_commission"] == bare


def test_resting_orders_reserve_total_plus_fee_or_units(client: Client) -> None:
    client.open(trade(position=limit("9000")))
    client.open(trade(position=limit("10000", side="sell")))

    assert client.balance("USDT")[1] == Decimal("90.09")
    assert client.balance("BTC")[1] == Decimal("0.01")


@pytest.mark.parametrize(
    ("side", "trigger", "before", "after"),
    [
        ("buy", "9600", "9599.98", "9599.99"),
        ("buy", "9400", "9400", "9399.99"),
        ("sell", "9600", "9599.99", "9600"),
        ("sell", "9400", "9400.01", "9400"),
    ],
)
def test_a_conditional_entry_waits_from_the_side_it_was_created_on(
    client: Client, side: str, trigger: str, before: str, after: str
) -> None:
    entity = client.open(trade(position=conditional(trigger, side)))

    assert status_of(entity["position"]) == "to_process"
    client.price(before)
    assert status_of(client.show(entity["id"])) == "waiting_position"
    client.price(after)
    assert status_of(client.show(entity["id"])) == "waiting_targets"


def test_a_trigger_may_watch_another_price(client: Client) -> None:
    entity = client.open(
        trade(
            position=conditional("9600")
            | {"conditional": {"price": {"value": "9600", "type": "last"}, "order_type": "market"}}
        )
    )

    client.price("9550", ask="9700")
    assert status_of(client.show(entity["id"])) == "waiting_position"
    client.price("9600", bid="9500", ask="9700")
    assert client.show(entity["id"])["position"]["price"]["value_without_commission"] == "9700.0"


def test_an_entry_filled_in_a_tick_meets_its_exits_only_at_the_next(client: Client) -> None:
    body = trade(position=limit("9000"), take_profit=steps(step("8000")), stop_loss=OFF)
    trade_id = client.open(body)["id"]
    client.price("8500")

    assert step_statuses(client.show(trade_id)) == ["order_placed"]
    client.price("8600")
    ended = client.show(trade_id)
    assert status_of(ended) == "finished"
    # The limit was marketable when it was placed, so it takes the market's price.
    assert ended["data"]["average_close_price_without_commission"] == "8600.0"


def test_limit_steps_rest_and_fill_at_their_own_price(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000"))))["id"]
    client.price("12000")
    ended = client.show(trade_id)

    assert (status_of(ended), ended["data"]["closed_total"]) == ("finished", "99.9")


def test_market_steps_watch_their_price_and_sell_at_the_bid(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", order_type="market"))))["id"]
    client.price("10100", bid="9990", ask="10200")
    ended = client.show(trade_id)

    assert (status_of(ended), ended["data"]["closed_total"]) == ("finished", "99.8001")


def test_steps_fire_in_their_order_and_the_last_takes_what_is_left(client: Client) -> None:
    shares = [step(str(10000 + number), "12.5") for number in range(8)]
    body = trade(position=market("0.00071"), take_profit=steps(*shares))
    trade_id = client.open(body)["id"]

    assert [found["units"]["value"] for found in client.show(trade_id)["take_profit"]["steps"]] == [
        "0.00015",
        *["0.00008"] * 7,
    ]
    client.price("10003")
    assert step_statuses(client.show(trade_id)) == ["finished"] * 4 + ["order_placed"] * 4
    client.price("11000")
    ended = client.show(trade_id)
    assert (status_of(ended), ended["data"]["closed_amount"]) == ("finished", "0.00071")


def test_the_stop_comes_before_the_steps_of_the_same_tick(client: Client) -> None:
    body = trade(
        take_profit=steps(step("10000")),
        stop_loss=stop("9000") | {"conditional": {"price": {"type": "ask", "value": "9000"}}},
    )
    trade_id = client.open(body)["id"]
    client.price("10500", bid="8990", ask="9000")

    ended = client.show(trade_id)
    assert status_of(ended) == "stop_loss_finished"
    assert step_statuses(ended) == ["cancelled"]
    assert client.balance("BTC")[1] == 0


def test_a_market_stop_sells_all_that_is_left_at_the_bid(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50)), stop_loss=stop("9000")))["id"]
    client.price("10000")
    client.price("8000")
    ended = client.show(trade_id)

    assert (status_of(ended), step_statuses(ended)) == ("stop_loss_finished", ["finished", "cancelled"])
    assert (ended["data"]["closed_amount"], ended["data"]["closed_total"]) == ("0.01", "89.91")
    assert ended["profit"]["volume"] == "-5.1851001"


def test_a_limit_stop_places_its_order_and_waits(client: Client) -> None:
    limit_stop = stop("9000", order_type="limit", price={"value": "8900"})
    trade_id = client.open(trade(take_profit=steps(step("10000")), stop_loss=limit_stop))["id"]
    client.price("8800")
    waiting = client.show(trade_id)

    assert (status_of(waiting), status_of(waiting["stop_loss"])) == ("stop_loss_in_progress", "order_placed")
    assert step_statuses(waiting) == ["cancelled"]
    assert waiting["data"]["cancel_available"]
    client.price("8900")
    ended = client.show(trade_id)
    assert (status_of(ended), ended["data"]["closed_total"]) == ("stop_loss_finished", "88.911")


def test_a_limit_stop_that_is_marketable_fills_at_the_bid(client: Client) -> None:
    limit_stop = stop("9000", order_type="limit", price={"value": "8900"})
    trade_id = client.open(trade(stop_loss=limit_stop))["id"]
    client.price("8950")

    assert client.show(trade_id)["data"]["closed_total"] == "89.4105"


@pytest.mark.parametrize("ending", ["cancel", "close"])
def test_a_stop_that_waits_can_be_ended(client: Client, ending: str) -> None:
    limit_stop = stop("9000", order_type="limit", price={"value": "8900"})
    trade_id = client.open(trade(stop_loss=limit_stop))["id"]
    client.price("8800")
    if ending == "cancel":
        client.delete(str(trade_id))
    else:
        client.post(f"{trade_id}/close_by_market")

    assert status_of(client.show(trade_id)) == {"cancel": "cancelled", "close": "panic_sold"}[ending]
    assert client.balance("BTC")[1] == 0


def test_a_short_is_mirrored(client: Client) -> None:
    body = trade(position=market(side="sell"), take_profit=steps(step("9000")), stop_loss=stop("10000"))
    winner, loser = client.open(body)["id"], client.open(body)["id"]

    assert client.balance("USDT")[1] == Decimal("180.18")
    client.delete(f"{loser}")
    loser = client.open(body | {"take_profit": OFF})["id"]
    client.price("10000")
    client.price("8000")
    won, lost = client.show(winner), client.show(loser)
    assert (status_of(won), status_of(lost)) == ("stop_loss_finished", "stop_loss_finished")
    third = client.open(body | {"position": market(side="sell"), "take_profit": steps(step("7000")), "stop_loss": OFF})
    client.price("6999.99")
    ended = client.show(third["id"])
    assert (status_of(ended), ended["data"]["closed_total"]) == ("finished", "70.07")
    assert ended["profit"]["volume"] == "9.85"


def test_an_instant_trade_is_over_once_it_is_filled(client: Client) -> None:
    trade_id = client.open(trade(instant=True, position=limit("9000")))["id"]
    client.price("8999.99")

    assert status_of(client.show(trade_id)) == "finished"


def test_own_funds_are_marketable_at_once(client: Client) -> None:
    own = market() | {"price": {"value": "8000"}}
    entity = client.open(trade(skip_enter_step=True, position=own, take_profit=steps(step("9000"))))

    assert status_of(entity) == "finished"
    assert entity["data"]["closed_total"] == "94.905"


@pytest.mark.parametrize(
    "body",
    [
        trade(position=market("900")),
        trade(position=limit("9400", "900")),
        trade(position=market("900"), instant=True),
    ],
)
def test_an_entry_without_funds_fails_after_it_was_accepted(client: Client, body: dict[str, object]) -> None:
    with client.sandbox.transaction() as transaction:
        transaction.wallet(1).spend("USDT", Decimal(9999000))
    entity = client.open(body)

    assert status_of(entity) == "failed"
    assert entity["status"]["error"].startswith("Insufficient funds: ")
    assert status_of(entity["position"]) == "failed"
    assert client.balance("USDT") == (Decimal(1000), Decimal(0))


def test_own_funds_must_be_there(client: Client) -> None:
    entity = client.open(trade(skip_enter_step=True, position=market("1001", "buy") | {"price": {"value": "8000"}}))

    assert (status_of(entity), entity["status"]["error"]) == (
        "failed",
        "Insufficient funds: 1001.0 BTC needed, 1000.0 available",
    )


def test_an_exit_without_funds_fails_and_gives_its_reservations_back(client: Client) -> None:
    body = trade(take_profit=steps(step("10000", 50), step("11000", 50, "market")))
    trade_id = client.open(body)["id"]
    with client.sandbox.transaction() as transaction:
        transaction.wallet(1).spend("BTC", transaction.wallet(1).free("BTC"))
    client.price("11000")
    entity = client.show(trade_id)

    assert status_of(entity) == "failed"
    assert entity["data"]["closed_amount"] == "0.005"
    assert client.balance("BTC")[1] == 0


def test_a_tick_reads_only_the_trades_that_it_reaches(client: Client) -> None:
    far = [client.open(trade(position=limit("5000")))["id"] for _ in range(3)]
    near = client.open(trade(position=limit("9400")))["id"]

    assert client.price("9401") == []
    assert client.price("9399.99") == [near]
    assert all(status_of(client.show(trade_id)) == "waiting_position" for trade_id in far)


def test_pairs_move_apart(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    client.open(trade(pair="USDT_ETH", position=limit("3000", "1")))

    assert client.price("2000") == []
    assert len(client.price("2999", "USDT_ETH")) == 1


def test_a_close_without_funds_fails(client: Client) -> None:
    trade_id = client.open(trade())["id"]
    with client.sandbox.transaction() as transaction:
        transaction.wallet(1).spend("BTC", transaction.wallet(1).free("BTC"))
    client.post(f"{trade_id}/close_by_market")
    entity = client.show(trade_id)

    assert (status_of(entity), status_of(entity["market_close"])) == ("failed", "failed")
    assert entity["status"]["error"] == "Insufficient funds: 0.01 BTC needed, 0.0 BTC available"


def test_steps_fire_beside_a_stop_that_only_waits(client: Client) -> None:
    waiting = stop("9000", timeout={"enabled": True, "value": 8})
    trade_id = client.open(trade(take_profit=steps(step("8000", order_type="market")), stop_loss=waiting))["id"]
    client.price("8500")

    assert status_of(client.show(trade_id)) == "finished"


def test_a_step_cancelled_before_the_entry_leaves_its_share_without_a_step(client: Client) -> None:
    body = trade(position=limit("9000", "20", "buy"), take_profit=steps(step("10000", 30), step("11000", 70)))
    entity = client.open(body)
    client.delete(f"{entity['id']}/trades/{entity['take_profit']['steps'][0]['id']}")
    client.price("8999.99")

    (left,) = client.show(entity["id"])["take_profit"]["steps"]
    assert (left["volume"], left["units"]["value"]) == ("70.0", "14.0")
    client.price("11000")
    ended = client.show(entity["id"])
    assert (status_of(ended), ended["data"]["closed_amount"]) == ("finished", "14.0")
    assert client.balance("BTC") == (Decimal(1006), Decimal(0))


def test_a_limit_stop_is_not_hurried_by_other_levels(client: Client) -> None:
    limit_stop = stop("9000", order_type="limit", price={"value": "8900"})
    trade_id = client.open(trade(stop_loss=limit_stop))["id"]
    client.price("8800")
    client.price("8850")

    assert status_of(client.show(trade_id)) == "stop_loss_in_progress"


def test_a_reduction_in_a_tick_returns_its_rest_to_the_steps() -> None:
    fifth = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.2"), price=Decimal(10500))
    trade = build_open(steps=[build_step("11000")])
    trade.reductions.append(FundsOrder(id=32, terms=fifth, created_at_ms=0))
    trade.status, trade.reads_left = TradeStatus.PENDING_REDUCE_FUNDS, 0
    moment = build_moment()
    settle_trade(trade, moment)
    assert (trade.status, trade.reductions[0].status) == ("reduce_funds_in_progress", "order_placed")
    assert trade.steps[0].units == Decimal("0.8")

    move_trade(trade, at(moment, "10500"))
    assert (trade.status, trade.left_amount) == ("waiting_targets", Decimal("0.8"))
    assert (trade.steps[0].units, trade.steps[0].status) == (Decimal("0.8"), "to_process")


def test_an_order_that_cannot_be_paid_fails_its_trade() -> None:
    trade = build_waiting()
    trade.reads_left = 0
    settle_trade(trade, build_moment(wallet=build_wallet("1")))

    assert (trade.status, trade.error) == ("failed", "Insufficient funds: 10000.01 USDT needed, 1.0 USDT available")
