"""The interval of a watch, and the errors that it survives."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.watch.interval import is_temporary, read_interval
from reconciler.clock import ManualClock
from reconciler.errors import (
    AccessRefused,
    ApiError,
    InvalidPlanFiles,
    JournalError,
    RateLimited,
    ReconcilerError,
    UsageError,
)
from tests.support import builders
from tests.support.program import Cli


class StoppedClock(ManualClock):
    """A clock on which somebody presses Ctrl-C after some waits."""

    def __init__(self, waits: int) -> None:
        super().__init__(builders.NOW)
        self.slept: list[float] = []
        self._waits = waits

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        super().sleep(seconds)
        if len(self.slept) >= self._waits:
            raise KeyboardInterrupt


@pytest.mark.parametrize(("interval", "seconds"), [("30s", 30), ("5m", 300), ("1h", 3600), ("1d", 86400), ("90", 90)])
def test_an_interval(interval: str, seconds: float) -> None:
    assert read_interval(interval) == seconds


@pytest.mark.parametrize("interval", ["0s", "0.5s", "2d", "soon", "-5m", ""])
@pytest.mark.parametrize("command", ["drift", "status"])
def test_an_impossible_interval_is_refused(cli: Cli, workspace: Path, command: str, interval: str) -> None:
    done = cli(command, "--watch", interval)
    assert done.code == 64
    assert "expected" in done.err


@pytest.mark.parametrize(
    ("error", "is_passing"),
    [
        (ApiError("x"), True),
        (RateLimited("x", status=429), True),
        (InvalidPlanFiles([]), True),
        (JournalError("x"), True),
        (RateLimited("x", status=429, is_permanent=True), False),
        (RateLimited("x", status=418), False),
        (AccessRefused("x"), False),
        (UsageError("x"), False),
    ],
)
def test_which_errors_a_watch_survives(error: ReconcilerError, is_passing: bool) -> None:
    assert is_temporary(error) is is_passing
