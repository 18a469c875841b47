"""Findings about live trades: losses, drift, changes in the files, and progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reconciler.model.freeze import Freeze
from reconciler.model.plan import PlanContext
from reconciler.model.reasons import Reason
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import Step, StopLoss

# A value of one input: its text, or a whole step or stop that was added or removed.
Part = str | Step | StopLoss | None


class FindingKind(StrEnum):
    """The kind of a finding.

    Attributes:
        LOSS: Something that should protect or exist and does not.
        DRIFT: An edit outside the files.
        FILE: A change in the files that was not applied yet; `plan` shows it.
        PROGRESS: An event of the market or the server.
        INFORMATION: Shown only.
    """

    LOSS = "loss"
    DRIFT = "drift"
    FILE = "file"
    PROGRESS = "progress"
    INFORMATION = "information"


class Topic(StrEnum):
    """The subject of a finding; the words of the JSON output."""

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
    """One finding about one trade.

    Attributes:
        kind: Loss, drift, a change in the files, progress or information.
        topic: Its subject.
        trade: Name of the trade.
        live_id: SmartTrade id, or None.
        reason: The finding as a code with values.
        hint: The remedy as a code of `Remedy` with values, or None.
        path: The edited input, for example `stop_loss.conditional.price.value`; empty if it is not about one input.
        applied: Its last applied value, or the one of the file if no journal knows it; None if it had none.
        filed: Its value in the file; None if the file has none or does not name the trade.
        live: Its value now; None if it has none.
    """

    kind: FindingKind
    topic: Topic
    trade: str
    live_id: int | None
    reason: Reason
    hint: Reason | None = None
    path: str = ""
    applied: Part = None
    filed: Part = None
    live: Part = None

    @property
    def counts(self) -> bool:
        """Return whether it counts as drift or loss."""
        return self.kind in (FindingKind.DRIFT, FindingKind.LOSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """All findings of one check.

    Attributes:
        context: The workspace, the target, and the time of the check.
        has_journal: Whether a journal knew the last applied values.
        findings: Losses first, then drift, changes in the files, progress, information; each in the order of the files.
        pairs: Trade to its pair.
        checked: Number of selected trades.
        requests: Number of requests sent.
        unmanaged: SmartTrade ids of live trades on accounts of the target that nothing manages.
        freezes: Freezes that are in force.
        risks: Money at risk of each edited trade, by name: before as it was applied, after as it is live.
    """

    context: PlanContext
    has_journal: bool
    findings: tuple[Finding, ...]
    pairs: dict[str, str]
    checked: int
    requests: int
    unmanaged: tuple[int, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    risks: Mapping[str, OperationRisk] = field(default_factory=dict)

    @property
    def made_at(self) -> datetime:
        """The time of the check, UTC."""
        return self.context.made_at

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings that are drift or loss."""
        return tuple(finding for finding in self.findings if finding.counts)

    def of(self, kind: FindingKind) -> tuple[Finding, ...]:
        """Return the findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)


def count_trades(findings: Iterable[Finding]) -> int:
    """Count the trades that some findings are about."""
    return len({finding.trade for finding in findings})
