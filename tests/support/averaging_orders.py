"""Averaging orders for tests, wanted and found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.specs import TradeSpec
from tests.support.world import World, trade

# A stop far below, so that prices can fall to averaging orders.
BASE = trade(stop=50000)


def order(price: int | str, units: str = "0.005") -> AveragingOrder:
    return AveragingOrder(price=Decimal(price), units=Decimal(units))


def averaged(*orders: AveragingOrder, spec: TradeSpec = BASE) -> TradeSpec:
    """A trade with averaging orders."""
    return replace(spec, averaging=orders)


def found_orders(world: World) -> list[tuple[str, str, str]]:
    """Price, units and status of the averaging orders of all trades: what adds to a position beside its entry."""
    found = []
    for entity in world.trades():
        live_id = entity["id"]
        assert isinstance(live_id, int)
        _, *added = [sub for sub in world.api.list_trades(live_id) if sub["trade_purpose"] == "position"]  # type: ignore[index] # raw JSON
        found += [(sub["order_price"], sub["initial_amount"], sub["status"]) for sub in added]  # type: ignore[index] # raw JSON
    return sorted(found)


def open_trade(world: World, spec: TradeSpec = BASE) -> None:
    """Create the trade and let its entry fill."""
    world.converge(spec)
    world.price("USDT_BTC", 59900)
