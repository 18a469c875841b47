"""Drift over a day of market: never a false one, and every edit of a person found under its right name.

`DRIFT_CHECKS=1008 DRIFT_TRADES=500 pytest tests/scenarios/simulation/test_drift.py` looks at a week of five hundred
trades. A failing run prints its seed.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.model.drift import DriftReport, Finding, FindingKind, Topic
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import TradeSpec
from reconciler.model.targets import TargetKind
from reconciler.rendering.finding_text import describe_finding
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.survey import Surveyor
from tests.scenarios.simulation.human_edits import edit_trades, list_lives
from tests.scenarios.simulation.portfolios import FUTURES_ACCOUNT, Market, make_portfolio, open_accounts
from tests.support.world import World, kinds

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("DRIFT_SEED", "1"))
CHECKS = int(os.environ.get("DRIFT_CHECKS", "144"))
TRADES = int(os.environ.get("DRIFT_TRADES", "200"))
INTERVAL_S = 300
EDITS = 50
# Every so many looks one is done as on an empty disk.
EMPTY_DISK_EVERY = 12


class Scene:
    """A portfolio in its market, looked at with a journal and without.

    Args:
        world: Where.
        specs: The files.
        seed: Moves the market.
        wildness: How large the steps of prices are.
    """

    def __init__(self, world: World, specs: tuple[TradeSpec, ...], seed: int, wildness: float) -> None:
        self.world = world
        self.seed = seed
        self.specs = specs
        self.market = Market(world, seed, wildness=wildness)
        self._with_journal = self._make_surveyor(world.journal)

    def look(self, *, is_disk_empty: bool = False) -> DriftReport:
        """One look; as on an empty disk nothing is remembered from one to the next."""
        surveyor = self._make_surveyor(NO_JOURNAL) if is_disk_empty else self._with_journal
        sent = len(self.world.wire.writes)
        report = surveyor.find_drift(select_all(PlanFiles(specs=self.specs)))
        assert len(self.world.wire.writes) == sent, "drift sends no write"
        return report

    def _make_surveyor(self, journal: Journal) -> Surveyor:
        return Surveyor(replace(self.world.session, journal=journal))


@contextmanager
def set_scene(folder: Path, seed: int, trades: int, *, wildness: float = 1, **switches: str) -> Iterator[Scene]:
    """A portfolio that was applied to a sandbox that stands for an API."""
    specs = make_portfolio(random.Random(seed), trades)
    with Database(sqlite_url(folder / "journal.sqlite")) as database, World(database=database) as world:
        accounts = {"main": 1, "futures": FUTURES_ACCOUNT}
        world.settings = replace(
            world.settings, target=replace(world.settings.target, kind=TargetKind.API, accounts=accounts)
        )
        open_accounts(world)
        for name, value in switches.items():
            world.sandbox.configure(name, value)
        result = world.converge(*specs)
        others = [each for each in result.outcomes if each.kind is not OutcomeKind.APPLIED]
        bad = [(each.operation.trade, describe_outcome(each)) for each in others]
        assert kinds(result) == [OutcomeKind.APPLIED] * trades, f"seed {seed}: {bad}"
        yield Scene(world, specs, seed, wildness)


def follow(scene: Scene, checks: int, *, moves: int = 1) -> Counter[Topic]:
    """Look again and again, after so many moves of the market each time; counts what kinds of progress there were."""
    seen: set[tuple[str, Topic]] = set()
    for number in range(checks):
        for _ in range(moves):
            scene.market.move(INTERVAL_S)
        report = scene.look()
        check_no_drift(scene, report, f"seed {scene.seed}, look {number}")
        if number % EMPTY_DISK_EVERY == EMPTY_DISK_EVERY - 1:
            check_no_drift(scene, scene.look(is_disk_empty=True), f"seed {scene.seed}, look {number}, empty disk")
        seen |= {(finding.trade, finding.topic) for finding in report.findings}
    return Counter(topic for _, topic in seen)


def check_no_drift(scene: Scene, report: DriftReport, when: str) -> None:
    wrong = [describe(finding) for finding in report.findings if finding.kind is not FindingKind.PROGRESS]
    assert wrong == [], when


def describe(finding: Finding) -> tuple[object, ...]:
    return (finding.trade, finding.topic.value, finding.path, finding.applied, finding.live, describe_finding(finding))


def test_a_day_of_market_over_two_hundred_trades_shows_no_drift(tmp_path: Path) -> None:
    with set_scene(tmp_path, SEED, TRADES) as scene:
        progress = follow(scene, CHECKS, moves=2)
    wanted = {Topic.ENTERED, Topic.STEPS_HIT, Topic.STOP_MOVED, Topic.LEVELS_SET, Topic.ENDED}
    assert wanted <= progress.keys(), f"the market did too little for this to show much: {progress}"


SWITCHES: list[dict[str, str]] = [
    {"trailing_percent": "as_sent", "trailing_stop": "moved"},
    {"breakeven": "unchanged"},
    {"trailing_percent": "as_sent", "trailing_stop": "moved", "breakeven": "unchanged"},
    {"finished_steps": "refused"},
    {"missing_groups": "disabled"},
    {"unknown_trade": "404", "cancel_answer": "empty"},
    {"fee_currency": "received"},
    {"fee_currency": "received", "fee_pct": "0.6", "trailing_percent": "as_sent", "trailing_stop": "moved"},
    {"fee_pct": "0"},
    {"pending_reads": "1"},
    {"pending_reads": "4", "trailing_percent": "as_sent", "trailing_stop": "moved"},
]


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda each: " ".join(f"{name}={each[name]}" for name in each))
def test_whichever_way_an_open_question_is_answered_the_market_is_no_drift(
    switches: dict[str, str], tmp_path: Path
) -> None:
    seed = SEED + 1 + SWITCHES.index(switches)
    with set_scene(tmp_path, seed, 56, wildness=3, **switches) as scene:
        progress = follow(scene, 24)
    assert {Topic.STEPS_HIT, Topic.ENDED} <= progress.keys(), f"seed {seed}: {progress}"


@pytest.mark.parametrize("trailing_percent", ["null", "as_sent"])
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_fifty_edits_are_fifty_findings_each_with_its_field(seed: int, trailing_percent: str, tmp_path: Path) -> None:
    with set_scene(tmp_path, seed, TRADES // 2, trailing_percent=trailing_percent) as scene:
        for _ in range(6):
            scene.market.move(INTERVAL_S)
        check_no_drift(scene, scene.look(), f"seed {seed}, before the edits")
        lives = list_lives(scene.world.api)
        expected = edit_trades(scene.world.api, lives, random.Random(seed), EDITS)
        with_journal, empty_disk = scene.look(), scene.look(is_disk_empty=True)
    assert len(expected) == EDITS
    for report in (with_journal, empty_disk):
        found = {
            name: frozenset((each.topic.value, each.path) for each in report.alarms if each.trade == name)
            for name in {each.trade for each in report.alarms}
        }
        assert found == expected, f"seed {seed}, journal: {report.has_journal}"
