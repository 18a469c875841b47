"""Numbers on the command line."""

from __future__ import annotations

from decimal import Decimal

import click
import pytest

from reconciler.cli.numbers import LARGEST_ID, read_id, read_number, read_wait
from reconciler.errors import UsageError


@pytest.mark.parametrize(("text", "found"), [("1", 1), (str(LARGEST_ID), LARGEST_ID)])
def test_an_id_is_a_positive_integer_of_eight_bytes(text: str, found: int) -> None:
    assert read_id(text) == found


@pytest.mark.parametrize("text", ["", "-1", "1.0", "#5", "٣", str(LARGEST_ID + 1), "9" * 400])
def test_anything_else_is_not_an_id(text: str) -> None:
    assert read_id(text) is None


def test_a_wait_is_at_most_a_day() -> None:
    assert read_wait("0.5") == 0.5
    assert read_wait(86400) == 86400
    for text in ("-1", "86401", "nan", "inf", "soon", ""):
        with pytest.raises(click.BadParameter, match="expected seconds from 0 to 86400"):
            read_wait(text)


def test_a_number_is_finite_and_the_message_says_what_it_should_be() -> None:
    assert read_number("0.10", "price") == Decimal("0.10")
    for text in ("some", "NaN", "inf", ""):
        with pytest.raises(UsageError, match="is not a price"):
            read_number(text, "price")
