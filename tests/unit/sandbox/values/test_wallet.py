from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.values.errors import InsufficientFunds
from reconciler.sandbox.values.wallet import Balance, Wallet


@pytest.fixture
def wallet() -> Wallet:
    return Wallet({"USDT": Balance(Decimal(100), Decimal(5))})


def test_reserved_funds_are_not_free_until_they_are_released(wallet: Wallet) -> None:
    wallet.reserve("USDT", Decimal(30))
    assert (wallet.free("USDT"), wallet.balances()["USDT"].reserved) == (Decimal(70), Decimal(35))
    wallet.release("USDT", Decimal(30))
    assert (wallet.free("USDT"), wallet.balances()["USDT"].reserved) == (Decimal(100), Decimal(5))


def test_a_missing_currency_has_nothing_and_can_be_earned(wallet: Wallet) -> None:
    assert wallet.free("BTC") == 0
    wallet.earn("BTC", Decimal(2))
    assert wallet.free("BTC") == 2


@pytest.mark.parametrize("move", ["reserve", "spend"])
def test_too_little_changes_nothing(wallet: Wallet, move: str) -> None:
    with pytest.raises(InsufficientFunds, match=r"100\.5 USDT needed, 100\.0 USDT available"):
        getattr(wallet, move)("USDT", Decimal("100.5"))
    assert wallet.free("USDT") == 100
    assert wallet.take_changed() == []


def test_changed_balances_are_returned_once(wallet: Wallet) -> None:
    wallet.earn("USDT", Decimal(1))
    wallet.earn("BTC", Decimal(1))

    assert [currency for currency, _ in wallet.take_changed()] == ["BTC", "USDT"]
    assert wallet.take_changed() == []


def test_all_free_funds_may_be_used(wallet: Wallet) -> None:
    wallet.spend("USDT", Decimal(100))

    assert wallet.free("USDT") == 0
