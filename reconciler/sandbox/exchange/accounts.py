"""Accounts of the sandbox: how they are opened, and with which funds."""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.exchange.access import DEFAULT_USER, MODES
from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.values.accounts import MARKETS, SPOT, Account
from reconciler.sandbox.values.errors import ConflictingAccount
from reconciler.sandbox.values.identifiers import LARGEST_ID
from reconciler.sandbox.values.pairs import CONTRACT_CURRENCIES, CURRENCIES
from reconciler.sandbox.values.wallet import Balance

DEFAULT_ACCOUNT_NAMES = {"paper": "Paper account", "real": "Sandbox account"}

# Funds of a new account, by currency. They are large, so that ordinary work never fails for lack of funds.
START_BALANCES = {
    currency: {"USDT": Decimal(10000000), "BTC": Decimal(1000)}.get(currency, Decimal(1000000))
    for currency in (*CURRENCIES, *CONTRACT_CURRENCIES)
}


def ensure_account(
    transaction: Transaction,
    account_id: int,
    *,
    mode: str = "paper",
    name: str | None = None,
    market: str | None = None,
    user: str = DEFAULT_USER,
) -> None:
    """Open an account with the usual funds unless it exists; a name given renames it.

    Args:
        transaction: The transaction in which it is opened.
        account_id: Its id, above zero.
        mode: `paper` or `real`.
        name: Name that the user gives it.
        market: `spot` or `futures`; None for the market that it has, spot for a new account.
        user: Owner.

    Raises:
        ConflictingAccount: It exists in another mode or market or for another user, or an argument is invalid.
    """
    _check_arguments(account_id, mode, market)
    account = transaction.accounts.find_account(account_id)
    if account is None:
        account = Account(
            id=account_id,
            user=user,
            mode=mode,
            name=name or DEFAULT_ACCOUNT_NAMES[mode],
            created_at_ms=transaction.now_ms,
            market=market or SPOT,
        )
        transaction.accounts.add_account(account)
        transaction.accounts.write_balances(account_id, list_start_balances(account.market))
        return
    _check_same(account, mode, market, user)
    if name not in (None, account.name):
        transaction.accounts.rename_account(account_id, name)


def reset_balances(transaction: Transaction) -> None:
    """Give every account the funds of a new one."""
    transaction.accounts.remove_balances()
    for account in transaction.accounts.list_accounts():
        transaction.accounts.write_balances(account.id, list_start_balances(account.market))


def list_start_balances(market: str) -> list[tuple[str, Balance]]:
    """Return the funds of a new account, by currency.

    Args:
        market: `spot` or `futures`.
    """
    currencies = CURRENCIES if market == SPOT else CONTRACT_CURRENCIES
    return [(currency, Balance(START_BALANCES[currency], Decimal(0))) for currency in currencies]


def _check_arguments(account_id: int, mode: str, market: str | None) -> None:
    if mode not in MODES or not 0 < account_id <= LARGEST_ID:
        raise ConflictingAccount(f"account {account_id} cannot be opened in mode {mode!r}: expected paper or real")
    if market not in (None, *MARKETS):
        raise ConflictingAccount(f"account {account_id} cannot be opened on {market!r}: expected spot or futures")


def _check_same(account: Account, mode: str, market: str | None, user: str) -> None:
    if account.user != user:
        raise ConflictingAccount(f"account {account.id} is open for {account.user}, asked for {user}")
    if account.mode != mode:
        raise ConflictingAccount(f"account {account.id} is open in mode {account.mode}, asked for {mode}")
    if market not in (None, account.market):
        raise ConflictingAccount(f"account {account.id} is open on {account.market}, asked for {market}")
