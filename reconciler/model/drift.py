"""What a look at the live trades finds: progress, drift and loss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.model.plan import PlanContext
from reconciler.model.terms import Step, StopLoss

# A value of one input: its text, or a whole step or stop that came or went.
Part = str | Step | StopLoss | None


class FindingKind(StrEnum):
    """What a finding is.

    Attributes:
        LOSS: Something that should protect or exist and does not.
        DRIFT: An edit outside the files.
        FILE: A change in the files that was not applied yet; `plan` is for that.
        PROGRESS: What the market or the server did.
        INFORMATION: What is only shown.
    """

    LOSS = "loss"
    DRIFT = "drift"
    FILE = "file"
    PROGRESS = "progress"
    INFORMATION = "information"


class Topic(StrEnum):
    """What a finding is about; the words of the JSON output."""

    # Loss
    COINS_HELD = "coins_held"
    UNLISTED = "unlisted"
    VANISHED = "vanished"
    CANCELLED_OUTSIDE = "cancelled_outside"
    CLOSED_OUTSIDE = "closed_outside"
    FAILED = "failed"
    LIQUIDATED = "liquidated"
    UNKNOWN_STATUS = "unknown_status"
    MARKER_GONE = "marker_gone"
    STOP_GONE = "stop_gone"
    STOP_NOT_ARMED = "stop_not_armed"
    STEP_FAILED = "step_failed"
    UNPROVEN = "unproven"
    # Drift
    FIELD = "field"
    NOTE = "note"
    FUNDS = "funds"
    AVERAGING = "averaging"
    DUPLICATE = "duplicate"
    # File
    CHANGED = "changed"
    CHANGED_AND_PERHAPS_EDITED = "changed_and_perhaps_edited"
    UNDER_WAY = "under_way"
    NOT_LIVE = "not_live"
    # Progress
    BUSY = "busy"
    FILLING = "filling"
    ENTERED = "entered"
    STEPS_HIT = "steps_hit"
    STOP_MOVED = "stop_moved"
    LEVELS_SET = "levels_set"
    ENDED = "ended"
    # Information
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found about one trade.

    Attributes:
        kind: Progress, drift, loss, or a matter of the files.
        topic: What it is about.
        trade: Name of the trade.
        live_id: SmartTrade id, or None.
        text: What was found, for the user.
        path: The input that was edited, for example `stop_loss.conditional.price.value`; empty where it is no input.
        applied: Its value as last applied, or, where no journal tells, as the file says; None where it had none.
        filed: Its value as the file says; None where the file has none, or does not name the trade.
        live: Its value now; None where it is gone.
    """

    kind: FindingKind
    topic: Topic
    trade: str
    live_id: int | None
    text: str
    path: str = ""
    applied: Part = None
    filed: Part = None
    live: Part = None

    @property
    def counts(self) -> bool:
        """Whether it is drift or loss."""
        return self.kind in (FindingKind.DRIFT, FindingKind.LOSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """All that one look found.

    Attributes:
        context: The workspace and target, and when it was looked at.
        has_journal: Whether a journal told what was last applied.
        findings: Losses first, then drift, then matters of the files, then progress; within these in the files' order.
        pairs: Trade to its pair.
        checked: How many trades were looked for.
        requests: How many requests it took.
        unmanaged: SmartTrade ids of live trades on accounts of the target that nothing manages.
    """

    context: PlanContext
    has_journal: bool
    findings: tuple[Finding, ...]
    pairs: dict[str, str]
    checked: int
    requests: int
    unmanaged: tuple[int, ...] = ()

    @property
    def made_at(self) -> datetime:
        """When it was looked at."""
        return self.context.made_at

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Drift and loss."""
        return tuple(finding for finding in self.findings if finding.counts)

    def of(self, kind: FindingKind) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)


def count_trades(findings: Iterable[Finding]) -> int:
    """How many trades some findings are about."""
    return len({finding.trade for finding in findings})
