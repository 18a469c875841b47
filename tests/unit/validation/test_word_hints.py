"""Words of traders and the lines to write instead; tests/cases/invalid has them in whole files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.validation.trade_facts import TradeFacts
from reconciler.validation.word_hints import explain_word, find_meaning, name_group, share_equally, write_leverage

FACTS = TradeFacts(
    trade={"pair": "USDT_ETH", "leverage": {"value": 5}, "position": {"type": "sell", "price": 3000}}, defaults={}
)


@pytest.mark.parametrize(
    ("group", "word", "path"),
    [
        ("trade", "Entry-Price", ("position", "price")),
        ("trade", "TP1", ("take_profit",)),
        ("step", "target", ("price",)),
        ("stop_loss", "trigger", ("conditional", "price")),
        ("leverage", "margin_mode", ("type",)),
        ("averaging_order", "amount", ("units",)),
        ("trade", "colour", None),
        ("note", "entry", None),
    ],
)
def test_a_word_means_a_field(group: str, word: str, path: tuple[str, ...] | None) -> None:
    assert find_meaning(group, word) == path


@pytest.mark.parametrize(
    ("word", "value", "line"),
    [
        ("side", "short", "write it under position: type: sell"),
        ("direction", "LONG", "write it under position: type: buy"),
        ("amount", 300, "300 USDT at 3000 are 0.1 ETH: write units: 0.1 under position"),
        ("margin", 300, "a margin of 300 at leverage 5 is 1500 USDT; 1500 USDT at 3000 are 0.5 ETH: write units: 0.5"),
        ("qty", "0.5", "the size is a number of ETH: write units: 0.5 under position"),
        ("qty", "300 USDT", "300 USDT at 3000 are 0.1 ETH: write units: 0.1 under position"),
        ("risk", "1%", "the size is a number of ETH: write units: 0.01 under position"),
        ("ticker", "ETHUSDT", "write pair: USDT_ETH"),
        ("sl", 3100, "write stop_loss: {order_type: market, conditional: {price: 3100}}"),
        ("stoploss", {"order_type": "market"}, "did you mean stop_loss?"),
    ],
)
def test_a_word_is_answered_with_the_numbers_of_its_trade(word: str, value: object, line: str) -> None:
    assert (explain_word(FACTS, "trade", word, value) or "").startswith(line)


def test_an_unknown_word_is_not_explained() -> None:
    assert explain_word(FACTS, "trade", "colour", "red") is None


@pytest.mark.parametrize("count", range(1, 9))
def test_equal_volumes_add_up_to_100(count: int) -> None:
    assert sum(map(Decimal, share_equally(count))) == 100


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("10x", "{type: cross, value: 10}"),
        (3, "{type: cross, value: 3}"),
        ("Isolated 5x", "{type: isolated, value: 5}"),
        ("cross", "{type: cross, value: 5}"),
    ],
)
def test_a_leverage_is_written_as_a_group(written: object, line: str) -> None:
    assert write_leverage(written) == f"leverage: {line}"


def test_a_group_has_a_name() -> None:
    paths = [(), ("position",), ("take_profit", 0), ("take_profit", "steps", 1), ("averaging", 2)]
    assert [name_group(path) for path in paths] == ["trade", "position", "step", "step", "averaging_order"]
