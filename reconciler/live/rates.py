"""Fresh prices right before a write, without asking twice in a moment."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.clock import Clock
from reconciler.live.accounts import read_rates
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.live import Account, Rates


class RatesCache:
    """Fresh rates of pairs, read at most once in a few seconds.

    Args:
        api: Where to read.
        clock: Tells how old a reading is.
        accounts: Account id to account.
    """

    # Between two writes of one pair a price of this age, in seconds, counts as the present one.
    LIFETIME_S = 5.0

    def __init__(self, api: SmartTradeApi, clock: Clock, accounts: Mapping[int, Account]) -> None:
        self._api = api
        self._clock = clock
        self._accounts = accounts
        self._read: dict[tuple[str, str], tuple[float, Rates]] = {}

    def read(self, account_id: int, pair: str) -> Rates:
        """Rates of an account's pair.

        Raises:
            ApiError: The exchange does not know the pair, or cannot be reached.
        """
        market = self._accounts[account_id].market_code
        known = self._read.get((market, pair))
        if known is not None and self._clock.monotonic() - known[0] < self.LIFETIME_S:
            return known[1]
        rates = read_rates(self._api.currency_rates(market, pair))
        self._read[market, pair] = (self._clock.monotonic(), rates)
        return rates
