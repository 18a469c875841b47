"""Checks of a live trade after an operation: it has ended, its stop is active, a new trade has settled."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.live import LiveTrade, Phase
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.statuses import TradeStatus

NO_REASON_GIVEN = "no reason given"


def has_ended(live: LiveTrade) -> bool:
    """Return whether the trade is over."""
    return live.phase is Phase.ENDED


def is_protected(live: LiveTrade) -> bool:
    """Return whether no position is held without the stop that it should have."""
    return live.phase is not Phase.OPEN or not live.lacks_active_stop


def is_confirmed(live: LiveTrade) -> bool:
    """Return whether a new trade has left `created` and, if its position is held, its stop is active."""
    return live.phase is not Phase.BUSY and is_protected(live)


def filled_units(live: LiveTrade) -> Decimal:
    """Return what the market has filled and nothing has closed, in base currency; own funds do not count."""
    return live.entered_units - live.closed_units


def describe_end(live: LiveTrade) -> Reason:
    """Describe how a trade ended, with its profit if the API has one."""
    if live.profit is None:
        return reason(OutcomeReason.ENDED, status=live.status)
    return reason(OutcomeReason.ENDED, status=live.status, profit=Amount(live.profit, live.terms.quote))


def has_failed(live: LiveTrade) -> bool:
    """Return whether the API gave the trade up."""
    return live.status == TradeStatus.FAILED
