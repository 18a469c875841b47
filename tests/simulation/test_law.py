"""The law of the product, on random histories: after a successful apply, plan is empty.

Each history is a random workspace whose files are edited at random between random price moves. A failing history prints
its seed; `HISTORIES=1000 pytest tests/simulation` runs more of them.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.body import read_terms
from reconciler.model.plan import OutcomeKind
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from tests.worlds import World, kinds

HISTORIES = int(os.environ.get("HISTORIES", "60"))
ROUNDS = 6
PAIRS = {"USDT_BTC": 60000, "USDT_ETH": 3400}
GOOD = {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}


def _price(chance: random.Random, pair: str, low: float, high: float) -> str:
    return str(round(PAIRS[pair] * chance.uniform(low, high), 2))


def _make_spec(chance: random.Random, name: str) -> TradeSpec:
    """A random long or short trade that is valid: its stop on one side of the entry, its steps on the other."""
    pair = chance.choice(list(PAIRS))
    is_long = chance.random() < 0.7
    gain, loss = ((1.03, 1.2), (0.8, 0.95)) if is_long else ((0.8, 0.95), (1.05, 1.2))
    order_type = chance.choice(["limit", "limit", "market", "conditional"])
    position: dict[str, object] = {
        "type": "buy" if is_long else "sell",
        "order_type": order_type,
        "units": {"value": str(round(chance.uniform(0.01, 0.05), 3))},
    }
    if order_type == "limit":
        position["price"] = {"value": _price(chance, pair, 0.95, 1.05)}
    if order_type == "conditional":
        position["conditional"] = {"order_type": "market", "price": {"value": _price(chance, pair, 0.95, 1.05)}}
    own = chance.random() < 0.2
    if own:
        position |= {"order_type": "market", "price": {"value": str(PAIRS[pair])}}
        position.pop("conditional", None)
    body: dict[str, object] = {
        "account_id": 1,
        "pair": pair,
        "skip_enter_step": own,
        "position": position,
        "take_profit": _make_steps(chance, pair, gain),
        "stop_loss": _make_stop(chance, pair, loss),
    }
    return TradeSpec(
        name=name,
        generation=1,
        state=DesiredState.OPEN,
        terms=read_terms(body),
        unallocated_pct=Decimal(0),
        note=chance.choice(["", "breakout", "weekly"]),
        origin=Origin(file="plan.yaml", line=1, column=1),
    )


def _make_steps(chance: random.Random, pair: str, gain: tuple[float, float]) -> dict[str, object]:
    volumes = chance.choice([(), (100,), (50, 50), (30, 30, 40)])
    steps = [
        {
            "order_type": chance.choice(["limit", "market"]),
            "price": {"type": "last", "value": _price(chance, pair, *gain)},
            "volume": volume,
        }
        for volume in volumes
    ]
    return {"enabled": bool(steps), "steps": steps}


def _make_stop(chance: random.Random, pair: str, loss: tuple[float, float]) -> dict[str, object]:
    if chance.random() < 0.2:
        return {"enabled": False}
    level = {"type": "last", "value": _price(chance, pair, *loss)}
    return {"enabled": True, "order_type": "market", "conditional": {"price": level}}


def _edit(chance: random.Random, spec: TradeSpec) -> TradeSpec:
    """What a trader may do to a file between two applies."""
    fresh = _make_spec(chance, spec.name)
    is_same_kind = (fresh.terms.pair, fresh.terms.entry.side) == (spec.terms.pair, spec.terms.entry.side)
    edits = ["nothing", "note", "state", "entry", "drop"]
    edits += ["steps", "stop", "stop"] if is_same_kind else []
    match chance.choice(edits):
        case "note":
            return replace(spec, note=fresh.note)
        case "state":
            return replace(
                spec, state=chance.choice([DesiredState.CLOSED, DesiredState.ABANDONED, DesiredState.RELEASED])
            )
        case "entry":
            return replace(fresh, generation=spec.generation)
        case "steps":
            return replace(spec, terms=replace(spec.terms, steps=fresh.terms.steps), unallocated_pct=Decimal(0))
        case "stop":
            return replace(spec, terms=replace(spec.terms, stop_loss=fresh.terms.stop_loss))
        case "drop" if len(spec.terms.steps) > 1:
            gone = chance.randrange(len(spec.terms.steps))
            kept = tuple(step for place, step in enumerate(spec.terms.steps) if place != gone)
            share = spec.unallocated_pct + spec.terms.steps[gone].volume_pct
            return replace(spec, terms=replace(spec.terms, steps=kept), unallocated_pct=share)
        case _:
            return spec


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_after_a_successful_apply_plan_is_empty(seed: int) -> None:
    chance = random.Random(seed)
    specs = [_make_spec(chance, f"t{number}") for number in range(chance.randint(1, 5))]
    with World() as world:
        for pair, price in PAIRS.items():
            world.price(pair, price)
        for round_ in range(ROUNDS):
            plan = world.plan(*specs)
            result = world.apply(plan)
            good = {outcome.operation.trade for outcome in result.outcomes if outcome.kind in GOOD}
            bad = {outcome.operation.trade: outcome.text for outcome in result.outcomes if outcome.kind not in GOOD}
            after = world.plan(*specs)
            again = {operation.trade for operation in after.operations}
            assert not again & (good - bad.keys()), f"seed {seed}, round {round_}: {after.operations}"
            assert {blocked.trade for blocked in after.blocked} <= {
                blocked.trade for blocked in plan.blocked
            } | bad.keys()
            assert set(kinds(result)) - GOOD <= {OutcomeKind.FAILED, OutcomeKind.STALE, OutcomeKind.NOT_STARTED}, bad
            for pair in PAIRS:
                if chance.random() < 0.7:
                    world.price(pair, _price(chance, pair, 0.93, 1.07))
            specs = [_edit(chance, spec) if chance.random() < 0.5 else spec for spec in specs]
