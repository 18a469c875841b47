"""Times of matching, comparing and planning; run by hand: `python -m tests.benchmarks.bench_planning`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.lifecycle import Ignored, Lifecycle, Prevented
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.specs import TradeSpec, map_renames
from reconciler.planning.known import Known
from reconciler.planning.plan_trades import find_pairs, plan_trades
from reconciler.rendering.plan_text import render_plan
from reconciler.saved_plan.files import read_plan, write_plan
from tests.benchmarks.stopwatch import SIZES, Stopwatch, Times, print_ratios
from tests.support import builders, planning

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


def moved(specs: Sequence[TradeSpec]) -> list[TradeSpec]:
    """Every trade has another name by now, and had a third one before."""
    return [replace(spec, name=f"new-{spec.name}", former_names=(spec.name, f"old-{spec.name}")) for spec in specs]


def ignoring(specs: Sequence[TradeSpec]) -> list[TradeSpec]:
    """Every trade leaves its stop and its note to others, and some of what may be planned is prevented."""
    lifecycle = Lifecycle(
        prevent=frozenset({Prevented.REPLACE, Prevented.UNPROTECTS}), ignored=frozenset({Ignored.TRIGGER, Ignored.NOTE})
    )
    return [replace(spec, lifecycle=lifecycle) for spec in specs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A workspace to plan.

    Attributes:
        name: What it is.
        make_lives: What is live, by the trades as they were filed at first.
        refile: What the files say by now.
    """

    name: str
    make_lives: Callable[[Sequence[TradeSpec]], list[LiveTrade]]
    refile: Callable[[Sequence[TradeSpec]], Sequence[TradeSpec]] = list


CASES = (
    Case(name="unchanged", make_lives=unchanged),
    Case(name="one in ten changed", make_lives=one_in_ten_changed),
    Case(name="nothing is live", make_lives=absent),
    Case(name="all moved", make_lives=unchanged, refile=moved),
    Case(name="all ignore, one in ten changed", make_lives=one_in_ten_changed, refile=ignoring),
)


def run(specs: Sequence[TradeSpec], lives: Sequence[LiveTrade]) -> Times:
    """Seconds that each stage takes."""
    watch = Stopwatch()
    names = {spec.name for spec in specs}
    index = watch("index", lambda: index_active(lives, {builders.WORKSPACE}, renames=map_renames(specs)))
    matching = watch("match", lambda: match(specs, Sighting(index=index, history=History(newest={}), all_names=names)))
    watch("find pairs", lambda: find_pairs(matching))
    draft, _ = watch(
        "plan",
        lambda: plan_trades(matching, index, Known(workspace=builders.WORKSPACE, rates=planning.RATES), is_whole=True),
    )
    plan = builders.plan(draft.operations, blocked=draft.blocked)
    text = watch("save", lambda: write_plan(plan))
    watch("load", lambda: read_plan(text))
    watch("render", lambda: render_plan(plan))
    return watch.times


def main() -> None:
    """Print the times for both sizes and their ratio, which is 10 where a stage is linear."""
    for case in CASES:
        both = []
        for size in SIZES:
            specs = make_specs(size)
            both.append(run(case.refile(specs), case.make_lives(specs)))
        print_ratios(case.name, *both)


if __name__ == "__main__":
    main()
