"""Terms as the fields of a file, in full and in short forms, mean the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.codec.body import read_terms
from reconciler.desired.canonical import expand_trade
from reconciler.importing.fields import Fields, default_type_at, shorten, shorten_field, write_fields
from reconciler.importing.statement import Statement
from reconciler.model.terms import Leverage, LeverageType, PriceType, Terms
from tests.support.builders import entry, level, step, stop, terms

TERMS = [
    terms(),
    terms(entered_by=entry(None), stop_loss=None),
    terms(entered_by=entry(60000, trigger=61000)),
    terms(entered_by=entry(None, trigger=61000, trailing=2), steps=[step(percent=5)], stop_loss=None),
    terms(steps=[replace(step(63000, 50), level=level(63000, watched=PriceType.BID)), step(66000, 50)]),
    terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(5))),
    terms(is_own_funds=True),
    terms(is_instant=True),
]


def write(wanted: Terms) -> Fields:
    return write_fields(Statement(terms=wanted, unallocated_pct=Decimal(0), note="", averaging=()))


@pytest.mark.parametrize("wanted", TERMS)
@pytest.mark.parametrize("keeps_types", [False, True])
def test_short_forms_mean_what_the_full_fields_mean(wanted: Terms, *, keeps_types: bool) -> None:
    full = write(wanted)
    short = shorten(full, keeps_types=keeps_types)
    assert read_terms({**expand_trade(short), "account_id": 1}) == wanted
    assert read_terms({**expand_trade(full), "account_id": 1}) == wanted


def test_a_person_writes_single_values_and_lists() -> None:
    short = shorten(write(terms(stop_loss=stop(58500))))
    assert short["position"] == {"type": "buy", "order_type": "limit", "units": Decimal("0.01"), "price": 60000}
    assert isinstance(short["take_profit"], list)
    assert short["stop_loss"] == {"order_type": "market", "conditional": {"price": Decimal(58500)}}


def test_a_price_type_is_written_unless_it_is_the_default() -> None:
    other = {"price": {"value": 5, "type": "bid"}}
    assert shorten_field("", other, "last") == other
    assert shorten_field("", {"price": {"value": 5, "type": "last"}}, "last") == {"price": 5}
    assert level(5).price_type is PriceType.LAST


@pytest.mark.parametrize(
    ("path", "side", "default"),
    [(("position", "conditional"), "buy", "ask"), (("position",), "sell", "bid"), (("stop_loss",), "buy", "last")],
)
def test_the_default_type_of_an_entry_depends_on_its_side(path: tuple[str, ...], side: str, default: str) -> None:
    assert default_type_at(path, {"position": {"type": side}}) == default
