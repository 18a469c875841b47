from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.engine.orders import estimate_payment, estimate_receipt
from reconciler.sandbox.engine.profits import average_price, calculate_profit
from reconciler.sandbox.engine.trade import Position, SmartTrade
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.market import Quote
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import EntryTerms, EntryType, Side
from tests.unit.sandbox.bodies import conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client

PUBLISHED = Path(__file__).parent.parent / "published_answers"


def test_the_published_answer_of_a_cancelled_step_is_reproduced(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    client.price("0.10268", "USDT_DOGE", bid="0.10257", ask="0.1027")
    body = trade(
        pair="USDT_DOGE",
        skip_enter_step=True,
        position=market("20") | {"price": {"value": "0.10268"}},
        take_profit=steps(step("0.3", 35), step("0.4", 35), step("0.5", 30)),
        stop_loss=stop("0.09754"),
    )
    entity = client.open(body)
    answer = client.delete(f"{entity['id']}/trades/{entity['take_profit']['steps'][2]['id']}").body

    expected = json.loads((PUBLISHED / "cancel-trade.json").read_text())
    for found in (answer, expected):
        _forget_identity(found)
    assert answer == expected


def _forget_identity(entity: dict[str, Any]) -> None:
    for name in ("id", "account"):
        del entity[name]
    for name in ("created_at", "updated_at"):
        del entity["data"][name]
    for found in entity["take_profit"]["steps"]:
        del found["id"]


def position(side: Side, units: str, total: str, pair: str = "USDT_DOGE") -> SmartTrade:
    return SmartTrade(
        id=1,
        account_id=1,
        pair=pair,
        is_instant=False,
        skip_enter_step=False,
        status=TradeStatus.WAITING_TARGETS,
        position=Position(
            id=2,
            terms=EntryTerms(side=side, order_type=EntryType.MARKET, units=Decimal(units)),
            status=OrderStatus.FINISHED,
        ),
        created_at_ms=0,
        updated_at_ms=0,
        entered_amount=Decimal(units),
        entered_total=Decimal(total),
    )


@pytest.mark.parametrize(
    ("side", "units", "total", "bid", "ask", "profit"),
    [
        (Side.BUY, "20", "2.0536", "0.10257", "0.1027", "-0.0042514"),
        (Side.SELL, "7.8", "1.977066", "0.26", "0.264", "-0.0841932"),
    ],
)
def test_published_profits_are_reproduced(side: Side, units: str, total: str, bid: str, ask: str, profit: str) -> None:
    quote = Quote(Decimal(bid), Decimal(ask), Decimal(bid))

    assert calculate_profit(position(side, units, total), quote) == Decimal(profit)


def test_the_published_paper_entry_is_reproduced() -> None:
    total = estimate_payment(Decimal(4) * Decimal("0.03716"))

    assert total == Decimal("0.14878864")
    assert average_price(position(Side.BUY, "4", str(total)), PAIRS["USDT_DOGE"]) == Decimal("0.03719")
    assert estimate_receipt(Decimal(4) * Decimal("0.03716")) == Decimal("0.14849136")


def test_the_published_average_of_a_fee_in_coins_is_reproduced() -> None:
    assert average_price(position(Side.BUY, "14.91", "1.58385"), PAIRS["USDT_DOGE"]) == Decimal("0.10622")


def test_an_entered_market_trade_shows_averages_with_and_without_commission(client: Client) -> None:
    entity = client.open(trade())

    assert entity["position"]["price"] == {
        "value": "9509.51",
        "value_without_commission": "9500.01",
        "editable": False,
    }
    assert entity["position"]["total"] == {"value": "95.0951001"}
    data = entity["data"]
    assert (data["average_enter_price"], data["average_enter_price_without_commission"]) == ("9509.51", "9500.01")
    assert (data["entered_amount"], data["entered_total"]) == ("0.01", "95.0951001")
    assert data["commission"] == 0.001
    assert "closed_at" not in data
    assert entity["is_position_not_filled"] is False


def test_a_conditional_entry_shows_its_trigger(client: Client) -> None:
    entity = client.open(trade(position=conditional("10000", "sell", price="9900")))

    assert entity["position"]["conditional"] == {
        "editable": True,
        "price": {"value": "10000.0", "type": "bid"},
        "order_type": "limit",
        "trailing": {"enabled": False, "percent": None},
    }
    assert entity["position"]["price"]["value"] == "9900.0"
    assert (entity["data"]["type"], entity["is_position_not_filled"]) == ("smart_cover", True)


FLAGS = (
    "editable",
    "panic_sell_available",
    "add_funds_available",
    "reduce_funds_available",
    "force_start_available",
    "force_process_available",
    "cancel_available",
)


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("created", "----++-"),
        ("waiting_position", "+-+-+++"),
        ("waiting_targets", "++++-++"),
        ("cancellation_pending", "-----+-"),
        ("panic_sell_pending", "-----+-"),
        ("cancelled", "-------"),
        ("panic_sold", "-------"),
        ("finished", "-------"),
    ],
)
def test_the_flags_follow_the_status_as_published(client: Client, status: str, shown: str) -> None:
    entity = reach(client, status)

    assert entity["status"]["type"] == status
    assert "".join("+" if entity["data"][flag] else "-" for flag in FLAGS) == shown


