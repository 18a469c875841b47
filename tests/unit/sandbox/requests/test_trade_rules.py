from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciler.sandbox.requests.trade_rules import check_added, check_entry, check_reduced, check_steps, check_stop
from reconciler.sandbox.values.market import PriceType, follow_last
from reconciler.sandbox.values.terms import EntryType, FundsTerms, OrderType, Side
from tests.unit.sandbox.trades import BTC, build_entry, build_step, build_stop

QUOTE = follow_last(BTC, Decimal(10000))


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        ({"units": "0.000001"}, "units_to_buy", "must be greater than or equal to 0.00001"),
        ({"units": "9001"}, "units_to_buy", "must be less than or equal to 9000.0"),
        ({"units": "1.000001"}, "units_to_buy", "Should change with step 0.00001"),
        ({"units": "0.0001"}, "position.total", "must be greater than or equal to 5.0"),
        ({"price": "10000.001"}, "position.price", "Should change with step 0.01"),
        ({"trigger": "0.001"}, "position.conditional.price", "must be greater than or equal to 0.01"),
        ({"trailing_pct": "100"}, "position.conditional.trailing.percent", "must be less than or equal to 99.0"),
    ],
)
def test_an_entry_keeps_the_limits_of_its_pair(changes: dict[str, str], key: str, message: str) -> None:
    values: dict[str, Any] = {name: Decimal(text) for name, text in changes.items()}
    entry = replace(build_entry(), **values)

    assert check_entry(entry, BTC, QUOTE) == {key: [message], "position": ["is invalid"]}


def test_the_price_of_own_funds_may_lie_off_the_grid() -> None:
    entry = build_entry(EntryType.LIMIT, price=Decimal("9999.999"))

    assert check_entry(entry, BTC, QUOTE, has_own_price=True) == {}
    assert "position.price" in check_entry(entry, BTC, QUOTE)


def test_the_volumes_of_steps_make_a_hundred() -> None:
    steps = (build_step("11000", volume="40").terms, build_step("12000", volume="59").terms)

    assert check_steps(steps, build_entry(), BTC, is_trailing=False) == {
        "take_profit.steps": ["volume should be 100% in the sum of all steps"]
    }


@pytest.mark.parametrize("count", [0, 9])
def test_there_are_one_to_eight_steps(count: int) -> None:
    found = check_steps((build_step("11000").terms,) * count, build_entry(), BTC, is_trailing=False)

    assert found == {"take_profit.steps": ["should have 1 to 8 steps"]}


def test_every_step_is_at_least_one_lot() -> None:
    steps = (build_step("11000", volume="99").terms, build_step("12000", volume="1").terms)

    found = check_steps(steps, build_entry(units=Decimal("0.0005")), BTC, is_trailing=False)
    assert found == {"take_profit.steps.1.volume": ["Too small"]}


def test_only_the_last_step_may_trail_and_only_at_market() -> None:
    trailing = build_step("11000", volume="50", trailing_pct=Decimal(1), order_type=OrderType.LIMIT).terms
    found = check_steps((trailing, trailing), build_entry(), BTC, is_trailing=False)

    assert found == {
        "take_profit.steps.0.trailing": ["is available for market orders only", "is available for the last step only"],
        "take_profit.steps.1.trailing": ["is available for market orders only"],
    }


def test_levels_are_in_percent_exactly_while_the_entry_trails() -> None:
    price = build_step("11000").terms
    percent = replace(price, price=None, percent=Decimal(5))

    assert check_steps((price,), build_entry(), BTC, is_trailing=False) == {}
    assert check_steps((percent,), build_entry(), BTC, is_trailing=True) == {}
    assert "take_profit.steps.0.price" in check_steps((price,), build_entry(), BTC, is_trailing=True)
    assert "take_profit.steps.0.price" in check_steps((percent,), build_entry(), BTC, is_trailing=False)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"timeout_s": 0}, "stop_loss.timeout.value"),
        ({"has_breakeven": True}, "stop_loss.breakeven"),
        ({"trailing_pct": Decimal(0)}, "stop_loss.conditional.trailing.percent"),
        ({"limit_price": Decimal("1.001")}, "stop_loss.price"),
    ],
)
def test_a_stop_keeps_its_rules(changes: dict[str, Any], key: str) -> None:
    stop = replace(build_stop("9000").terms, **changes)

    assert list(check_stop(stop, (), build_entry(), BTC, is_trailing=False)) == [key]


def test_a_stop_of_a_long_lies_less_than_the_whole_price_away() -> None:
    stop = replace(build_stop("9000").terms, trigger=None, percent=Decimal(100))
    key = "stop_loss.conditional.price.percent"

    assert check_stop(stop, (), build_entry(), BTC, is_trailing=True) == {key: ["must be less than 100.0"]}
    assert check_stop(stop, (), build_entry(side=Side.SELL), BTC, is_trailing=True) == {}


def test_an_added_order_has_a_smallest_total() -> None:
    small = FundsTerms(order_type=OrderType.MARKET, units=Decimal("0.0004"))

    assert check_added(small, Side.BUY, BTC, QUOTE) == {"total": ["must be greater than or equal to 5.0"]}


@pytest.mark.parametrize(
    ("units", "message"),
    [("0.000001", "Too small"), ("0.6", "Too big"), ("0.100001", "Should change with step 0.00001")],
)
def test_a_reduction_fits_the_position(units: str, message: str) -> None:
    terms = FundsTerms(order_type=OrderType.MARKET, units=Decimal(units))

    assert check_reduced(terms, BTC, Decimal("0.5")) == {"entered_amount": [message]}


def test_price_types_do_not_matter_to_the_rules() -> None:
    steps = (build_step("11000", price_type=PriceType.BID).terms,)

    assert check_steps(steps, build_entry(), BTC, is_trailing=False) == {}
