"""The orders below a SmartTrade, which the API calls its trades."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Source: SmartTrade trades page, `trade_purpose`.
STEP_PURPOSE = "take_profit"
STOP_PURPOSE = "stop_loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOrder:
    """One order of a SmartTrade: its entry, a step, its stop, or one that adds to the position or takes from it.

    Attributes:
        id: Trade id.
        purpose: `position`, `take_profit`, `stop_loss`, `reduce_funds` and others.
        side: `buy` or `sell`.
        order_type: `market` or `limit`.
        status: Status word of the API.
        units: Size in base currency, or None.
        price: Its price or trigger in quote currency, or None.
        filled_units: Executed so far, base currency.
        cancelable: Whether the API offers to cancel it.
    """

    id: int
    purpose: str
    side: str
    order_type: str
    status: str
    units: Decimal | None
    price: Decimal | None
    filled_units: Decimal
    cancelable: bool

    @property
    def is_exit(self) -> bool:
        """Return whether it is a step or the stop, which an update makes again under other ids."""
        return self.purpose in (STEP_PURPOSE, STOP_PURPOSE)
