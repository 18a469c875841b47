from __future__ import annotations

from reconciler.sandbox.values.accounts import FUTURES, SPOT, Account


def test_only_a_futures_account_trades_contracts() -> None:
    given = {"user": "me", "mode": "paper", "name": "Mine", "created_at_ms": 0}
    markets = [Account(id=1, **given), Account(id=2, market=SPOT, **given), Account(id=3, market=FUTURES, **given)]  # type: ignore[arg-type]  # texts and one number

    assert [account.has_contracts for account in markets] == [False, False, True]
