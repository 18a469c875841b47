"""The marker of a live trade: who owns it and what was last applied to it. `codec.note` has its text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest as last applied, and the one a change under way leads to.

    Attributes:
        applied: 8 hex digits.
        pending: 8 hex digits while a change is under way, else None.
    """

    applied: str
    pending: str | None = None

    @property
    def target(self) -> str:
        """The digest when the change under way is done."""
        return self.pending or self.applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """The owner of a live trade, and what was last applied to it.

    Attributes:
        workspace: Name of the workspace.
        name: Name of the trade.
        generation: Generation of the trade, from 1.
        entry: Digest of account, pair, kind and position.
        exits: Digest of leverage, take profit and stop loss.
        averaging_sent: Averaging orders sent so far.
    """

    workspace: str
    name: str
    generation: int
    entry: Digest
    exits: Digest
    averaging_sent: int = 0


class MarkerState(StrEnum):
    """The kind of marker that a note holds."""

    ABSENT = "absent"
    VALID = "valid"
    DAMAGED = "damaged"
    UNKNOWN_VERSION = "unknown_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReading:
    """The owner of a trade, as its note says.

    Attributes:
        state: Whether there is a marker and whether it can be read.
        marker: The marker, when valid.
        text: The note without the marker, stripped.
        damaged_name: The trade's name if a damaged or newer marker still shows it, else None.
        damaged_workspace: The workspace, likewise.
    """

    state: MarkerState
    marker: Marker | None
    text: str
    damaged_name: str | None = None
    damaged_workspace: str | None = None
