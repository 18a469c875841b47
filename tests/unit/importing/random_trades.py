"""Random trades of every kind, as somebody may open them by hand in 3Commas."""

from __future__ import annotations

import random

PAIRS = {"USDT_BTC": 60000, "USDT_ETH": 3400, "USDT_BTCUSDT": 60000}
FUTURES_ACCOUNT = 2
NOTES = (
    "",
    "",
    "weekly support",
    'say "when": 50 % off, #1 {now} [maybe]',
    "null",
    "1e5",
    "- ünïcode 🚀: yes",
    "'quoted'",
)


def make_note(chance: random.Random) -> str:
    """A note, empty where there is none."""
    return chance.choice(NOTES)


def make_body(chance: random.Random) -> dict[str, object]:
    """A create body that is valid: its stop on one side of the price, its steps on the other."""
    pair = chance.choice(list(PAIRS))
    is_long = chance.random() < 0.7
    kind = chance.choice(["instant", "own", "market", "limit", "limit", "conditional", "conditional limit", "trailing"])
    is_contract = pair.endswith("USDT")
    if is_contract and kind == "own":
        kind = "market"
    body: dict[str, object] = {
        "account_id": FUTURES_ACCOUNT if is_contract else 1,
        "pair": pair,
        "position": _make_position(chance, pair, kind, is_long),
    }
    if is_contract and chance.random() < 0.7:
        body["leverage"] = {
            "enabled": True,
            "type": chance.choice(["cross", "isolated"]),
            "value": str(chance.randint(1, 20)),
        }
    if kind == "instant":
        return {**body, "instant": True}
    is_percent = kind == "trailing"
    body["skip_enter_step"] = kind == "own"
    steps = _make_steps(chance, pair, is_long, is_percent)
    body["take_profit"] = {"enabled": bool(steps), "steps": steps}
    body["stop_loss"] = _make_stop(chance, pair, is_long, is_percent, len(steps))
    return body


def _price(chance: random.Random, pair: str, low: float, high: float) -> str:
    return str(round(PAIRS[pair] * chance.uniform(low, high), 1))


def _make_position(chance: random.Random, pair: str, kind: str, is_long: bool) -> dict[str, object]:
    order_type = {"own": "market", "trailing": "conditional", "instant": chance.choice(["market", "limit"])}
    position: dict[str, object] = {
        "type": "buy" if is_long else "sell",
        "order_type": order_type.get(kind, kind.split(maxsplit=1)[0]),
        "units": {"value": str(round(chance.uniform(0.01, 0.05), 3))},
    }
    if position["order_type"] == "limit" or kind in ("own", "conditional limit"):
        position["price"] = {"value": _price(chance, pair, 0.96, 1.04)}
    if position["order_type"] == "conditional":
        condition: dict[str, object] = {
            "price": {"value": _price(chance, pair, 0.96, 1.04), "type": chance.choice(["bid", "ask", "last"])},
            "order_type": "limit" if kind == "conditional limit" else "market",
        }
        if kind == "trailing":
            condition["trailing"] = {"enabled": True, "percent": str(round(chance.uniform(0.2, 3), 2))}
        position["conditional"] = condition
    return position


def _make_level(chance: random.Random, pair: str, is_up: bool, is_percent: bool) -> dict[str, object]:
    level: dict[str, object] = {"type": chance.choice(["bid", "ask", "last"])}
    if is_percent:
        return {**level, "percent": str(round(chance.uniform(2, 12), 2))}
    return {**level, "value": _price(chance, pair, 1.01, 1.12) if is_up else _price(chance, pair, 0.88, 0.99)}


def _make_steps(chance: random.Random, pair: str, is_long: bool, is_percent: bool) -> list[dict[str, object]]:
    volumes = chance.choice([(), ("100",), ("50", "50"), ("30", "30", "40"), ("12.5", "37.5", "25", "25")])
    steps: list[dict[str, object]] = [
        {
            "order_type": chance.choice(["limit", "market"]),
            "price": _make_level(chance, pair, is_long, is_percent),
            "volume": volume,
        }
        for volume in volumes
    ]
    if steps and chance.random() < 0.3:
        steps[-1] |= {"order_type": "market", "trailing": {"enabled": True, "percent": "0.5"}}
    return steps


def _make_stop(chance: random.Random, pair: str, is_long: bool, is_percent: bool, step_count: int) -> dict[str, object]:
    if chance.random() < 0.2:
        return {"enabled": False}
    conditional: dict[str, object] = {"price": _make_level(chance, pair, not is_long, is_percent)}
    stop: dict[str, object] = {"enabled": True, "order_type": chance.choice(["market", "limit"])}
    if stop["order_type"] == "limit":
        stop["price"] = {"value": _price(chance, pair, 0.85, 0.87) if is_long else _price(chance, pair, 1.13, 1.15)}
    elif chance.random() < 0.4:
        conditional["trailing"] = {"enabled": True, "percent": str(round(chance.uniform(0.5, 5), 2))}
    if chance.random() < 0.2:
        stop["timeout"] = {"enabled": True, "value": str(chance.randint(1, 60))}
    if step_count > 1 and chance.random() < 0.3:
        stop["breakeven"] = True
    return {**stop, "conditional": conditional}
