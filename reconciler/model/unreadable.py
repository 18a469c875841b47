"""Fields of a live trade that cannot be read, and what depends on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of a live trade that may be unknown while the others are known.

    Attributes:
        ACCOUNT: The account.
        PAIR: The pair.
        KIND: Whether it is a simple trade, or one of own funds.
        ENTRY: Side, size and price of the entry.
        LEVERAGE: The leverage.
        STEPS: The take-profit steps.
        STOP: The stop loss and its status.
        STATUS: The status word of the trade.
        FILLS: What was entered and closed, and the orders that did it.
        FLAGS: Whether it can be closed or cancelled now.
        NOTE: The note.
        FIGURES: What is only shown: profit, prices, instants.
    """

    ACCOUNT = "account"
    PAIR = "pair"
    KIND = "kind"
    ENTRY = "entry"
    LEVERAGE = "leverage"
    STEPS = "steps"
    STOP = "stop"
    STATUS = "status"
    FILLS = "fills"
    FLAGS = "flags"
    NOTE = "note"
    FIGURES = "figures"


# What says which trade it is: without one of these it may be any trade of the same place.
IDENTITY_PARTS = frozenset({Part.ACCOUNT, Part.PAIR, Part.KIND, Part.ENTRY})
# What a file states. Without one of these a live trade cannot be compared with its file.
TERMS_PARTS = IDENTITY_PARTS | {Part.LEVERAGE, Part.STEPS, Part.STOP}
# What the held size is made from.
SIZE_PARTS = frozenset({Part.KIND, Part.ENTRY, Part.FILLS})
# Without one of these nothing is changed by a plan; a trade can still be closed and cancelled.
CHANGE_PARTS = TERMS_PARTS | {Part.STATUS, Part.FILLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A field that cannot be read.

    Attributes:
        part: The part of the trade that is unknown for that.
        field: Path of the field in the entity.
        problem: Why it cannot be read; names the field.
    """

    part: Part
    field: str
    problem: str
