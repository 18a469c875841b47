"""Journals that keep nothing: one that only locks, and one that a command does without when it fails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from reconciler.errors import JournalError, Locked
from reconciler.journal.no_journal import NoJournal
from reconciler.journal.protocol import Journal
from reconciler.journal.run_lock import RunLock
from reconciler.model.freeze import Freeze
from reconciler.model.journal import AppliedTrade, CreatedTrade, Intent, IntentState, KnownTrade, RunStart, Write
from reconciler.model.live import LiveTrade
from reconciler.model.outcomes import Outcome
from reconciler.model.reasons import Reason

T = TypeVar("T")


class UnwrittenJournal(NoJournal):
    """A journal that keeps nothing and still lets only one run at a time be active on this machine.

    Args:
        lock: Keeps the others out; that of a journal which failed goes on to be held.
    """

    def __init__(self, lock: RunLock) -> None:
        self._lock = lock

    def begin_run(self, start: RunStart, wait_s: float) -> None:  # noqa: ARG002 - nothing of it is kept
        """Take the lock."""
        self._lock.acquire(lambda _: "", wait_s)

    def end_run(self) -> None:
        """Give the lock back."""
        if self._lock.token:
            self._lock.release()

    def heartbeat(self) -> None:
        """Show that the run is alive."""
        with suppress(Locked, JournalError):
            if self._lock.is_due():
                self._lock.renew(lambda _: None)

    def intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> int:  # noqa: ARG002
        """Check that this run still holds the lock."""
        self._lock.renew(lambda _: None)
        return 0

    def check_lock(self) -> None:
        """Check that the lock may not have been lost since."""
        self._lock.check()


class ForgivingJournal:
    """Journal that a command stops using at its first failure.

    In an emergency, ending a trade is more important than recording it. Reading takes no lock.

    Args:
        journal: Used as long as it works.
        spare: Used after the first failure; it takes the lock if possible.
        warn: Takes the message of that failure.
    """

    def __init__(self, journal: Journal, spare: Journal, warn: Callable[[str], None]) -> None:
        self._journal = journal
        self._spare = spare
        self._warn = warn

    @property
    def knows_last_run(self) -> bool:
        """Return whether all that the last run sent is in it."""
        return self._journal.knows_last_run

    def find_last_create(self) -> datetime | None:
        """Find when the last create of any run was sent or answered."""
        return self._try(lambda journal: journal.find_last_create())

    def begin_run(self, start: RunStart, wait_s: float) -> None:
        """Take the lock and begin a run."""
        self._try(lambda journal: journal.begin_run(start, wait_s))

    def end_run(self) -> None:
        """End the run and give the lock back."""
        self._try(lambda journal: journal.end_run())

    def heartbeat(self) -> None:
        """Show that the run is alive."""
        self._try(lambda journal: journal.heartbeat())

    def intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> int:
        """Write down that a request is about to be sent."""
        return self._try(lambda journal: journal.intend(write, method, path, body))

    def check_lock(self) -> None:
        """Check that the lock may not have been lost since."""
        self._try(lambda journal: journal.check_lock())

    def resolve(
        self,
        intent_id: int,
        state: IntentState,
        *,
        why: Reason | None = None,
        live_id: int | None = None,
        answer: Mapping[str, object] | None = None,
    ) -> None:
        """Write down the result of a request."""
        self._try(lambda journal: journal.resolve(intent_id, state, why=why, live_id=live_id, answer=answer))

    def record(self, outcome: Outcome) -> None:
        """Write down how an operation ended."""
        self._try(lambda journal: journal.record(outcome))

    def find_unresolved(self) -> tuple[Intent, ...]:
        """Find the writes whose effect is not known."""
        return self._try(lambda journal: journal.find_unresolved())

    def find_cut_short(self) -> tuple[Intent, ...]:
        """Find what the newest run sent, if that run has not ended."""
        return self._try(lambda journal: journal.find_cut_short())

    def find_writes(self, live_id: int) -> tuple[Intent, ...]:
        """Find all writes on one SmartTrade."""
        return self._try(lambda journal: journal.find_writes(live_id))

    def remember_ended(self, trades: Iterable[LiveTrade]) -> None:
        """Keep trades that have ended."""
        self._try(lambda journal: journal.remember_ended(trades))

    def find_ended(self, names: Collection[str]) -> dict[str, LiveTrade]:
        """Find the known ended trades."""
        return self._try(lambda journal: journal.find_ended(names))

    def find_created(self, names: Collection[str] | None = None) -> dict[str, CreatedTrade]:
        """Find the trades that are known as created."""
        return self._try(lambda journal: journal.find_created(names))

    def find_unsettled(self, settled: Collection[tuple[str, int]]) -> tuple[KnownTrade, ...]:
        """Find trades that have not ended, and those that ended otherwise than by a full exit."""
        return self._try(lambda journal: journal.find_unsettled(settled))

    def find_names(self) -> frozenset[str]:
        """Read the names of all known trades."""
        return self._try(lambda journal: journal.find_names())

    def find_applied(self, names: Collection[str]) -> dict[str, AppliedTrade]:
        """Find some trades as last applied."""
        return self._try(lambda journal: journal.find_applied(names))

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Find the freezes that are in force."""
        return self._try(lambda journal: journal.find_freezes())

    def freeze(self, freeze: Freeze) -> None:
        """Write a freeze down."""
        self._try(lambda journal: journal.freeze(freeze))

    def find_measured(self) -> frozenset[str]:
        """Find what guardrails measured that have set a freeze."""
        return self._try(lambda journal: journal.find_measured())

    def _try(self, use: Callable[[Journal], T]) -> T:
        try:
            return use(self._journal)
        except JournalError as error:
            if self._journal is self._spare:
                raise
            self._warn(error.message)
            self._journal = self._spare
        return use(self._spare)
