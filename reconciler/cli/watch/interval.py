"""Repeat a check at an interval that the pace allows, and go on after temporary errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

import click

from reconciler.cli.durations import read_duration
from reconciler.clock import Clock
from reconciler.errors import (
    AccessRefused,
    ApiError,
    InvalidPlanFiles,
    JournalError,
    RateLimited,
    ReconcilerError,
    UsageError,
    WorkspaceError,
)

if TYPE_CHECKING:
    from reconciler.session import Session

P = ParamSpec("P")
R = TypeVar("R")

# The shortest interval that may be asked for, in seconds; assumed: prices and fills take longer to matter.
SHORTEST_INTERVAL_S = 1.0
# A day and more between two checks is a cron job.
LONGEST_INTERVAL_S = 86400.0
_MINUTE_S = 60.0


def read_interval(text: str) -> float:
    """Read the interval of `--watch`, in seconds.

    Raises:
        UsageError: It is not a duration, too short or too long.
    """
    interval_s = float(read_duration(text))
    if not SHORTEST_INTERVAL_S <= interval_s <= LONGEST_INTERVAL_S:
        raise UsageError(f"{text:.60} is out of range: expected from 1s to 1d")
    return interval_s


def check_interval(text: str) -> str:
    """Check that `read_interval` can read an interval, and return it as it was typed: the type of an option.

    Raises:
        click.BadParameter: It is not such an interval.
    """
    try:
        read_interval(text)
    except UsageError as error:
        raise click.BadParameter(error.message) from error
    return text


def watch_option(words: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Take the interval of a command that repeats.

    Args:
        words: Its help.
    """
    return click.option("--watch", type=check_interval, metavar="INTERVAL", help=words)


def is_temporary(error: ReconcilerError) -> bool:
    """Return whether an error may be gone at the next check: no answer came, or a file is being edited."""
    if isinstance(error, AccessRefused):
        return False
    if isinstance(error, RateLimited):
        return not error.is_permanent and error.status != 418
    return isinstance(error, ApiError | InvalidPlanFiles | WorkspaceError | JournalError)


@dataclass(slots=True, kw_only=True)
class Watch:
    """Checks at an interval until it is interrupted.

    Attributes:
        interval_s: Seconds from one check to the next.
        limit_per_minute: Requests that may be sent in a minute.
        clock: Where waiting happens.
        count_sent: Counts the requests that were sent so far.
        report: Takes what the user should know.
        is_read: Says whether somebody still reads what is shown.
        has_reported: Whether it was reported that the pace does not allow the interval.
    """

    interval_s: float
    limit_per_minute: int
    clock: Clock
    count_sent: Callable[[], int]
    report: Callable[[str], None]
    is_read: Callable[[], bool] = lambda: True
    has_reported: bool = False

    @classmethod
    def of(cls, session: Session, interval: str, report: Callable[[str], None], is_read: Callable[[], bool]) -> Self:
        """Make the watch of a session.

        Args:
            session: Where requests are sent and counted.
            interval: As it was typed.
            report: Takes what the user should know.
            is_read: Says whether somebody still reads what is shown.
        """
        budget = session.api.session.budget
        return cls(
            interval_s=read_interval(interval),
            limit_per_minute=session.settings.target.requests_per_minute,
            clock=session.clock,
            count_sent=lambda: budget.sent,
            report=report,
            is_read=is_read,
        )

    def run(self, check: Callable[[], None], on_error: Callable[[ReconcilerError], None]) -> None:
        """Check until an interrupt, until an error that is not temporary, or until nobody reads any more.

        Args:
            check: One check.
            on_error: Takes a temporary error.

        Raises:
            ReconcilerError: One that is not temporary.
        """
        while True:
            began_at, sent = self.clock.monotonic(), self.count_sent()
            try:
                check()
            except ReconcilerError as error:
                if not is_temporary(error):
                    raise
                on_error(error)
            if not self.is_read():
                return
            wait_s = max(self.interval_s, self._find_shortest(self.count_sent() - sent))
            self.clock.sleep(max(0.0, began_at + wait_s - self.clock.monotonic()))

    def _find_shortest(self, requests: int) -> float:
        """Return the shortest interval that the pace allows, in seconds; others with the same key get half of it."""
        shortest_s = 2 * requests * _MINUTE_S / self.limit_per_minute
        if shortest_s > self.interval_s and not self.has_reported:
            self.has_reported = True
            self.report(
                f"One check took {requests} requests, and {self.limit_per_minute} a minute are allowed: the next is in"
                f" {shortest_s:.0f} s."
            )
        return shortest_s
