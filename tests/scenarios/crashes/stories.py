"""What a workspace says before, how the market moves then, and what the workspace says when `apply` is killed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_TRADE = """\
  {name}:
    pair: USDT_BTC
    position: {{type: buy, order_type: {order_type}, units: {units}{price}}}
    take_profit: {take_profit}
    stop_loss: {{order_type: market, conditional: {{price: {stop}}}}}
{more}"""
_BOTH = ((66000, 50), (70000, 50))
# At this price trades with an entry above it have opened.
MOVED_PRICE = Decimal(59900)


def write_trade(
    name: str,
    price: int | None = 60000,
    stop: int = 50000,
    steps: tuple[tuple[int, int], ...] = _BOTH,
    units: str = "0.01",
    **more: object,
) -> str:
    """A buy, at market where there is no price, with what more the file says of it."""
    written = ", ".join(f"{{order_type: limit, price: {level}, volume: {volume}}}" for level, volume in steps)
    take_profit = (
        f"[{written}]" if sum(volume for _, volume in steps) == 100 else f"{{steps: [{written}], unallocated: 50}}"
    )
    return _TRADE.format(
        name=name,
        units=units,
        order_type="market" if price is None else "limit",
        price="" if price is None else f", price: {price}",
        take_profit=take_profit,
        stop=stop,
        more="".join(f"    {key}: {value}\n" for key, value in more.items()),
    )


def write_plan(*trades: str) -> str:
    """A plan file."""
    return (
        f"version: 1\naccount: main\ntrades:\n{''.join(trades)}"
        if trades
        else "version: 1\naccount: main\ntrades: {}\n"
    )


# The one with all kinds of changes in one plan.
EVERYTHING = "everything at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A change.

    Attributes:
        before: Trades that stand already.
        after: Trades of the files then.
        moves: Whether the price moves in between, which opens what waits at 60000.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...]
    moves: bool = False


STORIES = {
    EVERYTHING: Story(
        before=(
            write_trade("updated", 50000, 40000),
            write_trade("moved"),
            write_trade("replaced", 50001, 40000),
            write_trade("closed"),
            write_trade("cancelled", 50002, 40000),
            write_trade("stepped"),
            write_trade("noted", 50003, 40000),
            write_trade("released", 50004, 40000, units="0.02"),
        ),
        after=(
            write_trade("created", 50005, 40000),
            write_trade("updated", 50100, 41000),
            write_trade("moved", stop=51000),
            write_trade("replaced", None),
            write_trade("closed", state="closed"),
            write_trade("cancelled", 50002, 40000, state="closed"),
            write_trade("stepped", steps=((70000, 50),)),
            write_trade("noted", 50003, 40000, note="new"),
            write_trade("released", 50004, 40000, units="0.02", state="released"),
        ),
        moves=True,
    ),
    "create": Story(after=(write_trade("waits", 50000, 40000), write_trade("at-once", None))),
    "update of an entering trade": Story(
        before=(write_trade("it", 50000, 40000),), after=(write_trade("it", 50100, 41000),)
    ),
    "update of an open trade": Story(before=(write_trade("it"),), after=(write_trade("it", stop=51000),), moves=True),
    "replace": Story(before=(write_trade("it", 50000, 40000),), after=(write_trade("it", None),)),
    "close": Story(before=(write_trade("it"),), after=(write_trade("it", state="closed"),), moves=True),
    "cancel": Story(
        before=(write_trade("it", 50000, 40000),), after=(write_trade("it", 50000, 40000, state="closed"),)
    ),
    "cancel step": Story(before=(write_trade("it"),), after=(write_trade("it", steps=((70000, 50),)),), moves=True),
    "note": Story(before=(write_trade("it", 50000, 40000),), after=(write_trade("it", 50000, 40000, note="new"),)),
    "release": Story(
        before=(write_trade("it", 50000, 40000),), after=(write_trade("it", 50000, 40000, state="released"),)
    ),
}
