"""Consequences of an operation: exits that fire, the liquidation price, and the prices of the review."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.model.fires import Fire
from reconciler.model.terms import Side

_ALL_PCT = Decimal(100)
# An operation that closes at least this share counts as a close: a rest of one per cent is not a position. Assumed.
CLOSE_FROM_PCT = Decimal(90)


class Moment(StrEnum):
    """Time at which exits fire.

    Attributes:
        NOW: As soon as the operation is carried out, at the present prices.
        AFTER_ENTRY: As soon as the waiting entry fills, at its own price.
    """

    NOW = "now"
    AFTER_ENTRY = "after_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A position, or a part of one, that is sold or bought back by what an operation leads to.

    Attributes:
        moment: When.
        parts: What does it: the stop or steps; empty if it is closed at market.
        side: Side of the order that closes: sell for a long position.
        share_pct: Share of what is held then, in percent.
        units: How much, in base currency.
        price: At about which price, in quote currency, or None if no price is known.
        result: Profit or loss on what is closed, in quote currency, before fees, or None if it is not known.
    """

    moment: Moment
    parts: tuple[Fire, ...]
    side: Side
    share_pct: Decimal
    units: Decimal
    price: Decimal | None
    result: Decimal | None

    @property
    def is_whole(self) -> bool:
        """Return whether nothing of the position is left."""
        return self.share_pct >= _ALL_PCT

    @property
    def counts_as_close(self) -> bool:
        """Return whether so little is left that it is a close."""
        return self.share_pct >= CLOSE_FROM_PCT


class Basis(StrEnum):
    """Source of a liquidation price.

    Attributes:
        ESTIMATED: From entry price and factor of an isolated position, without the maintenance margin.
        UNKNOWN: It depends on what cannot be seen: the balance of a cross account, a factor that the exchange chooses.
    """

    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidation:
    """Price at which the exchange would close a position by force.

    Attributes:
        basis: How that is known.
        price: In quote currency, or None if it is not known.
        stop: Price at which the stop acts, in quote currency, or None without one, or if only a percentage is known.
        is_before_stop: Whether it is reached before the stop, or may be; None without a stop, or if it is not known.
    """

    basis: Basis
    price: Decimal | None
    stop: Decimal | None
    is_before_stop: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousGeneration:
    """End of the previous generation of a trade, if its generation was raised.

    Attributes:
        generation: Its number.
        live_id: SmartTrade id.
        status: Status word of the API.
        held_units: Coins that were entered and not closed, in base currency: no stop protects them.
        profit: Profit in quote currency, or None.
    """

    generation: int
    live_id: int
    status: str
    held_units: Decimal
    profit: Decimal | None
