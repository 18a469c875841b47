"""Prices and limits of pairs, without asking twice in a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reconciler.clock import Clock
from reconciler.errors import AccessRefused, RequestRefused, UnreadableAnswer
from reconciler.live.accounts import read_rates
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.live import RATES_LIFETIME_S, Account, Rates


def read_account_rates(api: SmartTradeApi, account: Account, pair: str) -> Rates:
    """Read the rates of an account's pair; those of contracts with leverages and the size of a contract.

    That takes one request, and a second one only for contracts: if the first is refused, or if only its answer shows
    that the pair is a contract.

    Args:
        api: Where to read.
        account: One of the key.
        pair: QUOTE_BASE.

    Raises:
        ApiError: The exchange does not know the pair, or cannot be reached.
    """
    market = account.market_code
    with_leverages = _try_leverages(api, market, pair) if account.takes_contracts else None
    if with_leverages is not None:
        return with_leverages
    rates = read_rates(api.currency_rates(market, pair), market, pair)
    if account.takes_contracts is None and rates.market.is_contract and rates.market.unit_size is None:
        return _try_leverages(api, market, pair) or rates
    return rates


def _try_leverages(api: SmartTradeApi, market: str, pair: str) -> Rates | None:
    """Read rates with leverages; None if only the plain ones can be read, which matter more."""
    try:
        return read_rates(api.currency_rates_with_leverage_data(market, pair), market, pair)
    except AccessRefused:
        raise
    except (RequestRefused, UnreadableAnswer):
        return None


class PairRates:
    """Rates of pairs, each read at most once in its lifetime.

    Args:
        api: Where to read.
        clock: Says how old a reading is.
        accounts: Account id to account.
        lifetime_s: How long a reading counts, in seconds; infinite for one plan or one survey.
    """

    def __init__(
        self, api: SmartTradeApi, clock: Clock, accounts: Mapping[int, Account], lifetime_s: float = RATES_LIFETIME_S
    ) -> None:
        self._api = api
        self._clock = clock
        self._accounts = accounts
        self._lifetime_s = lifetime_s
        # Market and pair to the time of reading and what was read.
        self._read: dict[tuple[str, str], tuple[float, Rates]] = {}
        self._times: dict[tuple[str, str], datetime] = {}
        self._refused: set[tuple[str, str]] = set()
        # Account id and pair to why their rates cannot be read.
        self.unread: dict[tuple[int, str], str] = {}

    def read(self, account_id: int, pair: str) -> Rates:
        """Read the rates of an account's pair.

        Raises:
            ApiError: The exchange does not know the pair, or cannot be reached.
        """
        market = self._accounts[account_id].market_code
        known = self._read.get((market, pair))
        if known is not None and self._clock.monotonic() - known[0] < self._lifetime_s:
            return known[1]
        rates = read_account_rates(self._api, self._accounts[account_id], pair)
        self._read[market, pair] = (self._clock.monotonic(), rates)
        self._times[market, pair] = self._clock.now()
        return rates

    def find(self, account_id: int, pair: str) -> Rates | None:
        """Read the rates of an account's pair; None if the account is unknown or the exchange refuses the pair.

        If the answer cannot be read, `unread` says why: that is no reason to stop for other pairs.

        Raises:
            ApiError: The exchange cannot be reached, or the key may not ask it.
        """
        account = self._accounts.get(account_id)
        is_in_vain = (account_id, pair) in self.unread
        if account is None or not account.market_code or is_in_vain or (account.market_code, pair) in self._refused:
            return None
        try:
            return self.read(account_id, pair)
        except AccessRefused:
            raise
        except RequestRefused:
            self._refused.add((account.market_code, pair))
            return None
        except UnreadableAnswer as error:
            self.unread[account_id, pair] = error.message
            return None

    def find_time(self, account_id: int, pair: str) -> datetime | None:
        """Return when the rates of an account's pair were read; None if they were not."""
        account = self._accounts.get(account_id)
        return None if account is None else self._times.get((account.market_code, pair))
