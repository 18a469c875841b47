"""The danger of operations: which one a reviewer must see first. The order of execution is another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.danger import Danger
from reconciler.model.fires import AVERAGING_FIRES, ENTRY_FIRES
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.plan import Blocked, NoticeKind, Plan
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import OrderType, Terms

_EFFECTS = {
    Effect.COMMITS: Danger.OPENS,
    Effect.EXECUTES: Danger.ENTERS_NOW,
    Effect.REPRICES: Danger.REPRICES,
    Effect.UNPROTECTS: Danger.UNPROTECTS,
    Effect.PROTECTS: Danger.PROTECTS,
    Effect.FREES: Danger.FREES,
    Effect.LABELS: Danger.LABELS,
}
_EDITED = (Cause.DRIFT, Cause.FILE_AND_DRIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOperations:
    """The operations of one trade.

    Attributes:
        trade: Name of the trade.
        danger: Rank of the most dangerous one.
        operations: In the order in which they are carried out.
        risks: Money at risk before and after each of them, in the same order.
    """

    trade: str
    danger: Danger
    operations: tuple[Operation, ...]
    risks: tuple[OperationRisk, ...]

    @property
    def risk(self) -> OperationRisk:
        """Money at risk before the first and after the last operation."""
        return OperationRisk(trade=self.trade, before=self.risks[0].before, after=self.risks[-1].after)


def rank_danger(operation: Operation) -> Danger:
    """Return the rank of an operation: that of the most dangerous thing that it does."""
    return min(_find_ranks(operation))


def count_dangerous(plan: Plan) -> int:
    """Count the trades of which an operation ranks high, or whose stop should protect and is not active."""
    named = {operation.trade for operation in plan.operations if rank_danger(operation).is_high}
    lost = {notice.trade or notice.live_id for notice in plan.notices if notice.kind is NoticeKind.LOSS}
    return len(named | lost)


def group_by_danger(plan: Plan) -> tuple[TradeOperations, ...]:
    """Group the operations of a plan by trade, the most dangerous trade first.

    Within a rank the trade comes first whose loss at stop grows most; currencies are not compared with each other, so
    each has its own turn, by name.
    """
    known = dict(enumerate(plan.risk.operations))
    operations: Mapping[str, list[tuple[Operation, OperationRisk]]] = defaultdict(list)
    for place, operation in enumerate(plan.operations):
        operations[operation.trade].append((operation, known.get(place, OperationRisk(trade=operation.trade))))
    groups = [
        TradeOperations(
            trade=trade,
            danger=min(rank_danger(operation) for operation, _ in pairs),
            operations=tuple(operation for operation, _ in pairs),
            risks=tuple(risk for _, risk in pairs),
        )
        for trade, pairs in operations.items()
    ]
    return tuple(sorted(groups, key=_sort_key))


def sort_blocked(blocked: Iterable[Blocked]) -> tuple[Blocked, ...]:
    """Sort trades that nothing is done for: those that are live first, since they can lose something, then by name."""
    return tuple(sorted(blocked, key=lambda each: (each.live_id is None, each.trade, each.live_id or 0)))


def find_loss_growth(risk: OperationRisk) -> Decimal | None:
    """Return by how much an operation raises the loss at stop; None if one side of it is not known."""
    losses = [Decimal(0) if side is None else side.loss_at_stop for side in (risk.before, risk.after)]
    before, after = losses
    return None if before is None or after is None else after - before


def _find_ranks(operation: Operation) -> Sequence[Danger]:
    ranks = [_EFFECTS[effect] for effect in operation.effects]
    if operation.action is Action.CLOSE or operation.closing is not None or operation.closes:
        ranks.append(Danger.CLOSES)
    if operation.cause is Cause.LOSS:
        ranks.append(Danger.LOSS)
    if operation.opens:
        ranks.append(_rank_opening(operation))
    if operation.action is Action.ADD_FUNDS:
        # Its money is committed, which says less than the action.
        ranks = [rank for rank in ranks if rank is not Danger.OPENS]
        ranks.append(Danger.ENTERS_NOW if AVERAGING_FIRES in operation.fires else Danger.AVERAGES)
    if operation.cause in _EDITED:
        ranks.append(Danger.REPRICES)
    return ranks


def _rank_opening(operation: Operation) -> Danger:
    after = operation.after
    if after is not None and _enters_now(operation, after):
        return Danger.ENTERS_NOW
    if after is not None and after.leverage is not None and not after.market.ignores_leverage:
        return Danger.OPENS_LEVERAGED
    return Danger.REPLACES if operation.action is Action.REPLACE else Danger.OPENS


def _enters_now(operation: Operation, after: Terms) -> bool:
    is_market = after.entry.order_type is OrderType.MARKET and not after.skip_enter_step
    return is_market or ENTRY_FIRES in operation.fires


def _sort_key(group: TradeOperations) -> tuple[Danger, str, Decimal, str]:
    sides = (group.risk.before, group.risk.after)
    currencies = sorted({side.currency for side in sides if side is not None})
    growth = find_loss_growth(group.risk)
    # What is not known comes before all that is: it may be the largest.
    return group.danger, ",".join(currencies), Decimal("-Infinity") if growth is None else -growth, group.trade
