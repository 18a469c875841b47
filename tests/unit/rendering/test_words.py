"""Short texts that several views share."""

from __future__ import annotations

import pytest

from reconciler.rendering.words import count_ids, count_of


@pytest.mark.parametrize(("number", "text"), [(0, "0 trades"), (1, "1 trade"), (2, "2 trades")])
def test_a_number_of_things_has_the_plural(number: int, text: str) -> None:
    assert count_of(number, "trade") == text


def test_ids_are_in_order_and_more_than_five_are_counted() -> None:
    assert count_ids([3, 1]) == "#1, #3"
    assert count_ids(range(1, 8)) == "#1, #2, #3, #4, #5 and 2 more"
