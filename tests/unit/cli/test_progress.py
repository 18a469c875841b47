"""The progress of a run on the screen."""

from __future__ import annotations

import click
import pytest

from reconciler.cli.main import root
from reconciler.cli.progress import Progress
from reconciler.model.outcomes import Outcome, OutcomeKind
from tests.support.world import World, trade


def test_each_outcome_is_a_line_with_how_far_the_run_is(capsys: pytest.CaptureFixture[str]) -> None:
    with World() as world:
        result = world.apply(world.plan(trade(), trade("other", price=50000, stop=49000)))
    progress = Progress(len(result.outcomes))
    with click.Context(root):
        for outcome in result.outcomes:
            progress.starting(outcome.operation)
            progress.ended(outcome)
    assert capsys.readouterr().err == ("[1/2] btc-dip: create #30000001: done\n[2/2] other: create #30000002: done\n")


def test_what_was_not_begun_is_only_in_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    with World() as world:
        (operation,) = world.plan(trade()).operations
    with click.Context(root):
        Progress(1).ended(Outcome(operation=operation, kind=OutcomeKind.NOT_STARTED, live_id=None))
    assert capsys.readouterr() == ("", "")
