from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.exchange.replay import replay_candle
from reconciler.sandbox.values.candles import Candle


def build_candle(*prices: str) -> Candle:
    first, high, low, last = (Decimal(price) for price in prices)
    return Candle(line=2, at_ms=0, open=first, high=high, low=low, close=last)


@pytest.mark.parametrize("length_ms", [0, 1, 3, 60000])
def test_the_clock_moves_by_the_length_of_the_candle(sandbox: Sandbox, length_ms: int) -> None:
    before = sandbox.now_ms
    with sandbox.transaction() as transaction:
        replay_candle(transaction, "USDT_BTC", build_candle("100", "110", "90", "105"), length_ms)
        assert transaction.quotes["USDT_BTC"].last == 105

    assert sandbox.now_ms == before + length_ms
