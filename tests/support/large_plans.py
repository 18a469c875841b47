"""Plans of many trades of all kinds, as large as a team has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.plan import Plan
from reconciler.model.review import ConfigChange
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType, OrderType, Side
from tests.support.builders import entry, step, stop
from tests.support.review_plans import Scene, live, make, spec

_LEVERAGE = Leverage(type=LeverageType.ISOLATED, value=Decimal(5))
_ORDERS = (AveragingOrder(price=Decimal(88000), units=Decimal("0.01")),)
_LIMITS = {
    "closes": 1,
    "leverage": 5,
    "notional_total": {"USDT": 4_000_000},
    "loss_at_stop_total": {"USDT": 200_000},
    "notional_per_trade": {"USDT": 6000},
}
# What becomes of the trades in turn: two thirds of what people do, and now and then something dangerous.
_STORIES = ("open", "raise", "open", "lower", "add", "short", "replace", "drop", "open", "close", "bare", "block")


def make_large_plan(count: int) -> Plan:
    """A plan about so many trades; each kind of change is in it if there are at least a dozen."""
    specs: list[TradeSpec] = []
    lives: list[LiveTrade] = []
    for number in range(count):
        for part in _tell(_STORIES[number % len(_STORIES)], number):
            (specs if isinstance(part, TradeSpec) else lives).append(part)  # type: ignore[arg-type]  # one of both
    plan = make(Scene(specs=specs, lives=lives, limits=_LIMITS, unchanged=9))
    changes = (ConfigChange(path="guardrails.closes", before="0", after="1", trades=(f"close-{9:04}",)),)
    return replace(plan, config_changes=changes, config_base="main")


def _tell(story: str, number: int) -> Iterator[TradeSpec | LiveTrade]:
    name, id_ = f"{story}-{number:04}", 30_000_000 + number
    base = _spec(name, number)
    match story:
        case "raise" | "lower":
            yield replace(base, terms=replace(base.terms, stop_loss=stop(89500 if story == "raise" else 87500)))
            yield live(base, id_, Phase.OPEN)
        case "add":
            yield replace(base, averaging=_ORDERS)
            held = live(base, id_, Phase.OPEN)
            yield replace(held, flags=replace(held.flags, add_funds=True))
        case "short":
            yield spec(name, "USDT_BTCUSDT", "futures/btc.yaml", number + 1, **_short(number))
        case "replace":
            conditional = entry(None, "0.01", trigger=99000 + number % 100)
            yield replace(base, terms=replace(base.terms, entry=conditional))
            yield live(base, id_)
        case "drop":
            # On another pair, so that no new trade looks like it.
            yield live(_spec(name, number, "USDT_ETH"), id_)
        case "close":
            yield replace(base, state=DesiredState.CLOSED)
            yield live(base, id_, Phase.OPEN)
        case "bare":
            yield replace(base, terms=replace(base.terms, stop_loss=None))
        case "block":
            yield replace(base, terms=replace(base.terms, entry=entry(80000, "0.01")))
            yield live(base, id_, Phase.OPEN)
        case _:
            yield replace(base, note="range low, add below")


def _spec(name: str, number: int, pair: str = "USDT_BTC") -> TradeSpec:
    steps = [
        step(103000 + number % 90, 50),
        step(106000, 25),
        step(110000, 25, order_type=OrderType.MARKET, trailing=2),
    ]
    entered = entry(93000 - number % 200, "0.01")
    return spec(
        name, pair, f"spot/{number % 9}.yaml", number + 1, entered_by=entered, steps=steps, stop_loss=stop(88500)
    )


def _short(number: int) -> dict[str, object]:
    return {
        "entered_by": entry(98400 + number % 50, "0.01", side=Side.SELL),
        "steps": [step(94000), step(90500)],
        "stop_loss": stop(100900),
        "leverage": _LEVERAGE,
    }
