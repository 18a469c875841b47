"""Which live trade without a marker may have been opened for which spec."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.matching.similarity import (
    arrange_specs,
    arrange_unmarked,
    find_like,
    find_specs_like,
    may_be,
    place_of,
)
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.terms import Side, Terms
from tests.support.builders import entry, live, spec, terms, unmarked


def waiting(wanted: Terms) -> LiveTrade:
    return unmarked(live(spec(wanted)))


@pytest.mark.parametrize(
    ("wanted", "is_alike"),
    [
        (terms(), True),
        (terms(stop_loss=None), True),
        (terms(entered_by=entry(units="0.0101")), True),
        (terms(entered_by=entry(units="0.0103")), False),
        (terms(entered_by=entry(60059)), True),
        (terms(entered_by=entry(60061)), False),
        (terms(entered_by=entry(None)), False),
        (terms(entered_by=entry(side=Side.SELL)), False),
        (terms(pair="USDT_ETH"), False),
        (terms(account_id=2), False),
        (terms(is_own_funds=True), False),
    ],
)
def test_a_waiting_trade_may_be_a_spec_of_the_same_place_size_and_price(wanted: Terms, *, is_alike: bool) -> None:
    found = waiting(terms())
    assert may_be(found, wanted) is is_alike
    assert (find_like(wanted, arrange_unmarked([found]), ()) is found) is is_alike
    assert bool(find_specs_like(found, arrange_specs([spec(wanted)]))) is is_alike


def test_of_a_held_position_only_the_size_tells() -> None:
    held = unmarked(live(spec(terms(entered_by=entry(61234))), Phase.OPEN))
    assert may_be(held, terms())
    assert not may_be(held, terms(entered_by=entry(units="0.02")))


def test_a_trade_that_is_listed_as_foreign_is_not_found() -> None:
    found = waiting(terms())
    assert find_like(terms(), arrange_unmarked([found]), [found.id]) is None


def test_all_specs_that_are_alike_are_found_in_the_order_of_the_files() -> None:
    specs = [spec(terms(entered_by=entry(price)), name=str(price)) for price in (60050, 60000, 50000)]
    assert {each.name for each in find_specs_like(waiting(terms()), arrange_specs(specs))} == {"60050", "60000"}


def test_a_place_is_account_pair_and_side() -> None:
    assert place_of(terms()) == (1, "USDT_BTC", Side.BUY)
    assert arrange_unmarked([waiting(terms())]).lives[0].terms.entry.units == Decimal("0.01")
