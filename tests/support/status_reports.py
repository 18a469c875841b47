"""Status reports with trades of every kind, for the tests of their rendering."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import LiveTrade, Phase
from reconciler.model.status import StatusReport
from reconciler.model.targets import Mode
from reconciler.risk.live_risk import measure_lives
from reconciler.risk.plan_risk import Seen
from reconciler.risk.totals import sum_risks
from reconciler.status.rows import make_row, sum_profits
from tests.support import builders


def report(**lives: LiveTrade | None) -> StatusReport:
    """A report with some trades; trades whose names begin with `orphan` are in no file."""
    specs = {name: builders.spec(name=name) for name in lives if not name.startswith("orphan")}
    known = {name: live for name, live in lives.items() if live is not None}
    risks = measure_lives(known, Seen(lives={}), {}, {})
    trades = [
        make_row(name, specs.get(name), live, live.prices if live else None, risk=risks.get(name))
        for name, live in lives.items()
    ]
    return StatusReport(
        workspace="test",
        target="sandbox",
        mode=Mode.PAPER,
        made_at=builders.NOW,
        trades=tuple(trades),
        totals=sum_profits(trades),
        requests=3,
        risk=sum_risks(risks.values()),
    )


def with_profit(live: LiveTrade, profit: str, percent: str) -> LiveTrade:
    return replace(live, profit=Decimal(profit), profit_pct=Decimal(percent))


ENDED = replace(with_profit(builders.live(phase=Phase.ENDED, id=4), "-3.1", "-0.5"), closed_at=builders.NOW)
BARE = builders.terms(steps=(), stop_loss=None)
REPORT = report(
    waiting=builders.live(id=1),
    filling=builders.live(phase=Phase.FILLING, entered="0.004", id=2),
    open=with_profit(builders.live(phase=Phase.OPEN, id=3, step_statuses=["finished"]), "12.50", "2.08"),
    ended=ENDED,
    stopped=replace(ENDED, status="stop_loss_finished"),
    cancelled=replace(ENDED, status="cancelled", profit=None, closed_at=None),
    missing=None,
    bare=builders.live(builders.spec(BARE, name="bare"), Phase.OPEN, id=5),
    unprotected=builders.live(phase=Phase.OPEN, id=6, stop_status="failed"),
    unmarked=builders.unmarked(builders.live(phase=Phase.OPEN, id=7)),
    busy=builders.live(phase=Phase.BUSY, id=8, status="cancellation_pending"),
    orphan=builders.live(id=9),
)
