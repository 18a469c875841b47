"""Request bodies that the tests of the sandbox build on."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

OFF = {"enabled": False}


def step(price: str, volume: object = 100, order_type: str = "limit", **others: object) -> Body:
    return {"order_type": order_type, "volume": volume, "price": {"type": "last", "value": price}, **others}


def steps(*given: Body) -> Body:
    return {"enabled": True, "steps": list(given)}


def stop(trigger: str, **others: object) -> Body:
    return {
        "enabled": True,
        "order_type": "market",
        "conditional": {"price": {"type": "last", "value": trigger}},
        **others,
    }


def trade(**groups: object) -> Body:
    """A market buy of 0.01 BTC without exits, with groups replaced."""
    body: Body = {
        "account_id": 1,
        "pair": "USDT_BTC",
        "position": {"type": "buy", "order_type": "market", "units": {"value": "0.01"}},
        "take_profit": OFF,
        "stop_loss": OFF,
    }
    return {**body, **groups}


def market(units: str = "0.01", side: str = "buy") -> Body:
    return {"type": side, "order_type": "market", "units": {"value": units}}


def limit(price: str, units: str = "0.01", side: str = "buy") -> Body:
    return {"type": side, "order_type": "limit", "units": {"value": units}, "price": {"value": price}}


def conditional(trigger: str, side: str = "buy", price: str | None = None, **others: object) -> Body:
    return {
        "type": side,
        "order_type": "conditional",
        "units": {"value": "0.01"},
        **({} if price is None else {"price": {"value": price}}),
        "conditional": {
            "price": {"value": trigger},
            "order_type": "market" if price is None else "limit",
            **others,
        },
    }
