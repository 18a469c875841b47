"""Averaging orders from a plan file: short forms and the canonical form, told apart from the body of the trade."""

from __future__ import annotations

import pytest

from reconciler.codec.averaging import read_averaging, write_averaging
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.model.specs import TradeSpec
from tests.support.averaging_orders import order
from tests.support.check_files import check_text

HEAD = "version: 1\naccount: main\ntrades:\n  a:\n    pair: USDT_BTC\n"
ENTRY = "    position: {type: buy, order_type: limit, units: 0.01, price: 60000}\n"


def spec_with(averaging: str) -> TradeSpec:
    (spec,), problems = check_text(f"{HEAD}{ENTRY}{averaging}")
    assert not problems
    return spec


@pytest.mark.parametrize(
    "written",
    [
        "{price: 57000, units: 0.005}",
        '{price: "57000", units: 5e-3}',
        "{order_type: limit, price: {value: 57000}, units: {value: 0.005}}",
    ],
)
def test_all_forms_of_an_order_are_one(written: str) -> None:
    assert spec_with(f"    averaging: [{written}]\n").averaging == (order(57000),)


def test_orders_keep_their_sequence() -> None:
    listed = "    averaging:\n      - {price: 54000, units: 0.01}\n      - {price: 57000, units: 0.005}\n"
    assert spec_with(listed).averaging == (order(54000, "0.01"), order(57000))


def test_a_list_of_orders_changes_neither_digest() -> None:
    without, with_one = spec_with(""), spec_with("    averaging: [{price: 57000, units: 0.005}]\n")
    assert without.averaging == ()
    assert entry_digest(without.terms) == entry_digest(with_one.terms)
    assert exits_digest(without.terms) == exits_digest(with_one.terms)


def test_the_canonical_form_is_the_body_of_add_funds() -> None:
    body = {"order_type": "limit", "units": {"value": "0.005"}, "price": {"value": "57000"}}
    assert write_averaging(order("57000.0")) == body
    assert read_averaging(body) == order(57000)


@pytest.mark.parametrize("body", [7, {}, {"price": {"value": "1"}}, {"price": 1, "units": 1}])
def test_what_is_no_order_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="averaging"):
        read_averaging(body)
