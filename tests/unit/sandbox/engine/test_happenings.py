"""What happened to trades, in words; as the answers of the sandbox have them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.happenings import list_happenings, plain, take_snapshot
from reconciler.sandbox.values.pairs import PAIRS
from tests.unit.sandbox.bodies import OFF, Body, conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client
from tests.unit.sandbox.trades import BTC, build_moment, build_open

TIMEOUT = {"timeout": {"enabled": True, "value": 8}}
LIMIT_STOP = stop("9000", order_type="limit", price={"value": "9100"})
TRAILING_STEP = step("9600", order_type="market", trailing={"enabled": True, "percent": 1})


def tell(client: Client, last: str, pair: str = "USDT_BTC") -> list[str]:
    happened = client.sandbox.set_price(pair, Decimal(last))["happened"]
    assert isinstance(happened, list)
    return [str(each["text"]) for each in happened if isinstance(each, dict)]


@pytest.fixture
def free(client: Client) -> Client:
    client.sandbox.configure("fee_pct", "0")
    return client


@pytest.mark.parametrize(
    ("body", "last", "told"),
    [
        (trade(position=limit("9400")), "9399", ["entered 0.01 BTC at 9400"]),
        (trade(position=limit("9600", side="sell")), "9601", ["entered short 0.01 BTC at 9600"]),
        (trade(position=limit("9400"), instant=True), "9399", ["bought 0.01 BTC at 9400", "ended: finished"]),
        (
            trade(position=limit("9600", side="sell"), instant=True),
            "9600",
            ["sold 0.01 BTC at 9600", "ended: finished"],
        ),
        (trade(position=conditional("9600", price="9500")), "9600", ["entry is triggered: a limit buy waits at 9500"]),
        (
            trade(position=conditional("9600", trailing={"enabled": True, "percent": 1})),
            "9600",
            ["entry follows the price now"],
        ),
        (
            trade(take_profit=steps(step("9600", 50), step("9700", 50))),
            "9600",
            ["take profit 1 sold 0.005 BTC at 9600"],
        ),
        (
            trade(take_profit=steps(step("9600", 50), step("9700", 50)), stop_loss=stop("9000", breakeven=True)),
            "9600",
            ["take profit 1 sold 0.005 BTC at 9600", "stop moved to 9500.01 (breakeven)"],
        ),
        (
            trade(take_profit=steps(step("9600"))),
            "9600",
            ["take profit 1 sold 0.01 BTC at 9600", "ended: finished, profit 0.9999 USDT"],
        ),
        (trade(take_profit=steps(TRAILING_STEP)), "9600", ["take profit 1 follows the price now"]),
        (
            trade(stop_loss=stop("9000")),
            "8999",
            ["stop sold 0.01 BTC at 8999", "ended: stopped out, profit -5.0101 USDT"],
        ),
        (trade(stop_loss=stop("9000", **TIMEOUT)), "8999", ["stop is passed, it waits 8 s"]),
        (trade(stop_loss=LIMIT_STOP), "8999", ["stop is triggered: a limit sell waits at 9100"]),
        (
            trade(position=market(side="sell"), stop_loss=stop("9600")),
            "9600",
            ["stop bought 0.01 BTC at 9600.01", "ended: stopped out, profit -1.0001 USDT"],
        ),
    ],
)
def test_a_tick_is_described_in_words(free: Client, body: Body, last: str, told: list[str]) -> None:
    free.open({"take_profit": OFF, "stop_loss": OFF, **body})

    assert tell(free, last) == told


def test_a_tick_that_moves_nothing_is_not_described(free: Client) -> None:
    free.open(trade(position=limit("9400")))

    assert tell(free, "9450") == []


def test_funds_partial_fills_and_closes_are_described(free: Client) -> None:
    trade_id = free.open(trade(position=limit("9400"), note="mine"))["id"]
    filled = free.sandbox.fill(trade_id, Decimal("0.004"))["happened"]
    assert filled == [{"trade_id": trade_id, "note": "mine", "text": "entered 0.004 BTC at 9400"}]

    assert tell(free, "9399") == ["entered 0.006 BTC at 9400"]
    free.post(f"{trade_id}/add_funds", {"order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "9300"}})
    free.show(trade_id)
    assert tell(free, "9299") == ["added 0.01 BTC at 9300"]
    free.post(
        f"{trade_id}/reduce_funds", {"order_type": "limit", "units": {"value": "0.005"}, "price": {"value": "9500"}}
    )
    free.show(trade_id)
    assert tell(free, "9500") == ["reduction sold 0.005 BTC at 9500"]


def test_a_refused_entry_is_described_with_its_reason(free: Client) -> None:
    free.sandbox.schedule("refuse", value="kyc")
    free.sandbox.configure("pending_reads", "clock")
    free.create(trade())
    happened = free.sandbox.advance(1)["happened"]

    assert "ended: failed, You need to pass KYC on the exchange to trade on this pair" in str(happened)


def test_contracts_are_called_contracts(free: Client) -> None:
    free.sandbox.ensure_account(7, market="futures")
    position = limit("60000.1", "25")
    free.open(trade(account_id=7, pair="USDT_BTC_USDT", position=position))

    assert tell(free, "60000", "USDT_BTC_USDT") == ["entered 25 contracts at 60000.1"]


def test_a_trade_that_did_not_change_has_nothing_to_describe() -> None:
    trade = build_open()
    quote = build_moment().after

    assert list_happenings(take_snapshot(trade), trade, BTC, quote) == []
    assert PAIRS["USDT_BTC"] is BTC


@pytest.mark.parametrize(("number", "text"), [("10.00", "10"), ("1E+3", "1000"), ("0.0100", "0.01"), ("-0.5", "-0.5")])
def test_numbers_are_plain(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
