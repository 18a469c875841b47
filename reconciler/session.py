"""What a run works with: settings, API, clock and journal, and whom it reports to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.clock import Clock
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
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
    """

    settings: Settings
    api: SmartTradeApi
    clock: Clock
    journal: Journal = NO_JOURNAL
    report: Report = report_nothing
