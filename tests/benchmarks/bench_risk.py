"""Share of a plan's time that goes into its risk; run by hand: `python -m tests.benchmarks.bench_risk`.

Both times are of this processor's work in one run, so the ratio is worth something on a shared machine too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconciler.codec.body import write_body
from reconciler.codec.note import write_note
from reconciler.live.history import read_active
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.specs import TradeSpec
from reconciler.planning.operations import wanted_marker
from reconciler.workflows.plan_files import PlanFiles
from reconciler.workflows.plan_risk import assess_risk
from tests.benchmarks.stopwatch import Stopwatch
from tests.support import builders
from tests.support.world import World

SIZE = 10_000
FOUR_STEPS = tuple(builders.step(70_000 + place, 25) for place in range(4))


def make_specs() -> list[TradeSpec]:
    """Trades of four steps and a stop; every other one is entered by the sandbox, the others wait."""
    return [
        builders.spec(
            builders.terms(
                entered_by=builders.entry(40_000 + place if place % 2 else 63_900, "0.0002"),
                steps=FOUR_STEPS,
                stop_loss=builders.stop(30_000),
            ),
            name=f"trade-{place}",
        )
        for place in range(SIZE)
    ]


def same(specs: Sequence[TradeSpec]) -> list[TradeSpec]:
    """Nothing has changed."""
    return list(specs)


def one_in_ten_changed(specs: Sequence[TradeSpec]) -> list[TradeSpec]:
    """One in ten has another stop."""
    other = builders.stop(31_000)
    return [
        replace(spec, terms=replace(spec.terms, stop_loss=other)) if place % 10 == 0 else spec
        for place, spec in enumerate(specs)
    ]


def all_changed(specs: Sequence[TradeSpec]) -> list[TradeSpec]:
    """All have another stop."""
    return [replace(spec, terms=replace(spec.terms, stop_loss=builders.stop(31_000))) for spec in specs]


CASES: Sequence[tuple[str, Callable[[Sequence[TradeSpec]], list[TradeSpec]]]] = (
    ("unchanged", same),
    ("one in ten changed", one_in_ten_changed),
    ("all changed", all_changed),
)


def measure(world: World, specs: Sequence[TradeSpec]) -> tuple[float, float]:
    """Seconds of a whole plan, and of its risk alone."""
    watch = Stopwatch()
    world.connect()
    plan = watch("plan", lambda: world.plan(*specs))
    active = read_active(world.api).trades
    index = index_active(active, {"test"})
    names = {spec.name for spec in specs}
    matching = match(specs, Sighting(index=index, history=History(newest={}), all_names=names))
    files = PlanFiles(specs=tuple(specs))
    found = watch(
        "risk",
        lambda: assess_risk(world.settings, files, index, matching, plan.operations, rates={}, averaging={}),
    )
    assert found.after["USDT"].trades == len(specs)
    return watch.times["plan"], watch.times["risk"]


def main() -> None:
    """Print for each case what the risk adds to the time of a plan."""
    specs = make_specs()
    with World() as world:
        for spec in specs:
            world.api.create({**write_body(spec.terms), "note": write_note(wanted_marker("test", spec), "")})
        world.connect()
        for name, change in CASES:
            whole, risk = measure(world, change(specs))
            added = risk / (whole - risk) * 100
            sys.stdout.write(f"{name:24} plan {whole:7.2f} s, of which risk {risk:6.2f} s: adds {added:5.1f} %\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
