"""A decision about one trade or several, while the plan is being made."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.live import LiveTrade
from reconciler.model.plan import Blocked, Notice, Operation
from reconciler.model.specs import TradeSpec
from reconciler.planning.operations import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
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


def block(spec: TradeSpec, live: LiveTrade | None, reason: str, hint: str) -> Draft:
    """A draft that leaves a trade alone."""
    return Draft(blocked=(Blocked(trade=spec.name, live_id=live.id if live else None, reason=reason, hint=hint),))


def block_changes(subject: Subject, reason: str, hint: str) -> Draft:
    """A draft that leaves a trade alone and shows what the file asks for."""
    blocked = Blocked(
        trade=subject.spec.name,
        live_id=subject.live.id,
        reason=reason,
        hint=hint,
        changes=subject.difference.all,
    )
    return Draft(blocked=(blocked,))
