"""The groups of fields of a trade, by the first part of a path in the shape of the API body."""

from __future__ import annotations

from enum import StrEnum

# Not a field of the body: listed as a change if an update makes an inactive stop active again.
STOP_STATUS_PATH = "stop_loss.status"
# The level at which a stop acts, and the price that it watches.
STOP_TRIGGER_PATH = "stop_loss.conditional.price"


class FieldGroup(StrEnum):
    """The part of a trade that a field belongs to.

    Attributes:
        UNKNOWN: A path that this version does not know.
    """

    ACCOUNT = "account_id"
    PAIR = "pair"
    INSTANT = "instant"
    OWN_FUNDS = "skip_enter_step"
    POSITION = "position"
    LEVERAGE = "leverage"
    TAKE_PROFIT = "take_profit"
    STOP_LOSS = "stop_loss"
    AVERAGING = "averaging"
    NOTE = "note"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, path: str) -> FieldGroup:
        """Return the group of a field.

        Args:
            path: In the shape of the API body, for example `take_profit.steps[0].volume`.
        """
        return _BY_NAME.get(path.partition(".")[0].partition("[")[0], cls.UNKNOWN)


_BY_NAME = {group.value: group for group in FieldGroup}

# What says which trade it is and how it is entered; the digest of the entry is taken of these.
ENTRY_GROUPS = (
    FieldGroup.ACCOUNT,
    FieldGroup.PAIR,
    FieldGroup.INSTANT,
    FieldGroup.OWN_FUNDS,
    FieldGroup.POSITION,
)
# What can be changed after the entry; the digest of the exits is taken of these.
EXIT_GROUPS = (FieldGroup.LEVERAGE, FieldGroup.TAKE_PROFIT, FieldGroup.STOP_LOSS)
