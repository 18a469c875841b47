"""The state of a sandbox as `sandbox show` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from reconciler.sandbox.engine.happenings import Happening
from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.values.accounts import Account
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.options import write_options

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def describe_sandbox(transaction: Transaction) -> dict[str, Json]:
    """Clock, options, prices, accounts with balances, trades by status, and events that are still to happen.

    Args:
        transaction: A transaction on the sandbox.
    """
    quotes: dict[str, Json] = {
        name: {"bid": format_decimal(quote.bid), "ask": format_decimal(quote.ask), "last": format_decimal(quote.last)}
        for name, quote in sorted(transaction.quotes.items())
    }
    events: list[Json] = [
        {"event": kind, "value": value, "trade_id": trade_id}
        for kind, value, trade_id in transaction.events.list_events()
    ]
    settings: dict[str, Json] = {**write_options(transaction.options)}
    return {
        "now": format_instant(transaction.now_ms),
        "settings": settings,
        "prices": quotes,
        "accounts": [_describe_account(transaction, account) for account in transaction.accounts.list_accounts()],
        "trades": dict(transaction.trades.count_trades()),
        "events": events,
    }


def describe_happened(happened: Iterable[Happening]) -> list[Json]:
    """What happened to trades, in words.

    Args:
        happened: The happenings of one or more transactions.
    """
    return [{"trade_id": each.trade_id, "note": each.note, "text": each.text} for each in happened]


def _describe_account(transaction: Transaction, account: Account) -> Json:
    balances: dict[str, Json] = {
        currency: {"free": format_decimal(balance.free), "reserved": format_decimal(balance.reserved)}
        for currency, balance in sorted(transaction.wallet(account.id).balances().items())
    }
    return {
        "id": account.id,
        "mode": account.mode,
        "market": account.market,
        "name": account.name,
        "balances": balances,
    }
