"""Whether what executes at market still meets the prices at which it was reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from reconciler.diffing.firing import find_price_move
from reconciler.errors import AccessRefused, RequestRefused, UnreadableAnswer
from reconciler.model.live import LiveTrade, Prices, Rates
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT

RatesReader = Callable[[int, str], Rates]


class PriceCheck:
    """Compares present prices with reviewed ones.

    Args:
        read_rates: Fresh prices of an account's pair.
        limit_pct: How far bid or ask may have moved, in percent of the reviewed price.
    """

    def __init__(self, read_rates: RatesReader, limit_pct: Decimal = DEFAULT_PRICE_MOVED_PCT) -> None:
        self._read_rates = read_rates
        self._limit_pct = limit_pct

    def find_move(self, operation: Operation, live: LiveTrade | None = None) -> str:
        """Why an operation does not fit its review any more; empty where it does, or does not execute at market.

        Args:
            operation: What would be sent.
            live: The trade that it works on, just read, or None.

        Raises:
            ApiError: The prices cannot be read now.
        """
        if not operation.executes:
            return ""
        prices = self._read(operation) or (live.prices if live else None)
        if prices is None:
            return "it executes at market, and the exchange names no price of its pair now; plan again"
        return find_price_move(operation.reviewed_prices, prices, self._limit_pct)

    def find_stale(self, operations: Iterable[Operation]) -> dict[Operation, Outcome]:
        """The creates among some operations that are stale before anything is sent.

        Raises:
            ApiError: The prices cannot be read now.
        """
        stale: dict[Operation, Outcome] = {}
        for operation in operations:
            moved = self.find_move(operation) if operation.precondition is None else ""
            if moved:
                stale[operation] = Outcome(operation=operation, kind=OutcomeKind.STALE, live_id=None, text=moved)
        return stale

    def _read(self, operation: Operation) -> Prices | None:
        """The present prices of its pair, None where the exchange does not know it or names none."""
        terms = operation.after or (operation.precondition.terms if operation.precondition else None)
        if terms is None:
            return None
        try:
            return self._read_rates(terms.account_id, terms.pair).prices
        except AccessRefused:
            raise
        except (RequestRefused, UnreadableAnswer):
            return None
