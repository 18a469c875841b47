"""Open the session of a run: journal and API of the target, and close them at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.clock import Clock, SystemClock
from reconciler.journal.protocol import Journal
from reconciler.progress import NO_PROGRESS, Progress
from reconciler.session import Report, Session, report_nothing
from reconciler.settings import Settings
from reconciler.workflows.connection import open_api
from reconciler.workflows.journal import open_journal

# Gets the method and the path of a request.
Tracer = Callable[[str, str], None]


def _trace_nothing(_method: str, _path: str) -> None:
    """Take a request and drop it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """The callbacks of a session.

    Attributes:
        report: Takes progress and warnings, one line each.
        trace: Gets the method and the path of every request.
        progress: Shows how far long tasks are.
    """

    report: Report = report_nothing
    trace: Tracer = _trace_nothing
    progress: Progress = NO_PROGRESS


@contextmanager
def open_session(
    settings: Settings, listeners: Listeners, *, writes: bool, is_emergency: bool = False, clock: Clock | None = None
) -> Iterator[Session]:
    """Open a session.

    Args:
        settings: The workspace and the target.
        listeners: Who hears of what it does.
        writes: Whether it sends writes; then there must be a journal.
        is_emergency: Whether it goes on without a journal that fails.
        clock: The present; by default that of the machine.

    Raises:
        JournalError: There must be a journal and it cannot be opened.
        UsageError: The environment has no key, or not the address of a journal.
    """
    clock = clock or SystemClock()
    with (
        open_journal(settings, clock, listeners.report, writes=writes, is_emergency=is_emergency) as opened,
        open_api(
            settings,
            clock,
            listeners.report,
            _keep_alive(opened.journal, listeners.trace),
            opened.make_pace,
            lambda: listeners.progress.is_showing,
        ) as connection,
    ):
        yield Session(
            settings=settings,
            api=connection.api,
            clock=clock,
            journal=opened.journal,
            report=listeners.report,
            progress=listeners.progress,
            is_lock_shared=opened.is_shared,
            read_target_time=connection.read_time,
        )


def _keep_alive(journal: Journal, trace: Tracer) -> Tracer:
    """Show with every request that the run is alive, so that no other run takes its lock."""

    def see(method: str, path: str) -> None:
        journal.heartbeat()
        trace(method, path)

    return see
