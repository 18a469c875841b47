from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.entities.accounts import (
    MARKETS,
    PAIRS_OF_MARKET,
    describe_account,
    describe_leverages,
    describe_rates,
    describe_summary,
    describe_trade_account,
)
from reconciler.sandbox.values.accounts import FUTURES, SPOT, Account
from reconciler.sandbox.values.market import follow_last
from reconciler.sandbox.values.options import Options
from reconciler.sandbox.values.pairs import CONTRACT_PAIRS, PAIRS
from reconciler.sandbox.values.wallet import Balance, Wallet

QUOTES = {name: follow_last(pair, pair.last) for name, pair in PAIRS.items()} | {
    "USDT_BTC": follow_last(PAIRS["USDT_BTC"], Decimal(50000))
}


def build_account(mode: str = "paper", market: str = SPOT) -> Account:
    return Account(id=5, user="me", mode=mode, name="Mine", created_at_ms=0, market=market)


@pytest.mark.parametrize(
    ("mode", "market", "code"),
    [
        ("paper", SPOT, "paper_trading"),
        ("paper", FUTURES, "paper_trading"),
        ("real", SPOT, "binance"),
        ("real", FUTURES, "binance_futures"),
    ],
)
def test_the_code_of_an_account_is_that_of_its_market(mode: str, market: str, code: str) -> None:
    assert describe_trade_account(build_account(mode, market))["type"] == code
    assert code in [each["market_code"] for each in MARKETS]
    assert code in PAIRS_OF_MARKET


def test_an_account_is_worth_its_free_and_reserved_funds() -> None:
    wallet = Wallet(
        {
            "USDT": Balance(Decimal(1000), Decimal(500)),
            "BTC": Balance(Decimal(1), Decimal(0)),
            "BTCUSDT": Balance(Decimal(9), Decimal(0)),
        }
    )
    shown = describe_account(build_account(), wallet, QUOTES, Options())

    assert (shown["usd_amount"], shown["btc_amount"]) == ("51500.0", "1.03")


def test_a_summary_adds_accounts() -> None:
    account = {"usd_amount": "1.5", "btc_amount": "0.1"}

    assert describe_summary([account, account]) == {
        "id": "summary",
        "name": "Summary",
        "usd_amount": "3.0",
        "btc_amount": "0.2",
    }


def test_rates_are_text_and_contracts_have_market_minimums() -> None:
    spot = describe_rates(PAIRS["USDT_BTC"], QUOTES["USDT_BTC"])
    contract = describe_rates(CONTRACT_PAIRS["USDT_BTCUSDT"], QUOTES["USDT_BTCUSDT"])

    assert (spot["ask"], spot["minTotal"], spot["instrumentKind"]) == ("50000.01", "5.0", "spot")
    assert "minMarketBuyAmount" not in spot
    assert (contract["minMarketBuyAmount"], contract["instrumentKind"]) == ("0.001", "linear_futures")


def test_only_contracts_have_leverages() -> None:
    assert [each["code"] for each in describe_leverages(PAIRS["USDT_BTC"])] == ["none"]
    assert [each["code"] for each in describe_leverages(CONTRACT_PAIRS["USDT_BTCUSDT"])] == ["cross", "isolated"]
