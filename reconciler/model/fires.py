"""The parts of a trade that act at once at some prices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FireKind(StrEnum):
    """The part of a trade that acts.

    Attributes:
        WAITS_FOR_RISE: A conditional entry that does not act yet; the API decides when it takes the order that it waits
            for a higher price.
        WAITS_FOR_FALL: The same for a lower price.
    """

    ENTRY = "position"
    WAITS_FOR_RISE = "position waits for a rise"
    WAITS_FOR_FALL = "position waits for a fall"
    STOP = "stop_loss"
    STEP = "take_profit.steps"
    AVERAGING = "averaging"


@dataclass(frozen=True, slots=True)
class Fire:
    """A part of a trade that acts at once.

    Attributes:
        kind: Which part.
        step_index: Index of a take-profit step in the terms, from 0; None for all other kinds.
    """

    kind: FireKind
    step_index: int | None = None

    def __str__(self) -> str:
        return self.kind.value if self.step_index is None else f"{self.kind.value}[{self.step_index}]"


ENTRY_FIRES = Fire(FireKind.ENTRY)
WAITS_FOR_RISE = Fire(FireKind.WAITS_FOR_RISE)
WAITS_FOR_FALL = Fire(FireKind.WAITS_FOR_FALL)
STOP_FIRES = Fire(FireKind.STOP)
AVERAGING_FIRES = Fire(FireKind.AVERAGING)
