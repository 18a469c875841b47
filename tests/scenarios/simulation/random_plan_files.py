"""Random plan files, and what traders do to them between two applies."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

from reconciler.desired.specify import specify
from reconciler.loading.files import load_text
from reconciler.model.problems import Severity
from reconciler.model.specs import TradeSpec
from reconciler.validation.schemas import validate_plan

Body = dict[str, Any]

ACCOUNTS = {"main": 1}
WORKSPACE = "test"
# Where prices begin, in quote currency.
PAIRS = {"USDT_BTC": 60000, "USDT_ETH": 3400}
NOTES = ("", "", "breakout", "weekly retest")


class PlanFiles:
    """The trades of a workspace as its files state them.

    Args:
        chance: Decides everything.
        trades: How many to begin with.
        edits: What may be edited; the more often one is named, the more often it happens.
        account_id: What the target that reads them calls `main`.
    """

    def __init__(self, chance: random.Random, trades: int, edits: Sequence[str], account_id: int = 1) -> None:
        self._chance = chance
        self.account_id = account_id
        self._edits = edits
        self.bodies: dict[str, Body] = {}
        self._removed: dict[str, Body] = {}
        self._names = 0
        self.specs: tuple[TradeSpec, ...] = ()
        while len(self.specs) < trades:
            before = dict(self.bodies)
            self._add()
            specs = self._read()
            if specs is None:
                self.bodies = before
            else:
                self.specs = specs

    def edit(self) -> tuple[str, str] | None:
        """Edit one trade at random; what is edited and its name, or None where the files would not be valid."""
        before = copy.deepcopy(self.bodies)
        name = self._chance.choice(sorted(self.bodies)) if self.bodies else ""
        kind = self._chance.choice(self._edits) if name else "add"
        self._carry_out(kind, name)
        specs = self._read()
        if specs is None or self.bodies == before:
            self.bodies = before
            return None
        self.specs = specs
        return kind, name

    def close(self, name: str) -> bool:
        """Write `state: closed` for a trade; whether there is such a trade."""
        if name not in self.bodies:
            return False
        self.bodies[name]["state"] = "closed"
        specs = self._read()
        if specs is None:
            raise AssertionError(f"{name} cannot be closed")
        self.specs = specs
        return True

    def _carry_out(self, kind: str, name: str) -> None:
        body = self.bodies.get(name, {})
        match kind:
            case "add":
                self._add()
            case "remove":
                self._removed[name] = self.bodies.pop(name)
            case "put back":
                self.bodies |= self._removed
                self._removed.clear()
            case "note":
                body["note"] = self._chance.choice(NOTES[1:]) + str(self._chance.randint(1, 9))
            case "closed" | "abandoned" | "released" | "open":
                body["state"] = kind
            case "generation":
                body["generation"] = body.get("generation", 1) + 1
                body["state"] = "open"
            case "drop step":
                _drop_step(self._chance, body)
            case _:
                self._replace_part(kind, body)

    def _replace_part(self, kind: str, body: Body) -> None:
        """Take a part from another random trade of the same pair and side."""
        fresh = make_body(self._chance, pair=body["pair"], is_long=body["position"]["type"] == "buy")
        if kind in ("steps", "stop") and _is_trailing(fresh) != _is_trailing(body):
            # The API takes levels in percent while the entry trails, and prices else.
            return
        match kind:
            case "entry price":
                for key in ("price", "conditional"):
                    if (
                        key in body["position"]
                        and key in fresh["position"]
                        and _is_trailing(body) == _is_trailing(fresh)
                    ):
                        body["position"][key] = fresh["position"][key]
            case "entry":
                for key in ("position", "skip_enter_step", "instant", "take_profit", "stop_loss"):
                    body.pop(key, None)
                    if key in fresh:
                        body[key] = fresh[key]
            case "steps":
                body["take_profit"] = fresh.get("take_profit", {"enabled": False})
            case "stop":
                body["stop_loss"] = fresh.get("stop_loss", {"enabled": False})

    def _add(self) -> None:
        self._names += 1
        self.bodies[f"t{self._names}"] = make_body(self._chance)

    def _read(self) -> tuple[TradeSpec, ...] | None:
        text = json.dumps({"version": 1, "account": "main", "trades": self.bodies})
        document, problems = load_text(text, "plan.yaml")
        if document is None:
            raise AssertionError(problems)
        problems += validate_plan(document)
        specs, found = specify([document], {"main": self.account_id}, workspace=WORKSPACE, known=problems)
        return None if any(each.severity is Severity.ERROR for each in (*problems, *found)) else specs


EDITS = (
    *("entry price", "entry price", "entry", "entry", "entry", "steps", "steps", "stop", "stop", "stop", "note"),
    *("closed", "abandoned", "released", "open", "generation", "add", "remove", "put back"),
    *("drop step", "drop step", "drop step"),
)


def make_body(chance: random.Random, *, pair: str = "", is_long: bool | None = None) -> Body:
    """A random trade of any kind whose stop is on one side of the entry and whose steps are on the other.

    Args:
        chance: Decides.
        pair: Its pair, or empty for any.
        is_long: Whether it gains when the price rises; None for either.
    """
    pair = pair or chance.choice(sorted(PAIRS))
    is_long = chance.random() < 0.7 if is_long is None else is_long
    kind = chance.choice(["entered", "entered", "entered", "entered", "own funds", "instant"])
    body: Body = {"pair": pair, "position": _make_entry(chance, pair, kind, is_long=is_long)}
    if kind == "instant":
        return body | {"instant": True}
    if kind == "own funds":
        body["skip_enter_step"] = True
    is_trailing = _is_trailing(body)
    body["take_profit"] = _make_steps(chance, pair, is_long=is_long, is_trailing=is_trailing)
    has_steps = len(body["take_profit"].get("steps", ())) > 1
    body["stop_loss"] = _make_stop(chance, pair, is_long=is_long, is_trailing=is_trailing, has_steps=has_steps)
    if chance.random() < 0.3:
        body["note"] = chance.choice(NOTES[2:])
    return body


def draw_price(chance: random.Random, pair: str, low: float, high: float) -> float:
    """A price on the grid of its pair, between two shares of where it began."""
    return round(PAIRS[pair] * chance.uniform(low, high), 2)


def _is_trailing(body: Body) -> bool:
    return "trailing" in body["position"].get("conditional", {})


def _make_entry(chance: random.Random, pair: str, kind: str, *, is_long: bool) -> Body:
    units = round(chance.uniform(0.01, 0.05), 3)
    entry: Body = {"type": "buy" if is_long else "sell", "units": units, "order_type": "market"}
    if kind == "own funds":
        return entry | {"price": PAIRS[pair]}
    order_type = chance.choice(["limit", "limit", "limit", "market", "conditional"])
    entry["order_type"] = order_type
    # Mostly on the side of the market where an order waits.
    level = draw_price(chance, pair, 0.95, 1.01) if is_long else draw_price(chance, pair, 0.99, 1.05)
    if order_type == "limit":
        entry["price"] = level
    if order_type == "conditional":
        entry["conditional"] = {"order_type": "market", "price": {"value": level}}
        if chance.random() < 0.3 and kind != "instant":
            entry["conditional"]["trailing"] = round(chance.uniform(0.5, 2), 1)
    return entry


def _make_level(chance: random.Random, pair: str, *, is_above: bool, is_trailing: bool) -> Body:
    low, high = (1.055, 1.12) if is_above else (0.88, 0.945)
    if is_trailing:
        return {"percent": round(chance.uniform(1, 9), 1)}
    return {"value": draw_price(chance, pair, low, high)}


def _make_steps(chance: random.Random, pair: str, *, is_long: bool, is_trailing: bool) -> Body:
    volumes = chance.choice([(), (100,), (50, 50), (50, 50), (30, 30, 40)])
    steps: list[Body] = []
    for volume in volumes:
        level = _make_level(chance, pair, is_above=is_long, is_trailing=is_trailing)
        steps.append({"order_type": chance.choice(["limit", "market"]), "price": level, "volume": volume})
        if steps[-1]["order_type"] == "market" and chance.random() < 0.2:
            steps[-1]["trailing"] = 1.5
    return {"enabled": bool(steps), **({"steps": steps} if steps else {})}


def _make_stop(chance: random.Random, pair: str, *, is_long: bool, is_trailing: bool, has_steps: bool) -> Body:
    if chance.random() < 0.2:
        return {"enabled": False}
    level = _make_level(chance, pair, is_above=not is_long, is_trailing=is_trailing)
    stop: Body = {"enabled": True, "order_type": "market", "conditional": {"price": level}}
    if chance.random() < 0.15:
        stop["timeout"] = chance.choice([5, 60])
    if has_steps and chance.random() < 0.15:
        stop["breakeven"] = True
    elif chance.random() < 0.15:
        stop["conditional"]["trailing"] = 2
    return stop


def _drop_step(chance: random.Random, body: Body) -> None:
    """Take one step away and state its share as unallocated."""
    group = body.get("take_profit", {})
    steps = group.get("steps", [])
    if len(steps) > 1:
        gone = steps.pop(chance.randrange(len(steps)))
        group["unallocated"] = group.get("unallocated", 0) + gone["volume"]
