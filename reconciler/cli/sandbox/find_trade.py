"""Find a trade of the sandbox by its name, or by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.cli.numbers import read_id
from reconciler.cli.sandbox.happenings import name_trade
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.sandbox.exchange.by_hand import NotedTrade
    from reconciler.sandbox.exchange.exchange import Sandbox


def find_trade(sandbox: Sandbox, wanted: str) -> NotedTrade:
    """Find the trade with an id, or the one that has a name in its note; of several, the one that has not ended.

    Args:
        sandbox: The sandbox.
        wanted: A name, or an id with or without `#`.

    Raises:
        UsageError: No trade is found, or several trades of this name have not ended.
    """
    from reconciler.sandbox.exchange.by_hand import list_noted_trades

    trades = list_noted_trades(sandbox)
    number = read_id(wanted.removeprefix("#"))
    if number is not None:
        found = [trade for trade in trades if trade.id == number]
    else:
        named = [trade for trade in trades if name_trade(trade.id, trade.note) == wanted]
        found = [trade for trade in named if trade.is_active] or named[-1:]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"#{trade.id}" for trade in found)
        raise UsageError(f"{wanted:.60} is the name of several trades: expected one of {ids}")
    names = dict.fromkeys(name_trade(trade.id, trade.note) for trade in trades if trade.is_active)
    raise UsageError(f"there is no trade {wanted:.60} in the sandbox: expected {', '.join(names) or 'an id'}")
