"""Entities as the real service was seen to send them, one of each status and of each form of a market.

The files in `tests/cases/entities/recorded` are made by the sandbox in its recorded form, with numbers of its own;
`GOLDEN_WRITE=1` writes them again. Tests of the client read them. The sandbox knows no liquidation and no settlement,
and trades only some of the markets: these entities are made from others by changing what differs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.statuses import TRADE_TITLES
from tests.support.api_schemas import check_value
from tests.unit.sandbox.bodies import Body, limit, market, step, steps, trade
from tests.unit.sandbox.client import Client, status_of

FOLDER = Path(__file__).parents[2] / "cases" / "entities" / "recorded"

NOTE = "[reconciler:1 rec-1a2b/swing#1 5f3a9c1e 0b77d2aa] tops & dips"
TRAILING = {
    "enabled": True,
    "order_type": "market",
    "conditional": {"price": {"type": "last", "value": "9123.45"}, "trailing": {"enabled": True, "percent": 7}},
}
EXITS = {"take_profit": steps(step("10300.1", 40), step("10850.2", 60)), "stop_loss": TRAILING, "note": NOTE}
MARKET, WAITING = trade(position=market("0.0234"), **EXITS), trade(position=limit("9400.5", "0.0234"), **EXITS)

# Name of the file, name of the pair, and code and name of the market. Source: recorded lists of pairs, 2025.
FORMS = (
    ("spot", "USDT_BTC", "binance", "Binance Spot"),
    ("usdt-futures-contract", "USDT_BTCUSDT", "binance_futures", "Binance Futures USDT-M"),
    ("usdt-futures-plain", "USDT_BTC", "binance_futures", "Binance Futures USDT-M"),
    ("usdt-futures-dated", "USDT_BTCUSDT_250926", "binance_futures", "Binance Futures USDT-M"),
    ("eea-futures", "BNFCR_BTCUSDT", "binance_futures_eea", "Binance Futures EEA"),
    ("bitget", "USDT_BTCUSDT_UMCBL", "bitget_usdt_futures", "Bitget USDT-M"),
    ("bitget-dollar", "USDT_$DEGENUSDT_UMCBL", "bitget_usdt_futures", "Bitget USDT-M"),
    ("okex-dated", "BTC_BTC-USD-250502", "okex_futures", "OKX Futures"),
    ("okex-swap", "USDC_BTC-USDC-SWAP", "okex_futures", "OKX Futures"),
    ("coinbase-perpetual", "USDC_BTC-PERP-INTX", "coinbase_advanced_perpetual", "Coinbase Perpetual"),
    ("bybit-inverse", "AAVE_AAVEUSD", "bybit", "Bybit Inverse"),
    ("bybit-dated", "USDT_BTCUSDT-26SEP25", "bybit_usdt_perpetual", "Bybit USDT Perpetual"),
    ("gate-inverse", "BTC_BTC_USD", "gate_io_btc_perpetual", "Gate.io BTC Perpetual"),
    ("wallet", "USDT_AAVE:bsc0xfb6115445bff7b52feb98650c87f44907e58f802", "bsc", "BSC wallet"),
)


def advance_to(client: Client, status: str, trade_id: int) -> Body:
    """Read a trade until it has a status; each state lasts for some reads."""
    for _ in range(20):
        entity = client.show(trade_id)
        if status_of(entity) == status:
            return entity
    raise AssertionError(status)


def close(client: Client, trade_id: int) -> None:
    assert client.post(f"{trade_id}/close_by_market").status == 201


def cancel(client: Client, trade_id: int) -> None:
    assert client.delete(f"{trade_id}").status == 200


def reduce(client: Client, trade_id: int) -> None:
    assert client.post(f"{trade_id}/reduce_funds", {"order_type": "market", "units": {"value": "0.01"}}).status == 201


def refuse(client: Client, trade_id: int) -> None:
    client.sandbox.schedule("refuse", value="kyc", trade_id=trade_id)


def raise_price(client: Client, _: int) -> None:
    client.price("9801.4")


def reach_targets(client: Client, _: int) -> None:
    client.price("10850.2")


def reach_stop(client: Client, _: int) -> None:
    client.price("9100.1")


def nothing(_: Client, __: int) -> None:
    pass


Act = Callable[[Client, int], None]

# Body, status before the act, and the act, by the status that it leads to.
LIVES: dict[str, tuple[Body, str, Act]] = {
    "created": (MARKET, "created", nothing),
    "waiting_position": (WAITING, "waiting_position", nothing),
    "waiting_targets": (MARKET, "waiting_targets", raise_price),
    "pending_reduce_funds": (MARKET, "waiting_targets", reduce),
    "reduce_funds_in_progress": (MARKET, "waiting_targets", reduce),
    "cancellation_pending": (MARKET, "waiting_targets", cancel),
    "cancellation_in_progress": (MARKET, "waiting_targets", cancel),
    "cancelled": (MARKET, "waiting_targets", cancel),
    "panic_sell_pending": (MARKET, "waiting_targets", close),
    "panic_sell_in_progress": (MARKET, "waiting_targets", close),
    "panic_sold": (MARKET, "waiting_targets", close),
    "stop_loss_in_progress": (MARKET, "waiting_targets", reach_stop),
    "stop_loss_finished": (MARKET, "waiting_targets", reach_stop),
    "finished": (MARKET, "waiting_targets", reach_targets),
    "failed": (MARKET, "created", refuse),
}


def live(body: Body, status: str, act: Act, wanted: str) -> Body:
    options = {"entities": "recorded", "trailing_percent": "null", "pending_reads": "3"}
    with Sandbox(options=options) as sandbox:
        client = Client(sandbox)
        client.price("9500.3")
        trade_id = client.create(body)["id"]
        advance_to(client, status, trade_id)
        if status == "waiting_targets":
            # The exits become active after some reads.
            for _ in range(5):
                client.show(trade_id)
        act(client, trade_id)
        return advance_to(client, wanted, trade_id)


def make_status(name: str) -> Body:
    if name in LIVES:
        return live(*LIVES[name], name)
    entity = make_status("finished")
    return entity | {"status": entity["status"] | {"type": name, "basic_type": name, "title": name.capitalize()}}


def make_form(pair: str, code: str, market_name: str) -> Body:
    entity = make_status("waiting_targets")
    account = entity["account"] | {"type": code, "market": market_name, "name": f"My {market_name}"}
    data = entity["data"] | {"orderbook_price_currency": pair.partition("_")[0]}
    return entity | {"pair": pair, "account": account, "data": data}


def make_contract(pair: str, units: str, price: str) -> Body:
    """A trade of contracts with a size, open at a market price."""
    with Sandbox(options={"entities": "recorded", "trailing_percent": "null", "fee_pct": "0"}) as sandbox:
        client = Client(sandbox)
        sandbox.ensure_account(7, market="futures")
        client.price(price, pair=pair, ask=price)
        leverage = {"enabled": True, "type": "isolated", "value": 5}
        body = trade(account_id=7, pair=pair, position=market(units), note=NOTE, leverage=leverage)
        return client.open(body)


CASES: dict[str, Callable[[], Body]] = {
    **{f"status-{name}": partial(make_status, name) for name in (*LIVES, "liquidated", "settled")},
    **{f"market-{name}": partial(make_form, *form) for name, *form in FORMS},
    "market-gate-contract": lambda: make_contract("USDT_BTC_USDT", "35", "98765.4"),
    "market-coin-contract": lambda: make_contract("BTC_BTCUSD_PERP", "3", "43210.9"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_entity_is_as_the_sandbox_makes_it(name: str) -> None:
    path = FOLDER / f"{name}.json"
    text = json.dumps(CASES[name](), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN_WRITE"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text)

    assert path.read_text() == text
    assert check_value("smart_trade", json.loads(text), name) == []


def test_every_status_and_nothing_else_is_there() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CASES)
    assert {f"status-{status}" for status in TRADE_TITLES} <= set(CASES)


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def test_a_recorded_trailing_stop_has_no_distance_and_a_trigger_off_the_tick() -> None:
    conditional = read("status-waiting_targets")["stop_loss"]["conditional"]

    assert conditional["trailing"] == {"enabled": True, "percent": None}
    assert len(conditional["price"]["value"].partition(".")[2]) > 2
