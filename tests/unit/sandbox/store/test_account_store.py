from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from reconciler.sandbox.store.account_store import AccountStore
from reconciler.sandbox.values.accounts import FUTURES, Account, Algorithm, ApiKey
from reconciler.sandbox.values.wallet import Balance


@pytest.fixture
def store(connection: sqlite3.Connection) -> AccountStore:
    return AccountStore(connection)


def build_account(account_id: int, name: str = "Mine") -> Account:
    return Account(id=account_id, user="me", mode="real", name=name, created_at_ms=5, market=FUTURES)


def test_accounts_are_read_back_in_the_order_of_their_ids(store: AccountStore) -> None:
    for account_id in (9, 2):
        store.add_account(build_account(account_id))
    store.rename_account(9, "Theirs")

    assert store.list_accounts() == [build_account(2), build_account(9, "Theirs")]
    assert store.find_account(2) == build_account(2)


@pytest.mark.parametrize("account_id", [3, -1, 2**63])
def test_an_id_that_cannot_exist_is_not_found(store: AccountStore, account_id: int) -> None:
    assert store.find_account(account_id) is None


def test_a_key_is_replaced_as_a_whole(store: AccountStore) -> None:
    key = ApiKey(user="me", algorithm=Algorithm.RSA, secret="s", permissions=frozenset({"B", "A"}))
    store.write_key("k", ApiKey(user="x", algorithm=Algorithm.HMAC, secret="t", permissions=frozenset()))
    store.write_key("k", key)

    assert store.find_key("k") == key
    assert store.find_key("other") is None


def test_each_user_has_a_mode_until_modes_are_forgotten(store: AccountStore) -> None:
    store.write_mode("me", "real")
    store.write_mode("me", "paper")
    assert (store.read_mode("me"), store.read_mode("you")) == ("paper", None)
    store.forget_modes()
    assert store.read_mode("me") is None


def test_balances_are_exact_and_belong_to_one_account(store: AccountStore) -> None:
    balance = Balance(Decimal("0.123456789012345678901"), Decimal("1E-9"))
    store.write_balances(1, [("BTC", balance)])

    assert (store.read_balances(1), store.read_balances(2)) == ({"BTC": balance}, {})
    store.remove_balances()
    assert store.read_balances(1) == {}
