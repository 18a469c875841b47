"""Times of matching, comparing and planning; run by hand: `python -m tests.benchmarks.bench_planning`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from reconciler.matching import History, index_active, match
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.specs import TradeSpec
from reconciler.planning.deciding import find_pairs, plan_trades
from reconciler.rendering.plan_text import render_plan
from reconciler.saved_plan.files import read_plan, write_plan
from tests import builders, planned

T = TypeVar("T")
SIZES = (1_000, 10_000)
FOUR_STEPS = tuple(builders.step(63000 + 1000 * place, 25) for place in range(4))


def make_specs(count: int) -> list[TradeSpec]:
    """Trades of four steps and a stop, each at another price."""
    return [
        builders.spec(
            builders.terms(entered_by=builders.entry(50_000 + place), steps=FOUR_STEPS), name=f"trade-{place}"
        )
        for place in range(count)
    ]


def unchanged(specs: Sequence[TradeSpec]) -> list[LiveTrade]:
    """Every second trade waits, the others are open; all are as their files say."""
    phases = (Phase.ENTERING, Phase.OPEN)
    return [builders.live(spec, phases[place % 2], id=place + 1) for place, spec in enumerate(specs)]


def one_in_ten_changed(specs: Sequence[TradeSpec]) -> list[LiveTrade]:
    """Likewise, but one in ten was applied with another stop."""
    other = replace(builders.terms(steps=FOUR_STEPS), stop_loss=builders.stop(40_000))
    return [
        replace(live, terms=replace(live.terms, stop_loss=other.stop_loss)) if live.id % 10 == 0 else live
        for live in unchanged(specs)
    ]


def absent(specs: Sequence[TradeSpec]) -> list[LiveTrade]:
    """Nothing is live, so all are created."""
    del specs
    return []


def run(specs: Sequence[TradeSpec], lives: Sequence[LiveTrade]) -> dict[str, float]:
    """Seconds that each stage takes."""
    times: dict[str, float] = {}

    def timed(name: str, call: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = call()
        times[name] = time.perf_counter() - began
        return result

    names = {spec.name for spec in specs}
    index = timed("index", lambda: index_active(lives, {builders.WORKSPACE}))
    matching = timed(
        "match", lambda: match(specs, all_names=names, index=index, history=History(newest={}), foreign=())
    )
    timed("find pairs", lambda: find_pairs(matching))
    draft, _ = timed(
        "plan",
        lambda: plan_trades(matching, index, workspace=builders.WORKSPACE, rates=planned.RATES, is_whole=True),
    )
    plan = builders.plan(draft.operations, blocked=draft.blocked)
    text = timed("save", lambda: write_plan(plan))
    timed("load", lambda: read_plan(text))
    timed("render", lambda: render_plan(plan))
    return times


def main() -> None:
    """Print the times for both sizes and their ratio, which is 10 where a stage is linear."""
    for make_lives in (unchanged, one_in_ten_changed, absent):
        sys.stdout.write(f"{make_lives.__name__.replace('_', ' ')}\n")
        both = []
        for size in SIZES:
            specs = make_specs(size)
            both.append(run(specs, make_lives(specs)))
        small, large = both
        for stage in small:
            ratio = large[stage] / max(small[stage], 1e-6)
            sys.stdout.write(f"  {stage:<10} {small[stage]:7.3f} s {large[stage]:7.3f} s  x{ratio:.1f}\n")
        stages = ("index", "match", "find pairs", "plan")
        total = [sum(times[stage] for stage in stages) for times in both]
        sys.stdout.write(f"  {'to a plan':<10} {total[0]:7.3f} s {total[1]:7.3f} s  x{total[1] / total[0]:.1f}\n")


if __name__ == "__main__":
    main()
