"""The contents of the journal: what is written before a request is sent, and its result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.terms import Terms

# Used in place of a plan's digest in a run of `reconciler trade`.
COMMAND_DIGEST = "(trade command)"


class WriteKind(StrEnum):
    """The effect of one API write.

    Attributes:
        CANCEL_TO_CLOSE: Cancels the rest of a partly filled entry; what it holds is to be closed next.
        CANCEL_ORDER: Cancels an order that adds to a position or takes from it.
        UNKNOWN: The journal names a kind that this version cannot read; it is never sent.
    """

    CREATE = "create"
    UPDATE = "update"
    SET_NOTE = "set_note"
    CANCEL = "cancel"
    CANCEL_TO_CLOSE = "cancel_to_close"
    CANCEL_STEP = "cancel_step"
    CLOSE = "close"
    ADD_FUNDS = "add_funds"
    REDUCE_FUNDS = "reduce_funds"
    FORCE_START = "force_start"
    FORCE_PROCESS = "force_process"
    CLOSE_STEP = "close_step"
    CANCEL_ORDER = "cancel_order"
    CANCEL_AVERAGING = "cancel_averaging"
    UNKNOWN = "unknown"


# Writes that commit money or execute: sent once in a run, even if its answer is lost and no effect is seen.
SENT_ONCE = frozenset(
    {
        WriteKind.CREATE,
        WriteKind.ADD_FUNDS,
        WriteKind.REDUCE_FUNDS,
        WriteKind.CLOSE,
        WriteKind.FORCE_START,
        WriteKind.CLOSE_STEP,
    }
)


class IntentState(StrEnum):
    """The knowledge about a write.

    Attributes:
        PENDING: It may have been sent, and it is not known whether it had an effect.
        APPLIED: It had its effect.
        FAILED: It was refused, was never sent, or is proven to have had no effect.
    """

    PENDING = "pending"
    APPLIED = "applied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The trade right before a write, if only a comparison shows whether the write had its effect.

    Attributes:
        phase: Where it was in its life.
        entered_units: Filled at entry and added so far, base currency.
        closed_units: Closed so far, base currency.
        order_ids: Trade ids of the orders of the kind that the write adds to.
    """

    phase: Phase
    entered_units: Decimal
    closed_units: Decimal
    order_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One API write, with the values that are needed to check by reading whether it had its effect.

    Attributes:
        kind: What it does.
        trade: Name of the trade.
        generation: Generation of the trade.
        live_id: SmartTrade id; None for a create.
        step_id: Trade id of the step or order to cancel or to close: these kinds only.
        note: The whole note that it writes: create and set note only.
        after: Terms that hold afterwards: create and update only.
        changed: Paths of the fields that it changes: update only.
        omits_steps: Whether the take-profit steps are left out of the request, so that they stay: update only.
        seen: What the trade showed before: changes of funds and close step only.
        averaging: The averaging order that it sends or cancels: add funds and cancel averaging of a plan only.
        account_id: Account of the trade; 0 if that is not known, as in a journal of an earlier version.
    """

    kind: WriteKind
    trade: str
    generation: int
    live_id: int | None = None
    step_id: int | None = None
    note: str | None = None
    after: Terms | None = None
    changed: tuple[str, ...] = ()
    omits_steps: bool = False
    seen: Seen | None = None
    averaging: AveragingOrder | None = None
    account_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A write that the journal holds.

    Attributes:
        id: Its number in the journal.
        run_id: The run that meant to send it.
        write: What it does.
        intended_at: When it was written down, right before it was sent.
        state: What is known of it.
        text: How that is known, for the user.
        damage: Parts that are missing in the journal, so that reading cannot settle it; empty if nothing is missing.
    """

    id: int
    run_id: int
    write: Write
    intended_at: datetime
    state: IntentState
    text: str
    damage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """The facts that a run begins with.

    Attributes:
        git_commit: Commit of the workspace, or None.
        plan_digest: Digest of the plan document.
        operations: How many operations it has.
    """

    git_commit: str | None
    plan_digest: str
    operations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedTrade:
    """A trade as it was last applied.

    Attributes:
        live_id: SmartTrade id.
        generation: Its generation, the latest that is known.
        terms: Its terms as last applied, or None if they are not known.
        note: The whole note as last written, or None if that is not known.
        is_ended: Whether it is known to have ended.
        was_ended_by_us: Whether an operation or a command of this program ended it.
        was_abandoned: Whether its file said `state: abandoned` and that was applied to a held position.
        ended_ids: SmartTrade ids that requests for this name or for others read with it have ended.
    """

    live_id: int
    generation: int
    terms: Terms | None
    note: str | None
    is_ended: bool
    was_ended_by_us: bool
    was_abandoned: bool = False
    ended_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrade:
    """A trade of any generation that may have ended with coins that no trade manages.

    Attributes:
        name: Name of the trade.
        generation: Its generation.
        live_id: SmartTrade id.
        ended: How the API showed it when it had ended, or None if it is not known to have ended.
    """

    name: str
    generation: int
    live_id: int
    ended: LiveTrade | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedTrade:
    """A trade that the journal knows as created.

    Attributes:
        live_id: SmartTrade id.
        generation: Its generation, the latest that is known.
        is_ended: Whether it is known to have ended.
        account_id: Account, or None if that is not known.
    """

    live_id: int
    generation: int
    is_ended: bool
    account_id: int | None = None
