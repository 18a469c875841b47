"""Portfolios of trades of every kind, and markets that move them: seeded, so that a failure can be looked at again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import count

from reconciler.codec.body import read_terms
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from reconciler.sandbox.values.pairs import PAIRS
from tests.support.world import World

SPOT = ("USDT_BTC", "USDT_ETH", "USDT_SOL", "USDT_XRP", "USDT_BNB", "USDT_ADA", "USDT_DOGE", "BTC_ETH")
CONTRACT = "USDT_BTCUSDT"
SPOT_ACCOUNT, FUTURES_ACCOUNT = 1, 2

ENTRIES = ("limit", "market", "conditional market", "conditional limit", "trailing", "own funds", "instant")
STEPS = ("one", "two", "trailing", "three", "four", "none", "market")
STOPS = ("market", "limit", "trailing", "timeout", "breakeven", "none", "trailing breakeven", "limit timeout")
# About what the big pairs move in five minutes.
_VOLATILITY = 0.0022
# Prices of each pair between two looks.
_TICKS = 2
_WORTH = {"USDT": 2500, "BTC": 0.06}

Json = dict[str, object]


def make_portfolio(chance: random.Random, size: int) -> tuple[TradeSpec, ...]:
    """Trades whose entries, steps and stops go through all combinations of kinds, one after the other."""
    return tuple(_make_spec(chance, number) for number in range(size))


def open_accounts(world: World) -> None:
    """Both accounts of the portfolios."""
    world.sandbox.ensure_account(FUTURES_ACCOUNT, market="futures")


def walk(chance: random.Random, pair: str, wildness: float = 1) -> Iterator[Decimal]:
    """Prices of a pair, one after the other: small steps, now and then a jump, always on the grid.

    Args:
        chance: Decides.
        pair: Which pair.
        wildness: How large the steps are, 1 being an ordinary day.
    """
    price, drift = float(PAIRS[pair].last), 0.0
    for number in count():
        if number % 48 == 0:
            drift = chance.uniform(-0.0006, 0.0006)
        jump = chance.choice((-1, 1)) * chance.uniform(0.01, 0.03) if chance.random() < 0.004 else 0.0
        price *= 1 + drift + chance.gauss(0, _VOLATILITY * wildness) + jump
        yield on_grid(pair, price)


def on_grid(pair: str, price: float) -> Decimal:
    """A price on the pair's grid."""
    step = PAIRS[pair].price_step
    return (Decimal(str(price)) / step).to_integral_value() * step


