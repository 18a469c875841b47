from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.rendering.html.scale import LINE, Scale, is_far, spread

SCALE = Scale(Decimal(100), Decimal(200), 10.0, 110.0)


@pytest.mark.parametrize(("price", "place"), [("200", 10.0), ("150", 60.0), ("100", 110.0), ("125.5", 84.5)])
def test_a_price_has_its_place_by_a_linear_scale(price: str, place: float) -> None:
    assert SCALE.place(Decimal(price)) == pytest.approx(place)


def test_a_price_outside_the_scale_is_put_at_its_end() -> None:
    assert SCALE.place(Decimal(1)) == 110.0
    assert SCALE.place(Decimal(999)) == 10.0


def test_a_single_price_is_in_the_middle() -> None:
    assert Scale(Decimal(7), Decimal(7), 0.0, 50.0).place(Decimal(7)) == 25.0


@pytest.mark.parametrize(("price", "expected"), [("250", False), ("250.1", True), ("50", False), ("49.9", True)])
def test_a_price_is_far_if_it_is_more_than_half_of_the_range_away(price: str, *, expected: bool) -> None:
    assert is_far(Decimal(price), [Decimal(100), Decimal(200)]) is expected


def test_nothing_is_far_from_no_price() -> None:
    assert not is_far(Decimal(5), [])


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([10.0, 50.0, 90.0], 0.0, 100.0) == [10.0, 50.0, 90.0]


def test_two_labels_at_one_place_move_apart_by_half_a_line_each() -> None:
    assert spread([50.0, 50.0], 0.0, 100.0) == [50.0 - LINE / 2, 50.0 + LINE / 2]


def test_labels_come_back_in_the_order_in_which_they_were_given() -> None:
    assert spread([90.0, 10.0], 0.0, 100.0) == [90.0, 10.0]


@given(st.lists(st.floats(0, 300), max_size=12))
def test_labels_never_overlap_and_keep_their_order(places: list[float]) -> None:
    lines = spread(places, 0.0, 300.0)
    order = sorted(range(len(places)), key=places.__getitem__)
    assert all(lines[after] - lines[before] >= LINE - 1e-6 for before, after in pairwise(order))
    assert all(-1e-6 <= line <= 300.0 + 1e-6 for line in lines)
