"""Rates are read once in their lifetime, and a pair that the exchange refuses is asked for once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import AccessRefused, RequestRefused
from reconciler.live.rates import PairRates
from reconciler.model.live import RATES_LIFETIME_S, Account
from tests.unit.live.wire import Answer, Wire, new_clock, open_api

ACCOUNTS = {
    1: Account(id=1, name="A", market_code="binance"),
    2: Account(id=2, name="B", market_code="binance"),
    3: Account(id=3, name="C", market_code="kraken"),
}


def prices(last: int) -> Answer:
    return Answer(200, {"bid": str(last), "ask": str(last), "last": str(last)})


def make(
    *answers: Answer, clock: ManualClock | None = None, lifetime_s: float = RATES_LIFETIME_S
) -> tuple[PairRates, Wire]:
    wire = Wire(*answers)
    return PairRates(open_api(wire), clock or new_clock(), ACCOUNTS, lifetime_s), wire


def test_accounts_of_one_market_share_a_reading() -> None:
    rates, wire = make(prices(5), prices(6))
    assert rates.read(1, "USDT_BTC").prices.last == rates.read(2, "USDT_BTC").prices.last == Decimal(5)
    assert rates.read(3, "USDT_BTC").prices.last == Decimal(6)
    assert len(wire.sent) == 2


def test_an_old_reading_is_read_again() -> None:
    clock = new_clock()
    rates, _ = make(prices(5), prices(6), clock=clock)
    assert rates.read(1, "USDT_BTC").prices.last == 5
    clock.sleep(RATES_LIFETIME_S - 0.1)
    assert rates.read(1, "USDT_BTC").prices.last == 5
    clock.sleep(0.1)
    assert rates.read(1, "USDT_BTC").prices.last == 6


def test_a_pair_that_is_refused_is_asked_for_once() -> None:
    rates, wire = make(Answer(422, {"error": "record_invalid"}))
    assert rates.find(1, "USDT_NOPE") is None
    assert rates.find(2, "USDT_NOPE") is None
    assert len(wire.sent) == 1
    with pytest.raises(RequestRefused):
        rates.read(1, "USDT_NOPE")


def test_an_unknown_account_has_no_rates_and_no_request_is_sent() -> None:
    rates, wire = make(prices(5))
    assert rates.find(9, "USDT_BTC") is None
    assert wire.sent == []


def test_a_key_that_may_not_ask_is_an_error_and_not_an_unknown_pair() -> None:
    rates, _ = make(Answer(401, {"error": "access_denied"}))
    with pytest.raises(AccessRefused):
        rates.find(1, "USDT_BTC")
