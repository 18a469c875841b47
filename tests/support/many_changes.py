"""Plans with any number of changes, with money at risk and limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import LiveTrade
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from tests.support.review_plans import Scene, make
from tests.support.review_scenes import ADA, AVAX, CORE, DOGE, DOT, ETH, LINK, SOL, edit, held

_TRADES = (ETH, DOGE, CORE, SOL, AVAX, LINK, ADA, DOT)
_AWAY, _TOWARDS = Decimal("0.99"), Decimal("1.01")


def make_many_scene(count: int) -> Scene:
    """A quarter of the trades is opened; of the others the stop is moved, of every eighth one away from the price."""
    specs: list[TradeSpec] = []
    lives: list[LiveTrade] = []
    for place in range(count):
        kind = _TRADES[place % len(_TRADES)]
        entry = replace(kind.terms.entry, units=kind.terms.entry.units + place)
        applied = replace(edit(kind, entry=entry), name=f"trade-{place:04}")
        if place % 4 == 0:
            specs.append(applied)
        else:
            lives.append(held(applied, 30_000_000 + place))
            specs.append(_move_stop(applied, _AWAY if place % 8 == 1 else _TOWARDS))
    return Scene(specs=specs, lives=lives)


def make_many(count: int) -> Plan:
    """The plan of such trades."""
    return make(make_many_scene(count))


def _move_stop(spec: TradeSpec, factor: Decimal) -> TradeSpec:
    stop = spec.terms.stop_loss
    assert stop is not None
    assert stop.trigger.value is not None
    return edit(spec, stop_loss=replace(stop, trigger=replace(stop.trigger, value=stop.trigger.value * factor)))
