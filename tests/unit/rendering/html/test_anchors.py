from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.rendering.html.anchors import Anchors


def test_a_trade_has_an_address_that_can_be_read() -> None:
    assert Anchors().take("btc-dip") == "t-btc-dip"


def test_a_name_without_letters_has_one_too() -> None:
    assert Anchors().take("\u202e<>") == "t-trade"


@given(st.lists(st.text() | st.sampled_from(["a", "A", "a-2", "a 2"]), max_size=8))
def test_no_two_trades_have_the_same_address_and_none_needs_escaping(names: list[str]) -> None:
    anchors = Anchors()
    found = [anchors.take(name) for name in names]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch("[a-z0-9-]+", each) for each in found)