class _Draft:
    """One trade while it is made up.

    Args:
        chance: Decides.
        number: Which trade, so that all kinds come up.
    """

    def __init__(self, chance: random.Random, number: int) -> None:
        self.chance = chance
        self.entry = ENTRIES[number % len(ENTRIES)]
        self.steps = STEPS[number // len(ENTRIES) % len(STEPS)]
        self.stop = STOPS[number % len(STOPS)]
        self.is_contract = number % 11 == 3 and self.entry != "own funds"
        self.pair = CONTRACT if self.is_contract else chance.choice(SPOT)
        self.is_long = chance.random() < 0.65
        # Every other trade has its exits far away, so that many live through the day.
        self.width = 1 if number % 2 else 4
        self.now = float(PAIRS[self.pair].last)
        self.reference = self.now
        if self.entry not in ("market", "own funds"):
            self.reference = self.now * (1 + chance.choice((-1, 1)) * chance.uniform(0.001, 0.02))
        if self.entry == "limit" or self.entry == "instant":
            self.reference = self.now * (1 + (-1 if self.is_long else 1) * chance.uniform(0.001, 0.02))

    def price(self, share: float) -> str:
        return format(on_grid(self.pair, self.reference * (1 + (share if self.is_long else -share))), "f")

    def make_body(self) -> Json:
        body: Json = {
            "account_id": FUTURES_ACCOUNT if self.is_contract else SPOT_ACCOUNT,
            "pair": self.pair,
            "position": self.make_position(),
        }
        if self.is_contract:
            value = self.chance.choice((2, 5, 10))
            body["leverage"] = {"enabled": True, "type": self.chance.choice(("isolated", "cross")), "value": value}
        if self.entry == "instant":
            return {**body, "instant": True}
        if self.entry == "own funds":
            body["skip_enter_step"] = True
        return {**body, "take_profit": self.make_take_profit(), "stop_loss": self.make_stop_loss()}

    def make_position(self) -> Json:
        lot = PAIRS[self.pair].lot_step
        size = Decimal(str(_WORTH[self.pair.partition("_")[0]] * self.chance.uniform(0.6, 1.6) / self.now))
        position: Json = {
            "type": "buy" if self.is_long else "sell",
            "units": {"value": format((size / lot).to_integral_value() * lot, "f")},
            "order_type": "market" if self.entry == "own funds" else self.entry.partition(" ")[0],
        }
        if self.entry == "instant":
            position["order_type"] = self.chance.choice(("limit", "market"))
        if self.entry == "trailing":
            position["order_type"] = "conditional"
        if position["order_type"] == "limit" or self.entry == "own funds":
            position["price"] = {"value": self.price(0)}
        if position["order_type"] == "conditional":
            condition: Json = {"price": {"value": self.price(0)}, "order_type": "market"}
            if self.entry == "conditional limit":
                condition["order_type"] = "limit"
                position["price"] = {"value": self.price(self.chance.choice((0.001, -0.001)))}
            if self.entry == "trailing":
                percent = self.chance.choice(("0.3", "0.5", "1"))
                condition["trailing"] = {"enabled": True, "percent": percent}
            position["conditional"] = condition
        return position

    @property
    def is_in_percent(self) -> bool:
        """Levels are taken in percent while the entry trails, and only then."""
        return self.entry == "trailing"

    def level(self, share: float, *, is_gain: bool) -> Json:
        watched = self.chance.choice(("bid", "ask", "last"))
        if self.is_in_percent:
            return {"type": watched, "percent": str(round(share * 100, 2))}
        return {"type": watched, "value": self.price(share if is_gain else -share)}

    def make_take_profit(self) -> Json:
        volumes = {
            "one": (100,),
            "two": (50, 50),
            "trailing": (60, 40),
            "three": (30, 30, 40),
            "four": (25, 25, 25, 25),
            "none": (),
            "market": (50, 50),
        }[self.steps]
        steps: list[Json] = []
        share = self.chance.uniform(0.012, 0.02) * self.width
        for volume in volumes:
            is_market = self.steps == "market" or (self.steps == "four" and volume == 25 and len(steps) % 2 == 1)
            step: Json = {"order_type": "market" if is_market else "limit", "volume": volume}
            steps.append(step | {"price": self.level(share, is_gain=True)})
            share += self.chance.uniform(0.003, 0.02) * self.width
        if self.steps == "trailing":
            steps[-1] |= {"order_type": "market", "trailing": {"enabled": True, "percent": "0.4"}}
        return {"enabled": bool(steps), "steps": steps}

    def make_stop_loss(self) -> Json:
        if self.stop == "none":
            return {"enabled": False}
        share = self.chance.uniform(0.012, 0.04) * self.width
        condition: Json = {"price": self.level(share, is_gain=False)}
        stop: Json = {"enabled": True, "order_type": "market", "conditional": condition}
        if "limit" in self.stop and not self.is_in_percent:
            stop |= {"order_type": "limit", "price": {"value": self.price(-share - 0.002)}}
        if "trailing" in self.stop:
            condition["trailing"] = {"enabled": True, "percent": self.chance.choice(("1", "2.5"))}
        if "timeout" in self.stop:
            stop["timeout"] = {"enabled": True, "value": self.chance.choice((60, 420, 1200))}
        if "breakeven" in self.stop and self.steps in ("two", "trailing", "three", "four", "market"):
            stop["breakeven"] = True
        return stop


def _make_spec(chance: random.Random, number: int) -> TradeSpec:
    return TradeSpec(
        name=f"t{number:03}",
        generation=1,
        state=DesiredState.OPEN,
        terms=read_terms(_Draft(chance, number).make_body()),
        unallocated_pct=Decimal(0),
        note=chance.choice(("", "breakout", "weekly level")),
        origin=Origin(file="plan.yaml", line=number + 1, column=1),
    )


class Market:
    """All pairs of the portfolios, moving.

    Args:
        world: Where.
        seed: Decides.
        wildness: How large the steps of prices are, 1 being an ordinary day.
    """

    def __init__(self, world: World, seed: int, *, wildness: float = 1) -> None:
        self._world = world
        self._walks = {pair: walk(random.Random(f"{seed} {pair}"), pair, wildness) for pair in (*SPOT, CONTRACT)}

    def move(self, seconds: int) -> None:
        """Let so much time pass, with prices all along."""
        for _ in range(_TICKS):
            for pair, prices in self._walks.items():
                self._world.sandbox.set_price(pair, next(prices))
            self._world.sandbox.advance(Decimal(seconds) / _TICKS)
        self._world.clock.sleep(seconds)
