"""What an import of many live trades costs beside requests; by hand: `python -m tests.benchmarks.bench_import`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from reconciler.cli.main import root as program
from reconciler.importing.choices import Choices, Surroundings, choose
from reconciler.importing.new_files import New
from reconciler.importing.statement import Statement
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.targets import Mode, TargetKind
from reconciler.rendering.import_text import render_change
from reconciler.rendering.style import Style
from reconciler.settings import EMBEDDED_URL, Settings, Target
from reconciler.workflows.file_edits import draft_new, read_files, state_trade, write_edit
from reconciler.workflows.plan_files import PlanFiles
from tests.benchmarks.stopwatch import SIZES, Stopwatch, Times, print_ratios
from tests.support import builders

EXISTING = """\
version: 1
account: main
trades:
  # a grid of mine
  by-hand:
    pair: USDT_ETH
    position: {type: buy, order_type: limit, units: 1, price: 1000}
    take_profit: {enabled: false}
    stop_loss: {order_type: market, conditional: {price: 900}}
"""


def measure(size: int) -> Times:
    """Seconds of each stage."""
    watch = Stopwatch()
    lives = make_lives(size)
    with tempfile.TemporaryDirectory() as folder:
        settings = make_settings(Path(folder))
        (settings.root / "reconciler.yaml").write_text("version: 1\nworkspace: test\n")
        (settings.root / "mine.yaml").write_text(EXISTING)
        workspace = read_files(settings)
        found = watch("choose: all are new", lambda: decide(settings, workspace, lives))
        trades = watch("judge each", lambda: judge_all(settings, found))
        assert len(trades) == size
        new, old = settings.root / "imported.yaml", settings.root / "mine.yaml"
        added = watch("draft behind other trades", lambda: draft_new(settings, workspace, old, trades))
        with program.make_context("reconciler", ["import"]), redirect_stdout(StringIO()):
            watch("show what is added", lambda: render_change(added, Style()))
        draft = watch("draft a new file", lambda: draft_new(settings, workspace, new, trades))
        watch("write it", lambda: write_edit(settings, draft))
        again = watch("read it again", lambda: read_files(settings))
        assert len(again.specs) == size + 1
        known = watch("choose: all are in files", lambda: decide(settings, again, lives))
        assert all(choice.spec for choice in known.chosen)
        index = index_active(lives, settings.workspaces)
        names = [spec.name for spec in again.specs]
        matching = watch(
            "match before they are adopted",
            lambda: match(again.specs, Sighting(index=index, history=History(newest={}), all_names=names)),
        )
        assert len(matching.blocked) == size
    return watch.times


def make_lives(size: int) -> list[LiveTrade]:
    """A grid without markers: one pair, one size, each at another price; every second is held."""
    phases = (Phase.ENTERING, Phase.OPEN)
    specs = [
        builders.spec(builders.terms(entered_by=builders.entry(20_000 + 3 * place)), name=f"t{place}")
        for place in range(size)
    ]
    lives = [builders.live(spec, phases[place % 2], id=place + 1) for place, spec in enumerate(specs)]
    return [builders.unmarked(live) for live in lives]


def make_settings(root: Path) -> Settings:
    """A workspace on the embedded sandbox."""
    target = Target(
        name="sandbox",
        kind=TargetKind.SANDBOX,
        mode=Mode.PAPER,
        base_url=EMBEDDED_URL,
        accounts={"main": builders.ACCOUNT},
        requests_per_minute=1_000_000,
        settle_s=0,
    )
    return Settings(
        root=root,
        workspace="test",
        former_names=(),
        target=target,
        include=(),
        foreign=frozenset(),
        limits={},
    )


def decide(settings: Settings, workspace: PlanFiles, lives: Sequence[LiveTrade]) -> Choices:
    """Which are new, and which are in the files."""
    around = Surroundings(
        specs={spec.name: spec for spec in workspace.specs},
        index=index_active(lives, settings.workspaces),
        workspaces=settings.workspaces,
        foreign=settings.foreign,
    )
    return choose(lives, around)


def judge_all(settings: Settings, found: Choices) -> list[New]:
    """What files would state."""
    judged = [(choice, state_trade(settings, choice)) for choice in found.chosen]
    return [(choice, statement) for choice, statement in judged if isinstance(statement, Statement)]


def main() -> None:
    """Print the table."""
    small, large = (measure(size) for size in SIZES)
    print_ratios("import", small, large)


if __name__ == "__main__":
    main()
