"""The accounts of a key, and aliases for them."""

from __future__ import annotations

from pathlib import Path

from reconciler.live.hosts import API_URL
from reconciler.model.live import Account
from reconciler.model.targets import Mode
from reconciler.workflows.key_accounts import make_key_settings, name_accounts


def account(number: int, name: str) -> Account:
    return Account(id=number, name=name, market_code="paper_trading")


def test_the_first_account_is_main_and_the_others_bear_their_names() -> None:
    accounts = [account(1, "Paper"), account(2, "Binance Futures (2)"), account(3, "漢字"), account(4, "8 hours")]
    assert name_accounts(accounts, {}) == {"main": 1, "binance-futures-2": 2, "account-3": 3, "account-8-hours": 4}


def test_an_alias_of_reconciler_yaml_is_kept_and_none_is_given_twice() -> None:
    accounts = [account(1, "Spot"), account(2, "Spot"), account(3, "main"), account(4, "Spot")]
    named = name_accounts(accounts, {"main": 2})
    assert named == {"spot": 1, "main": 2, "account-3": 3, "account-4": 4}


def test_an_alias_is_one_that_reconciler_yaml_accepts() -> None:
    (alias,) = [each for each in name_accounts([account(1, "a"), account(2, "x" * 90)], {}) if each != "main"]
    assert alias == "x" * 48


def test_a_key_without_a_workspace_reads_from_3commas_unless_another_address_is_given(tmp_path: Path) -> None:
    settings = make_key_settings(tmp_path, Mode.REAL)
    assert (settings.target.base_url, settings.target.mode, settings.target.is_sandbox) == (API_URL, Mode.REAL, False)
    assert make_key_settings(tmp_path, Mode.PAPER, "http://127.0.0.1:1").target.base_url == "http://127.0.0.1:1"
