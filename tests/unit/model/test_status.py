"""Rows of status."""

from __future__ import annotations

from tests.support.status_reports import REPORT


def test_a_row_names_the_currencies_of_its_pair() -> None:
    assert (REPORT.trades[0].quote, REPORT.trades[0].base) == ("USDT", "BTC")
