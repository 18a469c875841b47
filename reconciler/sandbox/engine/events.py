"""Events on demand: something that the exchange does once to an order, scheduled beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.errors import InvalidEvent
from reconciler.sandbox.values.statuses import INACTIVE_STOP_STATUSES

WHOLE_PCT = Decimal(100)


class EventKind(StrEnum):
    """Kinds of events that can be scheduled.

    `refuse`: the exchange refuses the entry, and the trade ends `failed` with the text given.
    `fill_on_cancel`: a limit order that is being cancelled fills first, by this percentage of what is left of it.
    `kill_stop`: the stop takes the status given instead of becoming active.
    """

    REFUSE = "refuse"
    FILL_ON_CANCEL = "fill_on_cancel"
    KILL_STOP = "kill_stop"


# Texts of refusals that have a short name. Source: the second is published; the others are assumed.
REFUSALS: Mapping[str, str] = {
    "no_balance": "Insufficient funds: the balance of the account is too low",
    "kyc": "You need to pass KYC on the exchange to trade on this pair",
    "pair_closed": "Trading on this pair is closed",
}


def check_event(kind: str, value: str | None) -> tuple[EventKind, str]:
    """Check an event, and return its kind and value as they are stored.

    Args:
        kind: Name of the kind.
        value: A short name or the text of a refusal, a percentage, or the status of an inactive stop; None for the
            default.

    Raises:
        InvalidEvent: There is no such kind, or it cannot have this value.
    """
    try:
        found = EventKind(kind)
    except ValueError:
        raise InvalidEvent(f"unknown event {kind!r}: expected {', '.join(EventKind)}") from None
    if found is EventKind.REFUSE:
        return found, REFUSALS.get(value or "no_balance", value or "")
    if found is EventKind.FILL_ON_CANCEL:
        percent = WHOLE_PCT if value is None else read_decimal(value)
        if percent is None or not 0 < percent <= WHOLE_PCT:
            raise InvalidEvent(f"fill_on_cancel cannot be {value!r}: expected percent above 0 and up to 100")
        return found, str(percent)
    status = value or "failed"
    if status not in INACTIVE_STOP_STATUSES:
        raise InvalidEvent(f"kill_stop cannot be {value!r}: expected {', '.join(sorted(INACTIVE_STOP_STATUSES))}")
    return found, status
