"""A decision about one trade or several, while the plan is being made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.matching.opening import Obstacle
from reconciler.model.live import LiveTrade
from reconciler.model.opening_reasons import OpeningHint
from reconciler.model.operations import Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.planning.operations import Subject

PLAN_LATER = reason(BlockHint.PLAN_LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Decisions about some trades.

    Attributes:
        operations: What would be done, in order.
        blocked: What cannot be done.
        notices: What to know.
    """

    operations: tuple[Operation, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to do and nothing is blocked."""
        return not self.operations and not self.blocked


def block(spec: TradeSpec, live: LiveTrade | None, why: Reason, hint: Reason) -> Decision:
    """Decide to leave a trade unchanged.

    Args:
        spec: What the file wants.
        live: The trade, or None if it does not exist.
        why: Why nothing is done.
        hint: What the user can do.
    """
    return Decision(blocked=(Blocked(trade=spec.name, live_id=live.id if live else None, reason=why, hint=hint),))


def block_changes(subject: Subject, why: Reason, hint: Reason) -> Decision:
    """Decide to leave a trade unchanged, and show what the file asks for.

    Args:
        subject: The trade.
        why: Why nothing is done.
        hint: What the user can do.
    """
    blocked = Blocked(
        trade=subject.spec.name,
        live_id=subject.live.id,
        reason=why,
        hint=hint,
        changes=subject.difference.all,
    )
    return Decision(blocked=(blocked,))


def notice(kind: NoticeKind, name: str, live: LiveTrade | None, found: Reason) -> Notice:
    """Make a notice about one trade.

    Args:
        kind: What it is about.
        name: Name of the trade.
        live: The trade, or None if it does not exist.
        found: What to know.
    """
    return Notice(kind=kind, trade=name, live_id=live.id if live else None, reason=found)


def leave_obstructed(decision: Decision, obstacles: Mapping[str, Obstacle]) -> Decision:
    """Take the operations of trades out of a decision that may not be opened again.

    Args:
        decision: What was decided.
        obstacles: Name of a trade to what is in the way.
    """
    return _leave(decision, {name: (each.reason, each.hint) for name, each in obstacles.items()})


def leave_misfits(decision: Decision, misfits: Mapping[str, Reason]) -> Decision:
    """Take the operations out of a decision that are about live trades with the marker of another one.

    Args:
        decision: What was decided.
        misfits: Name of a trade to how its live trade differs from the one that is meant.
    """
    hint = reason(OpeningHint.REPAIR_BOTH_NOTES)
    return _leave(decision, {name: (found, hint) for name, found in misfits.items()})


def _leave(decision: Decision, reasons: Mapping[str, tuple[Reason, Reason]]) -> Decision:
    left: dict[str, Blocked] = {}
    for operation in decision.operations:
        if operation.trade in reasons and operation.trade not in left:
            why, hint = reasons[operation.trade]
            left[operation.trade] = Blocked(
                trade=operation.trade,
                live_id=operation.precondition.live_id if operation.precondition else None,
                reason=why,
                hint=hint,
                changes=operation.changes,
            )
    kept = tuple(operation for operation in decision.operations if operation.trade not in left)
    return replace(decision, operations=kept, blocked=(*decision.blocked, *left.values()))
