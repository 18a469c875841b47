"""A decision about one trade or several, while the plan is being made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.matching.opening import Obstacle
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.plan import Blocked, Notice
from reconciler.model.specs import TradeSpec
from reconciler.planning.operations import Subject


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
        """Whether nothing is to be done and nothing blocked."""
        return not self.operations and not self.blocked


def block(spec: TradeSpec, live: LiveTrade | None, reason: str, hint: str) -> Decision:
    """A decision that leaves a trade alone."""
    return Decision(blocked=(Blocked(trade=spec.name, live_id=live.id if live else None, reason=reason, hint=hint),))


def block_changes(subject: Subject, reason: str, hint: str) -> Decision:
    """A decision that leaves a trade alone and shows what the file asks for."""
    blocked = Blocked(
        trade=subject.spec.name,
        live_id=subject.live.id,
        reason=reason,
        hint=hint,
        changes=subject.difference.all,
    )
    return Decision(blocked=(blocked,))


def leave_obstructed(decision: Decision, obstacles: Mapping[str, Obstacle]) -> Decision:
    """A decision without the operations of trades that may not be opened once more.

    Args:
        decision: What was decided.
        obstacles: Name of a trade to what is in the way.
    """
    return _leave(decision, {name: (each.reason, each.hint) for name, each in obstacles.items()})


def leave_misfits(decision: Decision, reasons: Mapping[str, str]) -> Decision:
    """A decision without the operations on live trades that carry the marker of another one.

    Args:
        decision: What was decided.
        reasons: Name of a trade to how its live trade differs from the one that is meant.
    """
    hint = (
        "if somebody copied the marker into another trade, repair both notes in 3Commas (`reconciler journal export`"
        " has them), then plan again"
    )
    return _leave(decision, {name: (reason, hint) for name, reason in reasons.items()})


def _leave(decision: Decision, reasons: Mapping[str, tuple[str, str]]) -> Decision:
    left: dict[str, Blocked] = {}
    for operation in decision.operations:
        if operation.trade in reasons and operation.trade not in left:
            reason, hint = reasons[operation.trade]
            left[operation.trade] = Blocked(
                trade=operation.trade,
                live_id=operation.precondition.live_id if operation.precondition else None,
                reason=reason,
                hint=hint,
                changes=operation.changes,
            )
    kept = tuple(operation for operation in decision.operations if operation.trade not in left)
    return replace(decision, operations=kept, blocked=(*decision.blocked, *left.values()))
