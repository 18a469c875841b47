"""What `sandbox show` shows."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.sandbox.calendar import format_instant
from reconciler.sandbox.numerals import format_decimal
from reconciler.sandbox.store import Account
from reconciler.sandbox.world import World

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

# Why a trade may wait although its price was reached.
NOT_SIMULATED = "not simulated yet"


def describe_world(world: World) -> dict[str, Json]:
    """Clock, prices, accounts with balances, trades by status, and what waits because it is not simulated.

    Args:
        world: The sandbox inside a transaction.
    """
    quotes: dict[str, Json] = {
        name: {"bid": format_decimal(quote.bid), "ask": format_decimal(quote.ask), "last": format_decimal(quote.last)}
        for name, quote in sorted(world.quotes.items())
    }
    waiting: list[Json] = [
        {"id": trade_id, "waits_for": waits_for, "reason": NOT_SIMULATED}
        for trade_id, waits_for in world.trades.list_unsimulated()
    ]
    return {
        "now": format_instant(world.now_ms),
        "prices": quotes,
        "accounts": [_describe_account(world, account) for account in world.store.list_accounts()],
        "trades": dict(world.trades.count_trades()),
        "not_simulated": waiting,
    }


def _describe_account(world: World, account: Account) -> Json:
    balances: dict[str, Json] = {
        currency: {"free": format_decimal(balance.free), "reserved": format_decimal(balance.reserved)}
        for currency, balance in sorted(world.wallet(account.id).balances().items())
    }
    return {"id": account.id, "mode": account.mode, "name": account.name, "balances": balances}
