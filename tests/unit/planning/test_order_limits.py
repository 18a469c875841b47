"""Limits of prices, sizes and totals of orders."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.planning.order_limits import SizedOrder, check_price, check_total, check_units
from reconciler.rendering.reasons import describe_all
from tests.support import builders

TERMS = builders.terms()
RATES = builders.rates()
LIMITED = replace(
    RATES,
    limits=replace(
        RATES.limits,
        min_price=Decimal(100),
        max_price=Decimal(90000),
        min_lot=Decimal("0.001"),
        max_lot=Decimal(5),
        min_total=Decimal(10),
        max_total=Decimal(1000),
        min_market_total=Decimal(20),
    ),
)


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ("60000", ""),
        ("60000.005", "field 60000.005 is not a multiple of the tick 0.01: 60000 or 60000.01"),
        ("99", "field 99 is below the smallest price 100"),
        ("90001", "field 90001 is above the largest price 90000"),
    ],
)
def test_a_price_is_within_its_limits_and_on_the_tick(price: str, words: str) -> None:
    assert describe_all(tuple(check_price("field", Decimal(price), TERMS, LIMITED))) == words


def test_no_price_is_no_problem() -> None:
    assert list(check_price("field", None, TERMS, LIMITED)) == []


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ("0.01", ""),
        ("0.0100001", "field 0.0100001 BTC is not a multiple of the lot 0.00001: 0.01 or 0.01001"),
        ("0.0001", "field 0.0001 BTC is below the smallest order: at least 0.001"),
        ("6", "field 6 BTC is above the largest order: at most 5"),
    ],
)
def test_a_size_is_within_its_limits_and_on_the_lot(units: str, words: str) -> None:
    assert describe_all(tuple(check_units("field", Decimal(units), TERMS, LIMITED))) == words


def test_below_the_first_step_only_the_step_is_near() -> None:
    coarse = replace(RATES, lot_step=Decimal(1), limits=replace(RATES.limits, min_lot=None))

    found = describe_all(tuple(check_units("field", Decimal("0.5"), TERMS, coarse)))

    assert found == "field 0.5 BTC is not a multiple of the lot 1: 1"


@pytest.mark.parametrize(
    ("units", "is_market", "words"),
    [
        ("0.01", False, ""),
        ("0.001", False, "field is 0.001 BTC = 5 USDT, below the smallest order of 10 USDT: at least 0.002 BTC"),
        ("0.003", True, "field is 0.003 BTC = 15 USDT, below the smallest order of 20 USDT: at least 0.004 BTC"),
        ("0.3", False, "field is 0.3 BTC = 1500 USDT, above the largest order of 1000 USDT: at most 0.2 BTC"),
    ],
)
def test_an_order_is_neither_too_small_nor_too_large(units: str, is_market: bool, words: str) -> None:
    order = SizedOrder("field", Decimal(units), Decimal(5000), is_market=is_market)

    assert describe_all(tuple(check_total(order, TERMS, LIMITED))) == words


def test_a_step_is_named_with_its_share() -> None:
    step = SizedOrder("step", Decimal("0.001"), Decimal(5000), is_market=False, share_pct=Decimal(50))

    assert describe_all(tuple(check_total(step, TERMS, LIMITED))).startswith("step (50 %) is 0.001 BTC = 5 USDT")
