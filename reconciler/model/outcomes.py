"""Outcomes: how an operation ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.reasons import Reason
from reconciler.model.terms import Terms


class OutcomeKind(StrEnum):
    """Kind of end of an operation."""

    APPLIED = "applied"
    ALREADY_DONE = "already_done"
    FILLED_WHILE_CANCELLING = "filled_while_cancelling"
    STALE = "stale"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one operation.

    Attributes:
        operation: The operation.
        kind: How it ended.
        live_id: SmartTrade id that it created or changed, or None.
        reason: What happened; None if nothing needs saying.
        takeover: A trade that takes over what was filled while it was being cancelled, else None.
        is_listed: Whether lists show it; False for a create that was done and that they do not show yet.
    """

    operation: Operation
    kind: OutcomeKind
    live_id: int | None
    reason: Reason | None = None
    takeover: Terms | None = None
    is_listed: bool = True


def is_frozen(outcome: Outcome) -> bool:
    """Return whether a freeze held an operation back, since before the run or in the middle of it."""
    codes = (OutcomeReason.FROZEN, OutcomeReason.FROZEN_BEFORE)
    return outcome.reason is not None and outcome.reason.code in codes


class _Ended(Protocol):
    @property
    def kind(self) -> OutcomeKind: ...

    @property
    def reason(self) -> Reason | None: ...


def is_held_back(outcome: _Ended) -> bool:
    """Return whether it was said before a run that an operation waits, for a passed limit or for a freeze."""
    codes = (OutcomeReason.FROZEN_BEFORE, OutcomeReason.HELD_BACK)
    is_unsent = outcome.kind is OutcomeKind.NOT_STARTED
    return is_unsent and outcome.reason is not None and outcome.reason.code in codes
