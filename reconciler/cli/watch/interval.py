"""Looking again and again: at an interval that the pace allows, through errors that pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

# The shortest interval that may be asked for, in seconds; assumed: prices and fills take longer to matter.
SHORTEST_INTERVAL_S = 1.0
# A day and more between two looks is a cron job.
LONGEST_INTERVAL_S = 86400.0
_MINUTE_S = 60.0


def read_interval(text: str | None) -> float | None:
    """The interval of `--watch` in seconds, or None without it.

    Raises:
        UsageError: It is no duration, too short or too long.
    """
    if text is None:
        return None
    interval_s = float(read_duration(text))
    if not SHORTEST_INTERVAL_S <= interval_s <= LONGEST_INTERVAL_S:
        raise UsageError(f"{text:.60} is out of range: expected from 1s to 1d")
    return interval_s


def check_interval(text: str) -> str:
    """An interval that `read_interval` understands, as it was typed: the type of an option.

    Raises:
        click.BadParameter: It is not such an interval.
    """
    try:
        read_interval(text)
    except UsageError as error:
        raise click.BadParameter(error.message) from error
    return text


def passes(error: ReconcilerError) -> bool:
    """Whether an error may be gone at the next look: a request that got no answer, or a file that is being edited."""
    if isinstance(error, AccessRefused):
        return False
    if isinstance(error, RateLimited):
        return not error.is_permanent and error.status != 418
    return isinstance(error, ApiError | InvalidPlanFiles | WorkspaceError | JournalError)


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at an interval until it is interrupted.

    Attributes:
        interval_s: Seconds from one look to the next.
        limit_per_minute: Requests that may be sent in a minute.
        clock: Where waiting happens.
        count_sent: How many requests were sent so far.
        tell: Told of what the user should know.
        is_read: Whether somebody still reads what is shown.
        has_told: Whether it was told that the pace does not allow the interval.
    """

    interval_s: float
    limit_per_minute: int
    clock: Clock
    count_sent: Callable[[], int]
    tell: Callable[[str], None]
    is_read: Callable[[], bool] = lambda: True
    has_told: bool = False

    def run(self, look: Callable[[], None], on_error: Callable[[ReconcilerError], None]) -> None:
        """Look until an interrupt, an error that does not pass, or until nobody reads any more.

        Args:
            look: One look.
            on_error: Told of an error that may pass.

        Raises:
            ReconcilerError: One that does not pass.
        """
        while True:
            began_at, sent = self.clock.monotonic(), self.count_sent()
            try:
                look()
            except ReconcilerError as error:
                if not passes(error):
                    raise
                on_error(error)
            if not self.is_read():
                return
            wait_s = max(self.interval_s, self._find_shortest(self.count_sent() - sent))
            self.clock.sleep(max(0.0, began_at + wait_s - self.clock.monotonic()))

    def _find_shortest(self, requests: int) -> float:
        """Seconds to the next look that the pace asks for: half of it is left to others with the same key."""
        shortest_s = 2 * requests * _MINUTE_S / self.limit_per_minute
        if shortest_s > self.interval_s and not self.has_told:
            self.has_told = True
            self.tell(
                f"One look took {requests} requests, and {self.limit_per_minute} a minute are allowed: the next is in"
                f" {shortest_s:.0f} s."
            )
        return shortest_s
