"""The absence of a journal: nothing is kept and nothing is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from reconciler.model.freeze import Freeze
from reconciler.model.journal import AppliedTrade, CreatedTrade, Intent, IntentState, KnownTrade, RunStart, Write
from reconciler.model.live import LiveTrade
from reconciler.model.outcomes import Outcome
from reconciler.model.reasons import Reason


class NoJournal:
    """A journal that stores nothing, knows nothing and locks nothing; the methods are those of `Journal`."""

    knows_last_run = False

    def find_last_create(self) -> datetime | None:
        """Return None: no run is known."""
        return None

    def begin_run(self, start: RunStart, wait_s: float) -> None:
        """Do nothing."""

    def end_run(self) -> None:
        """Do nothing."""

    def heartbeat(self) -> None:
        """Do nothing."""

    def intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> int:  # noqa: ARG002
        """Return 0, since nothing is numbered."""
        return 0

    def check_lock(self) -> None:
        """Do nothing."""

    def resolve(
        self,
        intent_id: int,
        state: IntentState,
        *,
        why: Reason | None = None,
        live_id: int | None = None,
        answer: Mapping[str, object] | None = None,
    ) -> None:
        """Do nothing."""

    def record(self, outcome: Outcome) -> None:
        """Do nothing."""

    def find_unresolved(self) -> tuple[Intent, ...]:
        """Return nothing, since nothing is known."""
        return ()

    def find_cut_short(self) -> tuple[Intent, ...]:
        """Return nothing, since nothing is known."""
        return ()

    def find_writes(self, live_id: int) -> tuple[Intent, ...]:  # noqa: ARG002
        """Return nothing, since nothing is known."""
        return ()

    def remember_ended(self, trades: Iterable[LiveTrade]) -> None:
        """Do nothing."""

    def find_ended(self, names: Collection[str]) -> dict[str, LiveTrade]:  # noqa: ARG002
        """Return nothing, since nothing is known."""
        return {}

    def find_created(self, names: Collection[str] | None = None) -> dict[str, CreatedTrade]:  # noqa: ARG002
        """Return nothing, since nothing is known."""
        return {}

    def find_applied(self, names: Collection[str]) -> dict[str, AppliedTrade]:  # noqa: ARG002
        """Return nothing, since nothing is known."""
        return {}

    def find_unsettled(self, settled: Collection[tuple[str, int]]) -> tuple[KnownTrade, ...]:  # noqa: ARG002
        """Return nothing, since nothing is known."""
        return ()

    def find_names(self) -> frozenset[str]:
        """Return nothing, since nothing is known."""
        return frozenset()

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Return nothing, since nothing is known."""
        return ()

    def freeze(self, freeze: Freeze) -> None:
        """Do nothing."""

    def find_measured(self) -> frozenset[str]:
        """Return nothing, since nothing is known."""
        return frozenset()


NO_JOURNAL = NoJournal()
