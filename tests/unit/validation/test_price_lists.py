"""Prices in the place of steps; tests/cases/invalid has them in whole files."""

from __future__ import annotations

import pytest

from tests.support.check_files import check_text

HEAD = "version: 1\naccount: main\ntrades:\n  a:\n    pair: USDT_BTC\n"


def messages(steps: str, side: str = "buy") -> list[str]:
    position = f"    position: {{type: {side}, order_type: limit, units: 1, price: 60000}}\n"
    return [problem.message for problem in check_text(f"{HEAD}{position}    take_profit: {steps}\n")[1]]


@pytest.mark.parametrize(
    ("steps", "written"),
    [
        ("[66000]", ["66000, volume: 100"]),
        ("[66000, 70000]", ["66000, volume: 50", "70000, volume: 50"]),
        ("[5%, 10%]", ["63000, volume: 50", "66000, volume: 50"]),
        ("[25% at 66000, 75% @ 70000]", ["66000, volume: 25", "70000, volume: 75"]),
        ("[[66000, 40], [70000, 60]]", ["66000, volume: 40", "70000, volume: 60"]),
        ("[66,500, 70,500]", ["66500, volume: 50", "70500, volume: 50"]),
        ("[up, 70000]", ["63000, volume: 50", "70000, volume: 50"]),
    ],
)
def test_prices_are_one_problem_with_the_steps_to_write(steps: str, written: list[str]) -> None:
    (message,) = messages(steps)
    lines = ", ".join(f"{{order_type: limit, price: {step}}}" for step in written)
    assert message.endswith(f"expected a list of steps; write take_profit: [{lines}]")


def test_percents_of_a_short_trade_are_below_its_entry() -> None:
    assert "price: 57000" in messages("[5%]", side="sell")[0]


def test_numbers_that_would_be_far_from_the_entry_when_joined_are_left_apart() -> None:
    assert "price: 2," in messages("[2, 500]")[0]


def test_a_list_with_a_step_is_a_mistake_of_another_kind() -> None:
    found = messages("[{order_type: limit, price: 66000, volume: 50}, 7]")
    assert found
    assert all("list of steps" not in message for message in found)
