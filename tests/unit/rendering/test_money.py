"""Money with the digits of its currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.rendering.money import format_money


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("74.989334", "USDT", "+74.99"),
        ("-2.3", "USDC", "-2.30"),
        ("1200", "EUR", "+1200.00"),
        ("0.0000123456", "BTC", "+0.00001235"),
        ("-0.001", "USDT", "0.00"),
        ("0", "ETH", "0.00000000"),
        ("1E+3", "usdt", "+1000.00"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(amount: str, currency: str, text: str) -> None:
    assert format_money(Decimal(amount), currency, is_signed=True) == text


def test_an_amount_without_a_sign_has_only_a_minus() -> None:
    assert [format_money(Decimal(number), "USDT") for number in ("1", "-1")] == ["1.00", "-1.00"]
