"""What `drift` and `status` cost beside fetching; run by hand: `python -m tests.benchmarks.bench_survey`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.drifting.find_drift import find_drift
from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import History, index_active
from reconciler.model.drift import DriftReport, Finding, FindingKind
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec
from reconciler.model.status import StatusReport
from reconciler.model.targets import Mode
from reconciler.rendering.drift_text import render_drift
from reconciler.rendering.status_text import render_status
from reconciler.status.rows import make_row, sum_profits
from tests.benchmarks.bench_planning import make_specs, one_in_ten_changed, unchanged
from tests.benchmarks.stopwatch import SIZES, Stopwatch, Times, print_ratios
from tests.support import builders


def measure(size: int) -> Times:
    """Seconds of each stage."""
    watch = Stopwatch()
    specs = make_specs(size)
    applied = {
        spec.name: AppliedTrade(
            live_id=place + 1,
            generation=1,
            terms=spec.terms,
            note=builders.live(spec).note,
            is_ended=False,
            was_ended_by_us=False,
        )
        for place, spec in enumerate(specs)
    }
    calm, edited = unchanged(specs), one_in_ten_changed(specs)
    assert not [
        each
        for each in watch("judge unchanged trades", lambda: look(specs, calm, applied))
        if each.kind is FindingKind.DRIFT
    ]
    watch("judge them without a journal", lambda: look(specs, calm, {}))
    findings = watch("judge one in ten edited", lambda: look(specs, edited, applied))
    report = DriftReport(
        context=builders.context(),
        has_journal=True,
        findings=findings,
        pairs={spec.name: spec.terms.pair for spec in specs},
        checked=size,
        requests=1,
    )
    watch("render drift", lambda: render_drift(report))
    stripped = [builders.unmarked(live) for live in calm]
    watch("judge trades whose markers are gone", lambda: look(specs, stripped, applied))
    watch("judge them without a journal, too", lambda: look(specs, stripped, {}))
    trades = watch(
        "describe for status",
        lambda: [make_row(spec.name, spec, live, live.prices) for spec, live in zip(specs, calm, strict=True)],
    )
    status = StatusReport(
        workspace="test",
        target="sandbox",
        mode=Mode.PAPER,
        made_at=builders.NOW,
        trades=tuple(trades),
        totals=sum_profits(trades),
        requests=1,
    )
    watch("render status", lambda: render_status(status))
    return watch.times


def look(
    specs: Sequence[TradeSpec], lives: Sequence[LiveTrade], applied: Mapping[str, AppliedTrade]
) -> tuple[Finding, ...]:
    """What `drift` finds."""
    survey = Survey(
        specs=specs,
        all_names={spec.name for spec in specs},
        is_whole=True,
        index=index_active(lives, {builders.WORKSPACE}),
        history=History(newest={}),
        applied=applied,
    )
    return find_drift(survey)


def main() -> None:
    """Print the table."""
    small, large = (measure(size) for size in SIZES)
    print_ratios("drift and status", small, large)


if __name__ == "__main__":
    main()
