"""Values of the wrong kind and the lines to write instead; tests/cases/invalid has them in whole files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.validation.trade_facts import TradeFacts
from reconciler.validation.value_hints import find_hint, write_percent

FACTS = TradeFacts(trade={"pair": "USDT_BTC", "position": {"type": "buy", "price": 60000}}, defaults={})
STOP = "stop_loss: {order_type: market, conditional: {price: 58200}}"


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        (("pair",), "ETHUSDT", "did you mean USDT_ETH?"),
        (("state",), "canceled", "did you mean closed?"),
        (("position", "type"), "short", "write type: sell"),
        (("position", "order_type"), "LIMIT", "write order_type: limit"),
        (("position", "units"), "500 USDT", "500 USDT at 60000 are 0.00833 BTC: write units: 0.00833"),
        (("position", "units"), "$500", "500 USDT at 60000 are 0.00833 BTC: write units: 0.00833"),
        (("position", "price", "value"), "60k", "write value: 60000"),
        (("stop_loss",), "3%", f"a level is a price: 3 % below the entry at 60000 is 58200: write {STOP}"),
        (("stop_loss",), 58200, f"write {STOP}"),
        (("stop_loss", "timeout"), "30s", "write timeout: 30, in seconds"),
        (("take_profit",), 63000, "write take_profit: [{order_type: limit, price: 63000, volume: 100}]"),
        (("take_profit", 0, "volume"), "50%", "write volume: 50"),
        (("note",), 5, "put the text in quotes, or leave the key out"),
        (("take_profit", 0, "order_type"), "conditional", None),
        (("position", "price"), -5, None),
    ],
)
def test_a_value_is_answered_with_the_line_to_write(
    path: tuple[str | int, ...], value: object, hint: str | None
) -> None:
    assert find_hint(FACTS, path, value, {}) == hint


def test_prices_in_the_place_of_steps_share_the_position() -> None:
    prices = [63000, 64000, 65000]
    hints = [find_hint(FACTS, ("take_profit", place), price, prices) for place, price in enumerate(prices)]
    assert hints[2] == "write {order_type: limit, price: 65000, volume: 33.34}"


def test_a_distance_is_above_or_below_the_entry() -> None:
    short = TradeFacts(trade={"position": {"type": "short", "price": "60,000"}}, defaults={})
    assert "is 57000" in write_percent(short, ("take_profit", "price"), Decimal(5))
    assert "is 63000" in write_percent(short, ("stop_loss", "conditional", "price"), Decimal(-5))
    unknown = TradeFacts(trade={}, defaults={})
    assert "only while the entry trails" in write_percent(unknown, ("stop_loss",), Decimal(5))
