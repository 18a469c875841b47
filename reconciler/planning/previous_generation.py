"""End of the last generation of a trade, for the review of a raised generation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.matching.sighting import owned_marker
from reconciler.model.consequences import PreviousGeneration
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Action, Operation


def show_previous(operations: Iterable[Operation], newest: Mapping[str, LiveTrade]) -> tuple[Operation, ...]:
    """Add to each create how the previous generation ended.

    Args:
        operations: What would be done.
        newest: Name to the newest live trade that is known of this name.
    """
    return tuple(_add_previous(operation, newest.get(operation.trade)) for operation in operations)


def _add_previous(operation: Operation, last: LiveTrade | None) -> Operation:
    if operation.action is not Action.CREATE or last is None:
        return operation
    generation = owned_marker(last).generation
    if generation >= operation.generation:
        return operation
    previous = PreviousGeneration(
        generation=generation,
        live_id=last.id,
        status=last.status,
        held_units=max(last.held_units, Decimal(0)),
        profit=last.profit,
    )
    return replace(operation, previous=previous)
