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
    4: Account(id=4, name="D", market_code="gate_io_usdt_perpetual", takes_contracts=True),
    5: Account(id=5, name="E", market_code="mars", takes_contracts=None),
    6: Account(id=6, name="F", market_code="mars_spot", takes_contracts=False),
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


PLAIN, LEVERAGES = "currency_rates", "currency_rates_with_leverage_data"
PRICES = {"bid": "5", "ask": "5", "last": "5"}
CONTRACT = {**PRICES, "instrumentKind": "linear_futures", "quanto_multiplier": "0.0001"}


def asked(wire: Wire) -> list[str]:
    return [path.partition("?")[0].rpartition("/")[2] for path in wire.paths]


def test_an_account_for_contracts_is_asked_once_with_leverages() -> None:
    rates, wire = make(Answer(200, CONTRACT))
    assert rates.read(4, "USDT_BTC_USDT").market.unit_size == Decimal("0.0001")
    assert asked(wire) == [LEVERAGES]


@pytest.mark.parametrize("status", [200, 400, 404, 422])
def test_if_leverages_are_refused_or_unreadable_the_plain_rates_are_asked_for(status: int) -> None:
    body = {"bid": "5"} if status == 200 else {"error": "record_invalid"}
    rates, wire = make(Answer(status, body), Answer(200, CONTRACT))
    assert rates.read(4, "USDT_BTC_USDT").market.unit_size == Decimal("0.0001")
    assert asked(wire) == [LEVERAGES, PLAIN]


def test_a_key_that_may_not_ask_for_leverages_is_an_error() -> None:
    rates, _ = make(Answer(401, {"error": "access_denied"}))
    with pytest.raises(AccessRefused):
        rates.read(4, "USDT_BTC_USDT")


def test_an_account_of_an_unknown_kind_is_asked_again_only_for_a_contract() -> None:
    rates, wire = make(Answer(200, PRICES), Answer(200, {**CONTRACT, "quanto_multiplier": None}), Answer(200, CONTRACT))
    assert not rates.read(5, "USDT_BTC").market.is_contract
    assert asked(wire) == [PLAIN]
    assert rates.read(5, "USDT_BTC_USDT").market.unit_size == Decimal("0.0001")
    assert asked(wire) == [PLAIN, PLAIN, LEVERAGES]


def test_a_spot_account_costs_no_further_request() -> None:
    rates, wire = make(Answer(200, {**CONTRACT, "quanto_multiplier": None}))
    assert rates.read(6, "USDT_BTC_USDT").market.unit_size is None
    assert asked(wire) == [PLAIN]


def test_it_is_known_when_prices_were_read() -> None:
    clock = new_clock()
    rates, _ = make(prices(5), clock=clock)
    assert rates.find_time(1, "USDT_BTC") is None
    rates.read(1, "USDT_BTC")
    read_at = clock.now()
    clock.sleep(1)
    assert rates.find_time(2, "USDT_BTC") == read_at
    assert rates.find_time(99, "USDT_BTC") is None
