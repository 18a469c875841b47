"""Words for the end of a trade: one title for every status of an ended trade."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.statuses import TradeStatus

ENDING_TITLES: Mapping[str, str] = {
    TradeStatus.CANCELLED: "cancelled",
    TradeStatus.FAILED: "failed",
    TradeStatus.FINISHED: "finished",
    TradeStatus.LIQUIDATED: "liquidated",
    TradeStatus.PANIC_SOLD: "closed at market",
    TradeStatus.SETTLED: "settled",
    TradeStatus.STOP_LOSS_FINISHED: "stopped out",
}


def ending_title(status: str) -> str:
    """Return the title of a status of an ended trade; an unknown status is its own title."""
    return ENDING_TITLES.get(status, status)
