"""Money at risk of live trades as they are, without any operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.risk import TradeRisk
from reconciler.risk.fees import ASSUMED_FEE
from reconciler.risk.plan_risk import Seen
from reconciler.risk.state import TradeState
from reconciler.risk.trade_risk import Measured, Rules, measure


def measure_lives(
    lives: Mapping[str, LiveTrade], seen: Seen, rules: Mapping[int, Rules], prices: Mapping[int, Prices]
) -> dict[str, TradeRisk]:
    """Measure the money at risk of active trades, by name; trades that have ended are left out.

    Args:
        lives: Name to live trade.
        seen: Averaging orders and prices.
        rules: Account id to its fee and margin.
        prices: SmartTrade id to the prices of its pair, for trades that came without.
    """
    found: dict[str, TradeRisk] = {}
    for name, live in lives.items():
        if live.phase is not Phase.ENDED:
            priced = live if live.prices is not None else replace(live, prices=prices.get(live.id))
            found[name] = measure_state(seen.state_of(name, priced), rules).risk
    return found


def measure_state(state: TradeState, rules: Mapping[int, Rules]) -> Measured:
    """Measure a trade in one state; of an account without figures the usual fee is assumed.

    Args:
        state: The trade.
        rules: Account id to its fee and margin.
    """
    return measure(state, rules.get(state.terms.account_id) or Rules(fee=ASSUMED_FEE.rate))


def find_r_now(risk: TradeRisk) -> Decimal | None:
    """Return the result of closing a position now, in multiples of its loss at stop; None if either is not known."""
    if risk.at_market is None or not risk.loss_at_stop:
        return None
    return risk.at_market / risk.loss_at_stop
