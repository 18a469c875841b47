"""The plan: what would be done, what is blocked, and what is only reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.freeze import Freeze, find_held
from reconciler.model.guardrails import Guardrail, PastTrades
from reconciler.model.live import Prices
from reconciler.model.operations import Action, FieldChange, Operation
from reconciler.model.policy import PolicyVerdict
from reconciler.model.problems import Problem
from reconciler.model.reasons import Reason
from reconciler.model.review import ConfigChange, GitState, ReviewBase
from reconciler.model.risk import WorkspaceRisk
from reconciler.model.specs import Origin
from reconciler.model.targets import Mode, TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Something that the files ask for and that cannot be done safely.

    Attributes:
        trade: Name of the trade.
        live_id: SmartTrade id, or None.
        reason: Why it is not done.
        hint: What the user can do.
        changes: What the file asks for.
    """

    trade: str
    live_id: int | None
    reason: Reason
    hint: Reason
    changes: tuple[FieldChange, ...] = ()


class NoticeKind(StrEnum):
    """Subject of a notice."""

    LOSS = "loss"
    NOT_OPENED = "not_opened"
    ENDED = "ended"
    BUSY = "busy"
    IGNORED = "ignored"
    WARNING = "warning"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to know that asks for no operation.

    Attributes:
        kind: What it is about.
        trade: Name of the trade; empty if it is about none, or about one without a name.
        live_id: SmartTrade id, or None.
        reason: What to know.
        needs_attention: Whether it is bad news that nothing in the plan ends.
    """

    kind: NoticeKind
    trade: str
    live_id: int | None
    reason: Reason
    needs_attention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """Target and time of a plan.

    Attributes:
        workspace: Name of the workspace.
        target: Name of the target.
        target_kind: Who answers.
        base_url: Where requests go.
        mode: Which accounts of the key are used.
        accounts: Alias to account id.
        git_commit: Commit of the workspace, with `+dirty` if files differ from it, or None outside git.
        made_at: When absence was proven.
        expires_at: From when on it is stale.
    """

    workspace: str
    target: str
    target_kind: TargetKind
    base_url: str
    mode: Mode
    accounts: Mapping[str, int]
    git_commit: str | None
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Operations that apply would carry out, in order.

    Attributes:
        context: What it was made for.
        operations: In the order in which they are carried out.
        blocked: What cannot be done.
        notices: What to know.
        prices: Prices seen, by pair.
        unchanged: How many trades need nothing.
        requests_used: Requests sent to make the plan.
        requests_needed: Requests that apply sends if nothing unforeseen happens: as a saved plan, or approved; or
            at once if `apply --auto-approve` made the plan.
        seconds_needed: How long these take at the allowed rate.
        is_whole: Whether all files were planned, so that missing trades were searched for.
        names: Names of all trades in the files, planned or not.
        released: SmartTrade ids of trades that were released from here and are similar to one that is to be opened.
        newest_id: The highest SmartTrade id among the live trades of the workspace, 0 if it had none: a higher one was
            opened by another run since.
        warnings: What validation knows about the files of the planned trades.
        config_base: Base that reconciler.yaml and `prevent` were compared with, or None without a base.
        config_changes: Rules that are others than at this base.
        base: Base by whose rules the plan was held, too; None without a named base.
        acknowledged: Guardrail to the count or the largest amount that is acknowledged for this plan.
        unmanaged: SmartTrade ids of live trades on accounts of the target that nothing manages.
        outside: SmartTrade ids of live trades of the workspace on accounts that the target does not name.
        risk: Money at risk before and after.
        guardrails: All limits in use, breaches first.
        past: Earlier trades that were read for the limits; None if none were. Not a part of a saved plan.
        freezes: Freezes that were in force when it was made.
        policies: Verdicts of the user's own rules.
        sources: Where the trades of operations, blocks and notices are written, by name; without those in no file.
        seen_at: When each of the prices was read, by pair.
        git: Commit of the workspace, or None outside git.
        against: Files that it was compared with in place of an account; such a plan cannot be applied. None usually.
    """

    context: PlanContext
    operations: tuple[Operation, ...]
    blocked: tuple[Blocked, ...]
    notices: tuple[Notice, ...]
    prices: Mapping[str, Prices]
    unchanged: int
    requests_used: int
    requests_needed: int
    seconds_needed: float
    is_whole: bool
    names: tuple[str, ...] = ()
    released: tuple[int, ...] = ()
    newest_id: int = 0
    warnings: tuple[Problem, ...] = ()
    config_base: str | None = None
    config_changes: tuple[ConfigChange, ...] = ()
    base: ReviewBase | None = None
    acknowledged: Mapping[str, Decimal] = field(default_factory=dict)
    unmanaged: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()
    risk: WorkspaceRisk = field(default_factory=WorkspaceRisk)
    guardrails: tuple[Guardrail, ...] = ()
    past: PastTrades | None = field(default=None, compare=False, repr=False)
    freezes: tuple[Freeze, ...] = ()
    policies: tuple[PolicyVerdict, ...] = ()
    sources: Mapping[str, Origin] = field(default_factory=dict)
    seen_at: Mapping[str, datetime] = field(default_factory=dict)
    git: GitState | None = None
    against: str | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to do and nothing is blocked."""
        return not self.operations and not self.blocked

    @property
    def attention(self) -> int:
        """Return the number of trades that need attention, whatever is applied."""
        return len({(notice.trade, notice.live_id) for notice in self.notices if notice.needs_attention})

    @property
    def is_applicable(self) -> bool:
        """Return whether no guardrail, no freeze and no rule of the user blocks the plan."""
        return not self.breaches and not self.held and all(verdict.has_passed for verdict in self.policies)

    @property
    def held(self) -> tuple[Operation, ...]:
        """Return the operations that a freeze holds back."""
        return find_held(self.operations, self.freezes)

    @property
    def breaches(self) -> tuple[Guardrail, ...]:
        """The limits that refuse the plan."""
        return tuple(each for each in self.guardrails if each.is_breach)

    def count_changes(self) -> tuple[int, int, int]:
        """Count the trades that would be added, changed and destroyed; a replace is one add and one destroy."""
        added = {op.trade for op in self.operations if op.action in (Action.CREATE, Action.REPLACE)}
        destroyed = {op.trade for op in self.operations if op.destroys}
        changed = {op.trade for op in self.operations} - added - destroyed
        return len(added), len(changed), len(destroyed)