def reach(client: Client, status: str) -> dict[str, Any]:
    body = trade(take_profit=steps(step("10000")), stop_loss=stop("9000"))
    if status == "waiting_position":
        return client.open(body | {"position": limit("9100")})
    created = client.create(body)
    if status == "created":
        return created
    trade_id = created["id"]
    if status == "finished":
        client.price("10000")
    elif status.startswith("cancel"):
        created = client.delete(str(trade_id)).body
    elif status.startswith("panic"):
        created = client.post(f"{trade_id}/close_by_market").body
    return created if status.endswith("pending") else client.show(trade_id)


@pytest.mark.parametrize(
    ("groups", "kind"),
    [
        ({"instant": True}, "simple_buy"),
        ({"instant": True, "position": market(side="sell")}, "simple_sell"),
        ({"skip_enter_step": True, "position": market() | {"price": {"value": 9000}}}, "smart_sell"),
        ({"skip_enter_step": True, "position": market(side="sell") | {"price": {"value": 9000}}}, "smart_buy"),
        ({}, "smart_trade"),
        ({"position": market(side="sell")}, "smart_cover"),
    ],
)
def test_the_type_follows_from_side_and_flags(client: Client, groups: dict[str, Any], kind: str) -> None:
    assert client.create(trade(**groups))["data"]["type"] == kind


def test_profit_in_bitcoin_is_valued_in_dollars(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    client.price("50000")
    client.price("0.05", "BTC_ETH")
    entity = client.open(trade(pair="BTC_ETH", position=market("1")))

    assert entity["profit"]["volume"] == "-0.00011001"
    assert entity["profit"]["usd"] == "-5.5005"


def test_a_stop_shows_all_its_parts(client: Client) -> None:
    entity = client.open(
        trade(
            stop_loss=stop(
                "9000",
                order_type="limit",
                price={"value": 8900},
                timeout={"enabled": "true", "value": "8"},
            )
        )
    )

    assert entity["stop_loss"] == {
        "enabled": True,
        "price_type": "value",
        "breakeven": False,
        "order_type": "limit",
        "editable": True,
        "price": {"value": "8900.0", "percent": None},
        "conditional": {
            "price": {"value": "9000.0", "type": "last", "percent": None},
            "trailing": {"enabled": False, "percent": None},
        },
        "timeout": {"enabled": True, "value": "8"},
        "status": {"type": "to_process", "basic_type": "to_process", "title": "Pending"},
    }
