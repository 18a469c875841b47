"""The check of what executes at market against the prices at which it was reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from reconciler.applying.endings import end_with
from reconciler.codec.numbers import plain
from reconciler.errors import AccessRefused, RequestRefused, UnreadableAnswer
from reconciler.model.live import LiveTrade, Prices, Rates
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason, reason
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT

RatesReader = Callable[[int, str], Rates]


class PriceCheck:
    """Compares present prices with reviewed ones.

    Args:
        read_rates: Fresh prices of an account's pair.
        limit_pct: How far bid or ask may have moved, in percent of the reviewed price.
    """

    def __init__(self, read_rates: RatesReader, limit_pct: Decimal = DEFAULT_PRICE_MOVED_PCT) -> None:
        self.read_rates = read_rates
        self._limit_pct = limit_pct

    def find_move(self, operation: Operation, live: LiveTrade | None = None) -> Reason | None:
        """Find why an operation does not fit its review any more; None if it does, or does not execute at market.

        Args:
            operation: What would be sent.
            live: The trade that it works on, just read, or None.

        Raises:
            ApiError: The prices cannot be read now.
        """
        if not operation.executes:
            return None
        prices = self._read(operation) or (live.prices if live else None)
        if prices is None:
            return reason(StaleReason.NO_PRICE)
        return find_price_move(operation.reviewed_prices, prices, self._limit_pct)

    def find_stale(self, operations: Iterable[Operation]) -> dict[Operation, Outcome]:
        """Find the creates among some operations that are stale before anything is sent.

        Raises:
            ApiError: The prices cannot be read now.
        """
        stale: dict[Operation, Outcome] = {}
        for operation in operations:
            moved = self.find_move(operation) if operation.precondition is None else None
            if moved is not None:
                stale[operation] = end_with(operation, OutcomeKind.STALE, None, moved)
        return stale

    def _read(self, operation: Operation) -> Prices | None:
        """Read the present prices of its pair; None if the exchange does not know the pair or has no price."""
        terms = operation.after or (operation.precondition.terms if operation.precondition else None)
        if terms is None:
            return None
        try:
            return self.read_rates(terms.account_id, terms.pair).prices
        except AccessRefused:
            raise
        except (RequestRefused, UnreadableAnswer):
            return None


def find_price_move(reviewed: Prices | None, now: Prices, limit_pct: Decimal) -> Reason | None:
    """Find why what executes at market does not fit its review any more; None if it does.

    Args:
        reviewed: The prices that the reviewer saw, or None if the plan holds none.
        now: The present prices.
        limit_pct: How far bid or ask may have moved, in percent of the reviewed price.
    """
    if reviewed is None:
        return reason(StaleReason.NO_REVIEWED_PRICE)
    for name, before, after in (("bid", reviewed.bid, now.bid), ("ask", reviewed.ask, now.ask)):
        shown = {"name": name, "before": plain(before), "now": plain(after)}
        if before <= 0 or after <= 0:
            return reason(StaleReason.PRICE_NOT_POSITIVE, **shown)
        if abs(after - before) * 100 > before * limit_pct:
            moved = f"{abs(after - before) / before * 100:.1f}"
            return reason(StaleReason.PRICE_MOVED, moved=moved, limit=plain(limit_pct), **shown)
    return None
