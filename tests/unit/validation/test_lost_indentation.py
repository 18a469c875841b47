"""Lines without their indentation; tests/cases/invalid has them in whole files."""

from __future__ import annotations

import pytest

from reconciler.validation.lost_indentation import names_of_lost_fields
from tests.support.check_files import check_text

HEAD = "version: 1\naccount: main\n"


def messages(text: str) -> list[str]:
    return [f"{problem.path}: {problem.message}" for problem in check_text(HEAD + text)[1]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "trades:\na:\n  pair: USDT_BTC\n",
            'trades: found nothing below trades; put two blanks before the line "a:" and each line below it',
        ),
        (
            "a:\n  pair: USDT_BTC\n",
            "a: found the trade a at the top; write 'trades:' above it, and two blanks before each line",
        ),
        (
            "trades:\n  a:\n  pair: USDT_BTC\n  position: {type: buy}\n",
            "trades.a: found nothing below a; put two more blanks before pair and position",
        ),
        (
            "trades:\n  a:\n    pair: USDT_BTC\n    position:\n    type: buy\n    order_type: market\n    units: 1\n",
            "trades.a.position: found nothing below position; put two more blanks before type, order_type and units",
        ),
    ],
)
def test_lines_without_their_indentation_are_one_problem(text: str, message: str) -> None:
    assert messages(text) == [message]


def test_an_empty_group_with_nothing_beside_it_is_a_mistake_of_another_kind() -> None:
    found = messages("trades:\n  a:\n    pair: USDT_BTC\n    position:\n    note: x\n")
    assert len(found) == 1
    assert "found nothing (null)" in found[0]


def test_only_beside_an_empty_trade_a_field_is_lost() -> None:
    assert names_of_lost_fields({"a": None, "pair": "USDT_BTC"}) == {"pair"}
    assert not names_of_lost_fields({"pair": {"pair": "USDT_BTC"}})
