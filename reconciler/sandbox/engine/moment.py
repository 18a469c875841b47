"""The moment in which the engine moves a trade: prices, funds, time and options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.options import Options
from reconciler.sandbox.values.wallet import Wallet

TakeEvent = Callable[[EventKind], str | None]


def _take_nothing(_: EventKind) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Everything that the engine may read when it moves a trade.

    Args:
        pair: Limits of the trade's pair.
        before: Prices before the event.
        after: Prices now; equal to those before unless the event is a tick.
        wallet: Balances of the trade's account.
        at_ms: Sandbox time in milliseconds since 1970.
        options: Options of the sandbox.
        take_event: Takes an event on demand that is meant for the trade, or None; an event that was taken is removed.
    """

    pair: Pair
    before: Quote
    after: Quote
    wallet: Wallet
    at_ms: int
    options: Options = field(default_factory=Options)
    take_event: TakeEvent = _take_nothing
