"""Stage 7b: what a plan makes of each trade, as far as limits ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reconciler.model.field_groups import FieldGroup
from reconciler.model.guardrails import PastTrades
from reconciler.model.operations import COMMITTING_ACTIONS, Action, Effect, Operation
from reconciler.model.risk import OperationRisk, TradeRisk, WorkspaceRisk
from reconciler.model.terms import Terms

_NOTHING = Decimal(0)
# Nothing but these effects lowers risk, or leaves it as it is.
_LOWERING_EFFECTS = frozenset({Effect.PROTECTS, Effect.FREES, Effect.LABELS})
# Endings that the files state, and the marker: whatever their effect is called, they bind no money.
_LOWERING_ACTIONS = frozenset({Action.CLOSE, Action.CANCEL, Action.RELEASE, Action.SET_NOTE, Action.CANCEL_AVERAGING})
_SIZE_GROUPS = frozenset({FieldGroup.POSITION, FieldGroup.LEVERAGE, FieldGroup.AVERAGING, FieldGroup.PAIR})
_LOSS_GROUPS = _SIZE_GROUPS | {FieldGroup.STOP_LOSS}


def lowers_risk(operation: Operation) -> bool:
    """Return whether an operation can only lower risk: no limit holds it back, apart from those that count it."""
    return operation.action in _LOWERING_ACTIONS or _LOWERING_EFFECTS.issuperset(operation.effects)


def commits(operation: Operation) -> bool:
    """Return whether an operation may bind money that was not bound before."""
    if lowers_risk(operation):
        return False
    changed = {change.group for change in operation.changes}
    is_larger = operation.action is Action.UPDATE and bool(changed & _SIZE_GROUPS)
    is_committing = operation.action in COMMITTING_ACTIONS or Effect.COMMITS in operation.effects
    return operation.opens or is_committing or is_larger


def may_raise_loss(operation: Operation) -> bool:
    """Return whether an operation may raise the loss at stop."""
    if lowers_risk(operation):
        return False
    changed = {change.group for change in operation.changes}
    return commits(operation) or Effect.UNPROTECTS in operation.effects or bool(changed & _LOSS_GROUPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeChange:
    """A trade before and after a plan.

    Attributes:
        name: Its name.
        pair: Its pair.
        currency: Currency of its amounts.
        before: Its risk before the plan, or None if it is not there.
        after: Its risk after the plan, or None if it is not there.
        operations: What the plan does to it.
        risks: The risk of each of these operations; None if it is not known.
    """

    name: str
    pair: str
    currency: str
    before: TradeRisk | None
    after: TradeRisk | None
    operations: tuple[Operation, ...] = ()
    risks: tuple[OperationRisk | None, ...] = ()

    @property
    def is_known(self) -> bool:
        """Return whether the risk of all operations is known."""
        return None not in self.risks

    def amount_before(self, part: str) -> Decimal | None:
        """Return an amount before the plan, 0 if the trade is not there; None if it is not known."""
        return _amount_of(self.before, part) if self.is_known else None

    def amount_after(self, part: str) -> Decimal | None:
        """Return an amount after the plan, 0 if the trade is not there; None if it is not known."""
        return _amount_of(self.after, part) if self.is_known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that limits are compared with.

    Attributes:
        operations: What would be done, in the order of the plan.
        changes: All trades that are or would be there.
        accounts: Alias to account id.
        past: Earlier trades of the workspace, or None if they were not read.
    """

    operations: tuple[Operation, ...]
    changes: tuple[TradeChange, ...]
    accounts: Mapping[str, int] = field(default_factory=dict)
    past: PastTrades | None = None


def gather_facts(
    operations: Sequence[Operation],
    risk: WorkspaceRisk,
    accounts: Mapping[str, int],
    past: PastTrades | None = None,
) -> Facts:
    """Gather what limits are compared with.

    Args:
        operations: What would be done, in the order of the plan.
        risk: Money at risk before and after; without an entry for each operation nothing is known of their trades.
        accounts: Alias to account id.
        past: Earlier trades of the workspace, or None if they were not read.
    """
    risks: Sequence[OperationRisk | None] = risk.operations
    if len(risk.operations) != len(operations):
        risks = [None] * len(operations)
    # A name may have two live trades, of which one ends.
    grouped: dict[tuple[str, int | None], list[tuple[Operation, OperationRisk | None]]] = {}
    for operation, found in zip(operations, risks, strict=True):
        grouped.setdefault((operation.trade, operation.live_id), []).append((operation, found))
    changes = [change for (name, _), pairs in grouped.items() for change in _split(_join(name, pairs))]
    changes += [
        TradeChange(name=name, pair=found.pair, currency=found.currency, before=found, after=found)
        for name, found in risk.trades.items()
    ]
    return Facts(operations=tuple(operations), changes=tuple(changes), accounts=accounts, past=past)


def find_terms(operation: Operation) -> Terms | None:
    """Return the terms that hold after an operation, or else those of the trade that it works on."""
    return operation.after or (operation.precondition.terms if operation.precondition else None)


def _join(name: str, parts: Iterable[tuple[Operation, OperationRisk | None]]) -> TradeChange:
    operations, risks = zip(*parts, strict=True)
    first, last = risks[0], risks[-1]
    before, after = first.before if first else None, last.after if last else None
    terms = next((found for found in map(find_terms, operations) if found is not None), None)
    known = after or before
    return TradeChange(
        name=name,
        pair=(known.pair if known else "") or next((each.pair for each in operations if each.pair), ""),
        currency=known.currency if known else (terms.quote if terms else ""),
        before=before,
        after=after,
        operations=operations,
        risks=risks,
    )


def _split(change: TradeChange) -> Iterator[TradeChange]:
    """Return a trade that moves to another pair as one that ends and one that is new."""
    before, after = change.before, change.after
    if before is None or after is None or (before.pair, before.currency) == (after.pair, after.currency):
        yield change
        return
    yield TradeChange(name=change.name, pair=before.pair, currency=before.currency, before=before, after=None)
    yield replace(change, before=None)


def _amount_of(risk: TradeRisk | None, part: str) -> Decimal | None:
    if risk is None:
        return _NOTHING
    if part == "loss_at_stop" and not risk.has_stop:
        # Nothing limits the loss.
        return None
    found = getattr(risk, part)
    return found if isinstance(found, Decimal) else None
