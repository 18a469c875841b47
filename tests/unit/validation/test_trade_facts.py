"""What a file says about a trade, however it is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.loading.files import load_text
from reconciler.validation.trade_facts import TradeFacts, read_number, read_side


def find(text: str) -> TradeFacts:
    document, _ = load_text(f"version: 1\ndefaults: {{pair: BTC_ETH}}\ntrades: {{a: {{{text}}}}}", "plan.yaml")
    assert document is not None
    return TradeFacts.find(document, ("trades", "a", "note"))


@pytest.mark.parametrize(
    ("text", "pair", "side", "price"),
    [
        ("pair: USDT_BTC, position: {type: buy, price: {value: 60000}}", "USDT_BTC", "buy", 60000),
        ("symbol: BTCUSDT, side: short, entry: 60k", "USDT_BTC", "sell", 60000),
        ("position: {type: long, conditional: {price: 0.05}}", "BTC_ETH", "buy", Decimal("0.05")),
        ("note: nothing", "BTC_ETH", None, None),
    ],
)
def test_pair_side_and_price_are_found(text: str, pair: str, side: str | None, price: Decimal | None) -> None:
    facts = find(text)
    assert (facts.pair, facts.side, facts.entry_price) == (pair, side, price)
    assert (facts.quote, facts.base) == tuple(pair.split("_"))


def test_without_a_price_the_calculation_is_described() -> None:
    assert "divide 500 BTC by the price" in find("note: nothing").size_in_units(Decimal(500))


def test_the_factor_of_a_leverage_is_read_in_every_form() -> None:
    assert [find(f"leverage: {text}").leverage for text in ("10x", "{value: 5}", "false")] == [10, 5, None]


def test_words_for_a_side_and_numbers_in_groups_are_read() -> None:
    assert [read_side(word) for word in ("LONG", "Sell", "up", 5)] == ["buy", "sell", None, None]
    assert [read_number(value) for value in ({"value": "5"}, "6k", "7%", None)] == [5, 6000, None, None]
