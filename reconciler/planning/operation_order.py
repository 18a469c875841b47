"""The order in which the operations of a plan are carried out."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.operations import Action, Effect, Operation

_RANKS = {
    Effect.PROTECTS: 0,
    Effect.FREES: 1,
    Effect.REPRICES: 2,
    Effect.UNPROTECTS: 3,
    Effect.LABELS: 4,
    Effect.COMMITS: 5,
    Effect.EXECUTES: 5,
}
_CLOSE_RANK = 1
_AVERAGING_RANK = 6


def order_operations(planned: Iterable[tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Order the operations of a plan: what protects first, what adds to a position last.

    Args:
        planned: The operations of each trade, in sequence; they stay in this sequence, but for those that add funds,
            which come after all else, of other trades too.
    """
    groups = [group for operations in planned for group in _split(operations) if group]
    ranked = sorted(groups, key=lambda group: min(map(_rank, group)))
    return tuple(operation for group in ranked for operation in group)


def _split(operations: tuple[Operation, ...]) -> tuple[tuple[Operation, ...], ...]:
    adding = [operation.action is Action.ADD_FUNDS for operation in operations]
    first = adding.index(True) if True in adding else len(adding)
    return operations[:first], operations[first:]


def _rank(operation: Operation) -> int:
    if operation.action is Action.ADD_FUNDS:
        return _AVERAGING_RANK
    is_close = operation.destroys and operation.executes and not operation.opens
    return _CLOSE_RANK if is_close else _RANKS[operation.effect]
