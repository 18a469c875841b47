"""Averaging orders to and from the body of an add funds request."""

from __future__ import annotations

import pytest

from reconciler.codec.averaging import read_averaging, write_averaging, write_order_text
from tests.support.averaging_orders import order


def test_an_order_that_is_written_is_read_as_it_was() -> None:
    body = {"order_type": "limit", "units": {"value": "0.005"}, "price": {"value": "57000"}}
    assert write_averaging(order("57000.0")) == body
    assert read_averaging(body) == order(57000)


def test_the_text_of_an_order_has_size_and_price() -> None:
    assert write_order_text(order("57000.0", "0.0050")) == "0.005 at 57000"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "averaging is not an object"),
        ({"units": {"value": 1}}, r"averaging\.price is missing"),
        ({"units": {"value": 1}, "price": {}}, r"averaging\.price\.value is missing"),
        ({"units": {"value": "many"}, "price": {"value": 1}}, r"averaging\.units\.value: 'many' is not a number"),
    ],
)
def test_an_order_that_cannot_be_read_names_the_field(body: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_averaging(body)
