"""The journal as the other stages see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from reconciler.model.freeze import Freeze
from reconciler.model.journal import AppliedTrade, CreatedTrade, Intent, IntentState, KnownTrade, RunStart, Write
from reconciler.model.live import LiveTrade
from reconciler.model.outcomes import Outcome
from reconciler.model.reasons import Reason


class Journal(Protocol):
    """The write-ahead record of one workspace, mode, host and its accounts, and its lock.

    Every method raises `JournalError` if the journal cannot be used.
    """

    @property
    def knows_last_run(self) -> bool:
        """Return whether all that the last run sent is in it: every machine writes to it, and it is not new."""
        ...

    def find_last_create(self) -> datetime | None:
        """Find when the last create of any run was sent or answered, whichever is later; None if there was none."""
        ...

    def begin_run(self, start: RunStart, wait_s: float) -> None:
        """Take the lock and begin a run.

        Args:
            start: What it begins with.
            wait_s: How long to wait for another run to end, in seconds.

        Raises:
            Locked: Another run still holds the lock.
        """
        ...

    def end_run(self) -> None:
        """End the run and give the lock back, if this run still holds it."""
        ...

    def heartbeat(self) -> None:
        """Show that the run is alive; do nothing if that was shown a moment ago, or if the lock is lost."""
        ...

    def intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> int:
        """Write down, and sync to disk, that a request is about to be sent.

        Args:
            write: What it does.
            method: HTTP method.
            path: Path below the API address.
            body: What it sends.

        Returns:
            The number of the intent.

        Raises:
            Locked: This run no longer holds the lock, so nothing may be sent.
        """
        ...

    def check_lock(self) -> None:
        """Check by the clock that the lock cannot have been lost since the last intent.

        Raises:
            Locked: The process slept past the lock's expiry.
        """
        ...

    def resolve(
        self,
        intent_id: int,
        state: IntentState,
        *,
        why: Reason | None = None,
        live_id: int | None = None,
        answer: Mapping[str, object] | None = None,
    ) -> None:
        """Write down the result of a request.

        Args:
            intent_id: Which one.
            state: What is known of it now.
            why: How that is known.
            live_id: The SmartTrade that it created or changed, or None.
            answer: What the API answered, or None.
        """
        ...

    def record(self, outcome: Outcome) -> None:
        """Write down how an operation ended."""
        ...

    def find_unresolved(self) -> tuple[Intent, ...]:
        """Find the writes whose effect is not known, oldest first."""
        ...

    def find_cut_short(self) -> tuple[Intent, ...]:
        """Find what the newest run sent, oldest first, if it has not ended: it was killed, or is still active."""
        ...

    def find_writes(self, live_id: int) -> tuple[Intent, ...]:
        """Find all writes on one SmartTrade, oldest first."""
        ...

    def remember_ended(self, trades: Iterable[LiveTrade]) -> None:
        """Keep trades of this workspace that have ended, so that they are never searched for again."""
        ...

    def find_ended(self, names: Collection[str]) -> dict[str, LiveTrade]:
        """Find the known ended trades, the latest generation of each name."""
        ...

    def find_created(self, names: Collection[str] | None = None) -> dict[str, CreatedTrade]:
        """Find the trades that are known as created, the latest generation of each name.

        Args:
            names: Of these names; None for all.
        """
        ...

    def find_applied(self, names: Collection[str]) -> dict[str, AppliedTrade]:
        """Find some trades as last applied, the latest generation of each name."""
        ...

    def find_unsettled(self, settled: Collection[tuple[str, int]]) -> tuple[KnownTrade, ...]:
        """Find trades that are not known to have ended, and those that ended otherwise than by a full exit.

        Args:
            settled: Names with generations that are left out.

        Returns:
            Oldest first; without those that were abandoned by their files.
        """
        ...

    def find_names(self) -> frozenset[str]:
        """Read the names of all known trades."""
        ...

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Find the freezes of the target's accounts that are in force, the oldest first; reads them each time."""
        ...

    def freeze(self, freeze: Freeze) -> None:
        """Write a freeze of the target's accounts down."""
        ...

    def find_measured(self) -> frozenset[str]:
        """Find what guardrails measured that have set a freeze, whether it is in force or lifted."""
        ...
