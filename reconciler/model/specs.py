"""The trades that the files want."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.model.averaging import AveragingOrder
from reconciler.model.lifecycle import NO_LIFECYCLE, Lifecycle
from reconciler.model.terms import Terms


class DesiredState(StrEnum):
    """The goal for a trade (`state` in the file)."""

    OPEN = "open"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Position in a file.

    Attributes:
        file: Path as the user would type it.
        line: Line, from 1.
        column: Column, from 1.
    """

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeSpec:
    """One desired SmartTrade, short forms and defaults resolved.

    Attributes:
        name: Key of the trade, unique in the workspace.
        generation: From 1; raised to open the trade again after it ended.
        state: The goal.
        terms: The inputs.
        unallocated_pct: Share of the position in percent that states to have no step; steps and this make 100.
        note: The user's own text, without the marker; empty when there is none.
        origin: Where the name is written.
        averaging: Orders that add to the position once it is held, with distinct prices.
        former_names: Names that it had before, by `moved`, the latest first.
        lifecycle: The changes that must not, and those that need not, be made to it.
    """

    name: str
    generation: int
    state: DesiredState
    terms: Terms
    unallocated_pct: Decimal
    note: str
    origin: Origin
    averaging: tuple[AveragingOrder, ...] = ()
    former_names: tuple[str, ...] = ()
    lifecycle: Lifecycle = NO_LIFECYCLE


def map_renames(specs: Iterable[TradeSpec]) -> dict[str, str]:
    """Return former name to present name, for all trades that were moved."""
    return {former: spec.name for spec in specs for former in spec.former_names}
