"""Names that are readable, valid and unique."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.codec.note import NAME_PATTERN
from reconciler.importing.names import make_name


@pytest.mark.parametrize(
    ("pair", "name"),
    [
        ("USDT_BTC", "btc-usdt-30428625"),
        ("USDT_BTCUSDT", "btcusdt-30428625"),
        ("USDT_1000SHIB", "1000shib-usdt-30428625"),
        ("BTC_ÄTH/X", "th-x-btc-30428625"),
        ("_", "trade-30428625"),
    ],
)
def test_a_name_tells_the_pair_and_the_id(pair: str, name: str) -> None:
    assert make_name(pair, 30428625, ()) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert make_name("USDT_BTC", 7, {"btc-usdt-7", "btc-usdt-7-2"}) == "btc-usdt-7-3"


@given(st.text(max_size=80), st.integers(1, 10**17))
def test_every_name_is_valid(pair: str, live_id: int) -> None:
    assert re.fullmatch(NAME_PATTERN, make_name(pair, live_id, ()))
