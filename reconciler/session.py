"""The session of a run: settings, API, clock and journal, and who takes its reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.model.freeze import Freeze
from reconciler.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from reconciler.clock import Clock
    from reconciler.live.endpoints import SmartTradeApi
    from reconciler.settings import Settings

Report = Callable[[str], None]


def report_nothing(_message: str) -> None:
    """Take a message and drop it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of a command or of a program that uses the library.

    Attributes:
        settings: The workspace and the target.
        api: Where requests go.
        clock: The present, and where waiting happens.
        journal: What earlier runs wrote down, and where this one writes.
        report: Takes progress and warnings, one line each; prints nothing by itself.
        progress: Shows how far long tasks are; shows nothing by itself.
        is_lock_shared: Whether runs on other machines respect the lock of the journal.
    """

    settings: Settings
    api: SmartTradeApi
    clock: Clock
    journal: Journal = NO_JOURNAL
    report: Report = report_nothing
    progress: Progress = NO_PROGRESS
    is_lock_shared: bool = False

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Find the freezes that are in force now, by reconciler.yaml, the environment and the journal.

        The journal is read each time, since another process may have set or lifted one.

        Raises:
            JournalError: The journal cannot be read.
        """
        stated = (freeze for freeze in self.settings.freezes if not freeze.is_over(self.clock.now()))
        return (*stated, *self.journal.find_freezes())
