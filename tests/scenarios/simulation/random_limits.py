"""Random guardrails of a history: none, or some that its plans pass now and then."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

Limits = Mapping[str, object]

# Each guardrail that is drawn, with the values that it may have.
LIMITS: Mapping[str, Sequence[object]] = {
    "creates": (0, 1, 2),
    "trades_open": (1, 2, 3),
    "notional_per_trade": ({"USDT": 100}, {"USDT": 400}, {"USDT": 700, "BTC": 1}),
    "notional_total": ({"*": 500}, {"*": 1500}),
    "loss_at_stop_increase": ({"USDT": 10}, {"USDT": 50}),
    "stop_required": (True,),
    "closes": (0, 1),
    "omissions": (0, 1),
    "loss_realised": ({"USDT": 1, "within": "24h"}, {"USDT": 50, "within": "1h"}),
}


def draw_limits(seed: int) -> Limits:
    """Draw the `guardrails` of all clones; from the seed alone, so that nothing else of the history is drawn anew."""
    chance = random.Random(f"limits {seed}")
    names = chance.sample(sorted(LIMITS), chance.choice([0, 0, 0, 1, 1, 2, 3]))
    return {name: chance.choice(LIMITS[name]) for name in sorted(names)}
