from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.orders import (
    estimate_payment,
    estimate_receipt,
    execute_order,
    market_price,
    meet_limit,
    meet_new_limit,
    place_order,
    withdraw_order,
)
from reconciler.sandbox.engine.trade import Order
from reconciler.sandbox.values.errors import InsufficientFunds
from reconciler.sandbox.values.options import FeeCurrency, Options
from reconciler.sandbox.values.terms import Side
from tests.unit.sandbox.trades import build_moment, build_wallet


def test_estimates_count_the_commission_of_the_api() -> None:
    assert estimate_payment(Decimal(200)) == Decimal("200.2")
    assert estimate_receipt(Decimal(200)) == Decimal("199.8")


def test_a_market_order_buys_at_the_ask_and_sells_at_the_bid() -> None:
    quote = build_moment("10000").after

    assert (market_price(Side.BUY, quote), market_price(Side.SELL, quote)) == (Decimal("10000.01"), Decimal(10000))


@pytest.mark.parametrize(
    ("side", "limit", "before", "last", "price"),
    [
        (Side.BUY, "9900", "10000", "9899.99", "9900"),
        (Side.BUY, "9900", "10000", "9900", None),
        (Side.BUY, "9900", "9800", "9700", "9700.01"),
        (Side.SELL, "10100", "10000", "10200", "10100"),
        (Side.SELL, "10100", "10000", "10099.99", None),
        (Side.SELL, "10100", "10200", "10300", "10300"),
    ],
)
def test_a_resting_limit_fills_at_its_price_and_a_marketable_one_at_the_market(
    side: Side, limit: str, before: str, last: str, price: str | None
) -> None:
    found = meet_limit(side, Decimal(limit), build_moment(last, before=before))

    assert found == (None if price is None else Decimal(price))


def test_a_new_limit_that_is_marketable_fills_at_the_market() -> None:
    assert meet_new_limit(Side.BUY, Decimal(9900), build_moment("9800", before="10000")) == Decimal("9800.01")


def test_a_resting_order_reserves_its_funds_until_it_is_withdrawn() -> None:
    moment = build_moment(options=Options(fee_pct=Decimal(1)))
    buy, sell = Order(id=1), Order(id=2)
    place_order(buy, Side.BUY, Decimal(2), Decimal(100), moment)
    place_order(sell, Side.SELL, Decimal(2), Decimal(100), moment)
    assert (buy.reserved, sell.reserved) == (Decimal(202), Decimal(2))

    withdraw_order(buy, Side.BUY, moment)
    withdraw_order(buy, Side.BUY, moment)
    assert moment.wallet.balances()["USDT"].reserved == 0
    assert moment.wallet.balances()["BTC"].reserved == 2


def test_a_fill_moves_the_funds_and_the_fee_is_taken_in_either_currency() -> None:
    in_quote = build_moment(wallet=build_wallet("1000", "0"), options=Options(fee_pct=Decimal(1)))
    bought = execute_order(Order(id=1), Side.BUY, Decimal(2), Decimal(100), in_quote)
    assert (bought.amount, bought.total, in_quote.wallet.free("USDT")) == (Decimal(2), Decimal(202), Decimal(798))

    received = Options(fee_pct=Decimal(1), fee_currency=FeeCurrency.RECEIVED)
    in_base = build_moment(wallet=build_wallet("1000", "0"), options=received)
    bought = execute_order(Order(id=1), Side.BUY, Decimal(2), Decimal(100), in_base)
    assert (bought.amount, bought.total, in_base.wallet.free("BTC")) == (Decimal("1.98"), Decimal(200), Decimal("1.98"))


def test_a_sale_brings_the_total_less_the_fee() -> None:
    moment = build_moment(wallet=build_wallet("0", "2"), options=Options(fee_pct=Decimal(1)))
    sold = execute_order(Order(id=1), Side.SELL, Decimal(2), Decimal(100), moment)

    assert (sold.total, moment.wallet.free("USDT"), moment.wallet.free("BTC")) == (
        Decimal(198),
        Decimal(198),
        Decimal(0),
    )


def test_too_little_funds_refuse_an_order() -> None:
    moment = build_moment(wallet=build_wallet("99", "0"))
    with pytest.raises(InsufficientFunds):
        execute_order(Order(id=1), Side.BUY, Decimal(1), Decimal(100), moment)
    assert moment.wallet.free("USDT") == 99
