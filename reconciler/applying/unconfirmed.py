"""Trades that were created or asked to end a moment ago, confirmed many at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.applying.endings import end
from reconciler.applying.judgements import judge_create
from reconciler.applying.polling import watch_created, watch_ended
from reconciler.applying.trade_checks import is_confirmed
from reconciler.errors import ApiError
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.planning.requests import CONFIRM_AFTER_S, CREATES_PER_CONFIRMATION
from reconciler.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The outcomes of trades that were confirmed together.

    Attributes:
        outcomes: One for each.
        error: What kept them from being read, or None.
    """

    outcomes: tuple[Outcome, ...] = ()
    error: ApiError | None = None


class CreatedTrades:
    """Creates that were sent and not confirmed yet.

    Args:
        session: Where to read and to wait.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[int, Operation] = {}
        self._since_s = 0.0

    def add(self, live_id: int, operation: Operation) -> None:
        """Keep a create for its confirmation."""
        if not self._waiting:
            self._since_s = self._session.clock.monotonic()
        self._waiting[live_id] = operation

    @property
    def is_due(self) -> bool:
        """Return whether to confirm now: there are many, or the first, whose stop may be inactive, has waited long."""
        waited_s = self._session.clock.monotonic() - self._since_s
        return bool(self._waiting) and (waited_s >= CONFIRM_AFTER_S or len(self._waiting) >= CREATES_PER_CONFIRMATION)

    def confirm(self) -> Confirmed:
        """Wait until all have settled and are listed, with one reading for many of them."""
        if not self._waiting:
            return Confirmed()
        seen: dict[int, LiveTrade] = {}
        unlisted: set[int] = set()
        error: ApiError | None = None
        try:
            unlisted = watch_created(self._session, self._waiting, is_confirmed, seen)
        except ApiError as caught:
            error = caught
        outcomes = tuple(
            _judge(operation, live_id, seen.get(live_id), is_listed=live_id not in unlisted)
            for live_id, operation in self._waiting.items()
        )
        self._waiting.clear()
        return Confirmed(outcomes=outcomes, error=error)


class EndedTrades:
    """Trades that were asked to end by hand and not confirmed yet.

    Args:
        session: Where to read and to wait.
        judge: Makes the outcome of one; the trade is None if it could not be read back.
    """

    def __init__(self, session: Session, judge: Callable[[Operation, LiveTrade | None], Outcome]) -> None:
        self._session = session
        self._judge = judge
        self._waiting: dict[int, Operation] = {}

    def add(self, live_id: int, operation: Operation) -> None:
        """Keep one for its confirmation."""
        self._waiting[live_id] = operation

    @property
    def is_due(self) -> bool:
        """Return whether to confirm now: never before all others were sent."""
        return False

    def confirm(self) -> Confirmed:
        """Read what became of all, by few readings."""
        if not self._waiting:
            return Confirmed()
        seen: dict[int, LiveTrade] = {}
        error: ApiError | None = None
        try:
            with self._session.api.session.budget.protecting(is_protecting=True):
                watch_ended(self._session, self._waiting, seen)
        except ApiError as caught:
            error = caught
        outcomes = tuple(self._judge(operation, seen.get(live_id)) for live_id, operation in self._waiting.items())
        self._waiting.clear()
        return Confirmed(outcomes=outcomes, error=error)


def _judge(operation: Operation, live_id: int, live: LiveTrade | None, *, is_listed: bool) -> Outcome:
    if live is None:
        return end(operation, OutcomeKind.INDETERMINATE, live_id, OutcomeReason.NOT_READ_BACK, live_id=live_id)
    return judge_create(operation, live, is_listed=is_listed)
