"""Terms as fields of a plan file: exact numbers, nothing that is off, and the short forms of a person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from reconciler.codec.body import read_terms
from reconciler.importing.fields import default_type_at, shorten, shorten_field, write_fields
from reconciler.importing.statement import Statement
from reconciler.model.terms import Leverage, LeverageType, Terms
from tests.support import builders
from tests.support.averaging_orders import order
from tests.support.entities import any_terms


def stated(terms: Terms, unallocated: int = 0, note: str = "") -> Statement:
    return Statement(terms=terms, unallocated_pct=Decimal(unallocated), note=note)


def switched_on(fields: object, key: str = "") -> object:
    """The same with `enabled` in each group that the API switches."""
    if isinstance(fields, list):
        return [switched_on(each) for each in fields]
    if not isinstance(fields, dict):
        return fields
    groups = ("leverage", "take_profit", "stop_loss", "trailing", "timeout")
    below = {name: switched_on(value, name) for name, value in fields.items()}
    return {"enabled": True, **below} if key in groups else below


@given(any_terms())
def test_fields_state_all_that_the_body_states(terms: Terms) -> None:
    fields = switched_on(write_fields(stated(terms)))
    assert isinstance(fields, dict)
    assert read_terms({**fields, "account_id": terms.account_id}) == terms


def test_numbers_are_exact_and_what_is_off_is_left_out() -> None:
    terms = replace(builders.terms(stop_loss=None), leverage=Leverage(type=LeverageType.CROSS, value=Decimal("2.50")))
    fields = write_fields(stated(terms))
    assert "stop_loss" not in fields
    assert fields["leverage"] == {"type": "cross", "value": Decimal("2.5")}


def test_the_account_is_left_to_the_file() -> None:
    assert "account_id" not in write_fields(stated(builders.terms()))


def test_unallocated_averaging_and_note_are_stated_where_there_are_any() -> None:
    statement = replace(stated(builders.terms(), 20, "mine"), averaging=(order(57000),))
    fields = write_fields(statement)
    take_profit = fields["take_profit"]
    assert isinstance(take_profit, dict)
    assert list(take_profit) == ["unallocated", "steps"]
    assert fields["averaging"] == [{"price": {"value": Decimal(57000)}, "units": {"value": Decimal("0.005")}}]
    assert fields["note"] == "mine"


@pytest.mark.parametrize(
    ("key", "value", "default", "short"),
    [
        ("units", {"value": 1}, "", 1),
        ("price", {"value": 5, "type": "last"}, "last", 5),
        ("price", {"value": 5, "type": "bid"}, "last", {"value": 5, "type": "bid"}),
        ("price", {"percent": 5, "type": "last"}, "last", {"percent": 5}),
        ("trailing", {"percent": 2}, "", 2),
        ("timeout", {"value": 60}, "", 60),
        ("take_profit", {"steps": [1]}, "", [1]),
        ("take_profit", {"unallocated": 5, "steps": [1]}, "", {"unallocated": 5, "steps": [1]}),
    ],
)
def test_a_field_is_shortened_where_nothing_is_lost(key: str, value: object, default: str, short: object) -> None:
    assert shorten_field(key, value, default) == short


def test_price_types_stay_where_the_defaults_of_a_file_may_say_otherwise() -> None:
    fields = {"stop_loss": {"conditional": {"price": {"value": 5, "type": "last"}}}}
    assert shorten(fields) == {"stop_loss": {"conditional": {"price": 5}}}
    assert shorten(fields, keeps_types=True) == fields


def test_the_usual_price_type_of_an_entry_depends_on_its_side() -> None:
    assert default_type_at(("position", "conditional"), {"position": {"type": "buy"}}) == "ask"
    assert default_type_at(("position", "conditional"), {"position": {"type": "sell"}}) == "bid"
    assert default_type_at(("stop_loss",), {"position": {"type": "sell"}}) == "last"
