from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.exchange.accounts import ensure_account, list_start_balances, reset_balances
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.accounts import FUTURES, SPOT
from reconciler.sandbox.values.errors import ConflictingAccount


def test_a_new_account_has_the_usual_funds_of_its_market(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        ensure_account(transaction, 5, market=FUTURES)
        account = transaction.accounts.find_account(5)
        balances = transaction.accounts.read_balances(5)

    assert account is not None
    assert (account.mode, account.name, account.market) == ("paper", "Paper account", FUTURES)
    assert balances == dict(list_start_balances(FUTURES))
    assert balances.keys() != dict(list_start_balances(SPOT)).keys()


def test_a_name_renames_an_account_that_exists(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        ensure_account(transaction, 1, name="Mine")
        ensure_account(transaction, 1)
        names = [account.name for account in transaction.accounts.list_accounts()]

    assert names == ["Mine"]


@pytest.mark.parametrize(
    ("account_id", "wanted", "message"),
    [
        (0, {}, "cannot be opened in mode 'paper'"),
        (2**63, {}, "cannot be opened in mode 'paper'"),
        (5, {"mode": "demo"}, "cannot be opened in mode 'demo': expected paper or real"),
        (5, {"market": "margin"}, "cannot be opened on 'margin': expected spot or futures"),
        (1, {"mode": "real"}, "is open in mode paper, asked for real"),
        (1, {"market": "futures"}, "is open on spot, asked for futures"),
        (1, {"user": "you"}, "is open for sandbox, asked for you"),
    ],
)
def test_what_an_account_is_cannot_be_changed(
    sandbox: Sandbox, account_id: int, wanted: dict[str, str], message: str
) -> None:
    with pytest.raises(ConflictingAccount, match=message), sandbox.transaction() as transaction:
        ensure_account(transaction, account_id, **wanted)


def test_a_reset_gives_every_account_its_first_funds(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        transaction.wallet(1).spend("USDT", Decimal(5))
    with sandbox.transaction() as transaction:
        reset_balances(transaction)
        assert transaction.wallet(1).free("USDT") == 10000000
