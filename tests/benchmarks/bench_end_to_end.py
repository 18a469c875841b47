"""Times of every stage for 1,000 and 10,000 trades, and their ratio: 10 is linear.

Run by hand: python tests/benchmarks/bench_end_to_end.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))

from reconciler.codec.body import write_body
from reconciler.codec.note import write_note
from reconciler.desired.specify import specify
from reconciler.live.history import read_active
from reconciler.loading.files import load_text
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.planning.known import Known
from reconciler.planning.operations import wanted_marker
from reconciler.planning.plan_trades import plan_trades
from reconciler.rendering.plan_text import render_plan
from reconciler.saved_plan.files import read_plan, write_plan
from reconciler.validation.schemas import validate_plan
from tests.support.world import World

Value = TypeVar("Value")
SIZES = (1000, 10000)
TRADE = """\
  t{number}:
    pair: USDT_BTC
    position: {{type: buy, order_type: limit, units: 0.0002, price: {price}}}
    take_profit:
      - {{order_type: limit, price: 70001, volume: 25}}
      - {{order_type: limit, price: 70002, volume: 25}}
      - {{order_type: limit, price: 70003, volume: 25}}
      - {{order_type: limit, price: 70004, volume: 25}}
    stop_loss: {{order_type: market, conditional: {{price: 30000}}}}
"""


def measure(size: int) -> dict[str, float]:
    """Seconds of each stage."""
    times: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Value]) -> Value:
        began = time.perf_counter()
        result = work()
        times[stage] = time.perf_counter() - began
        return result

    trades = "".join(TRADE.format(number=number, price=40000 + number) for number in range(size))
    text = f"version: 1\naccount: main\ntrades:\n{trades}"
    document, _ = timed("read", lambda: load_text(text, "plan.yaml"))
    assert document is not None
    problems = timed("validate", lambda: validate_plan(document))
    assert not problems
    specs, problems = timed("specify", lambda: specify([document], {"main": 1}, workspace="test"))
    assert not problems
    with World() as world:
        creates = timed("plan: creates", lambda: world.plan(*specs))
        text = timed("write the saved plan", lambda: write_plan(creates))
        timed("read the saved plan", lambda: read_plan(text))
        timed("render the plan", lambda: render_plan(creates))
        for spec in specs:
            world.api.create({**write_body(spec.terms), "note": write_note(wanted_marker("test", spec), "")})
        world.connect()
        active = timed("fetch and parse live trades", lambda: read_active(world.api)).trades
        index = timed("index", lambda: index_active(active, {"test"}))
        matching = timed(
            "match",
            lambda: match(
                specs,
                Sighting(index=index, history=History(newest={}), all_names=[spec.name for spec in specs]),
            ),
        )
        draft, unchanged = timed(
            "diff and plan", lambda: plan_trades(matching, index, Known(workspace="test", rates={}), is_whole=True)
        )
        assert draft.is_empty
        assert unchanged == size
    return times


def main() -> None:
    """Print the table."""
    small, large = (measure(size) for size in SIZES)
    print(f"{'stage':30} {SIZES[0]:>8,} {SIZES[1]:>8,}  ratio")  # noqa: T201
    for stage, seconds in small.items():
        print(f"{stage:30} {seconds:7.3f}s {large[stage]:7.3f}s {large[stage] / seconds:6.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
