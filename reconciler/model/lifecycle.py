"""The changes that a trade's file forbids, and those that it leaves to others (`lifecycle` in the file)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Prevented(StrEnum):
    """A change that must not be planned for a trade: an operation, or an effect of any operation.

    Operations that protect a position, or that only write the note, cannot be prevented.
    """

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    CANCEL = "cancel"
    CANCEL_STEP = "cancel_step"
    CLOSE = "close"
    RELEASE = "release"
    ADD_FUNDS = "add_funds"
    CANCEL_AVERAGING = "cancel_averaging"
    COMMITS = "commits"
    EXECUTES = "executes"
    FREES = "frees"
    REPRICES = "reprices"
    UNPROTECTS = "unprotects"


class Ignored(StrEnum):
    """A field whose difference between file and live trade is left as it is.

    The entry is not among them: it shows which trade this is.
    """

    LEVERAGE = "leverage"
    NOTE = "note"
    STOP_LOSS = "stop_loss"
    BREAKEVEN = "stop_loss.breakeven"
    TRIGGER = "stop_loss.conditional"
    TRIGGER_PRICE = "stop_loss.conditional.price"
    TRIGGER_TRAILING = "stop_loss.conditional.trailing"
    STOP_PRICE = "stop_loss.price"
    TIMEOUT = "stop_loss.timeout"
    TAKE_PROFIT = "take_profit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The changes that must not, and those that need not, be made to a trade.

    Attributes:
        prevent: Operations and effects that are blocked.
        ignored: Fields that are left as they are on a live trade; a create takes them from the file.
    """

    prevent: frozenset[Prevented] = frozenset()
    ignored: frozenset[Ignored] = frozenset()


NO_LIFECYCLE = Lifecycle()
