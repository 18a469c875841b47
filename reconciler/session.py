"""The session of a run: settings, API, clock and journal, and who takes its reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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
# Reads the time of a target that has a clock of its own.
ReadTime = Callable[[], datetime]


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
        read_target_time: Reads the clock by which the target dates its trades; None if that is the machine's.
    """

    settings: Settings
    api: SmartTradeApi
    clock: Clock
    journal: Journal = NO_JOURNAL
    report: Report = report_nothing
    progress: Progress = NO_PROGRESS
    is_lock_shared: bool = False
    read_target_time: ReadTime | None = None

    def find_target_time(self) -> datetime:
        """Return the present by the clock of the target, for comparing with the times of its trades.

        The clock of an embedded sandbox moves only when it is told to. All others show the time of this machine.
        """
        return self.clock.now() if self.read_target_time is None else self.read_target_time()

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Find the freezes that are in force now, by reconciler.yaml, the environment and the journal.

        The journal is read each time, since another process may have set or lifted one.

        Raises:
            JournalError: The journal cannot be read.
        """
        stated = (freeze for freeze in self.settings.freezes if not freeze.is_over(self.clock.now()))
        return (*stated, *self.journal.find_freezes())
