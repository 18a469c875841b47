"""Fee rates of accounts: from reconciler.yaml, else as the API reckons, else assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from reconciler.model.live import LiveTrade
from reconciler.model.risk import FeeBasis, FeeRate

_HUNDRED = Decimal(100)
# Usual fee of spot markets, which is the highest of the usual ones. Source: published examples, `data.commission`.
ASSUMED_FEE = FeeRate(rate=Decimal("0.001"), basis=FeeBasis.ASSUMED)
# A commission above this is no share of the amount. Assumed: no exchange takes more.
_LARGEST_FEE = Decimal("0.1")


def choose_fees(
    accounts: Mapping[str, int], fees_pct: Mapping[str, Decimal], lives: Iterable[LiveTrade]
) -> dict[str, FeeRate]:
    """Choose the fee rate of each account.

    Args:
        accounts: Alias to account id.
        fees_pct: Alias to fee in percent, from reconciler.yaml.
        lives: Live trades; of an account without a fee in the file the highest commission of its trades counts.
    """
    seen: dict[int, Decimal] = {}
    for live in lives:
        if live.commission is not None and live.commission <= _LARGEST_FEE:
            account = live.terms.account_id
            seen[account] = max(live.commission, seen.get(account, live.commission))
    return {alias: _choose(fees_pct.get(alias), seen.get(account)) for alias, account in accounts.items()}


def _choose(percent: Decimal | None, seen: Decimal | None) -> FeeRate:
    if percent is not None:
        return FeeRate(rate=percent / _HUNDRED, basis=FeeBasis.CONFIG)
    return ASSUMED_FEE if seen is None else FeeRate(rate=seen, basis=FeeBasis.LIVE)
