"""What `sandbox show` shows."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.sandbox.exchange.transaction import World
from reconciler.sandbox.store.account_store import Account
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.options import write_switches

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def describe_world(world: World) -> dict[str, Json]:
    """Clock, settings, prices, accounts with balances, trades by status, and events that are still to happen.

    Args:
        world: The sandbox inside a transaction.
    """
    quotes: dict[str, Json] = {
        name: {"bid": format_decimal(quote.bid), "ask": format_decimal(quote.ask), "last": format_decimal(quote.last)}
        for name, quote in sorted(world.quotes.items())
    }
    events: list[Json] = [
        {"event": kind, "value": value, "trade_id": trade_id} for kind, value, trade_id in world.events.list_events()
    ]
    settings: dict[str, Json] = {**write_switches(world.switches)}
    return {
        "now": format_instant(world.now_ms),
        "settings": settings,
        "prices": quotes,
        "accounts": [_describe_account(world, account) for account in world.store.list_accounts()],
        "trades": dict(world.trades.count_trades()),
        "events": events,
    }


def _describe_account(world: World, account: Account) -> Json:
    balances: dict[str, Json] = {
        currency: {"free": format_decimal(balance.free), "reserved": format_decimal(balance.reserved)}
        for currency, balance in sorted(world.wallet(account.id).balances().items())
    }
    return {
        "id": account.id,
        "mode": account.mode,
        "market": account.market,
        "name": account.name,
        "balances": balances,
    }
