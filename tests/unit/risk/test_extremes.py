"""Odd numbers of an answer never stop a plan: every risk and every level can be computed, or is said to be unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import Phase, Prices
from reconciler.model.markets import Market, MarketKind
from reconciler.model.terms import Leverage, LeverageType, Side
from reconciler.risk.levels import make_levels
from reconciler.risk.state import state_of_live
from reconciler.risk.totals import sum_risks
from reconciler.risk.trade_risk import Rules, measure
from tests.support import builders

NUMBERS = st.sampled_from(["0", "1e-18", "0.00000001", "0.3", "1", "7", "60000", "123456789012345.678", "1e30", "1e59"])
SIZES = st.sampled_from([None, "1", "0.0001", "100"])


@given(
    units=NUMBERS,
    price=NUMBERS,
    total=NUMBERS,
    closed=NUMBERS,
    level=NUMBERS,
    size=SIZES,
    kind=st.sampled_from(MarketKind),
    phase=st.sampled_from(Phase),
    side=st.sampled_from(Side),
    factor=st.sampled_from([None, "0", "1", "125"]),
)
def test_no_number_stops_a_plan(
    *,
    units: str,
    price: str,
    total: str,
    closed: str,
    level: str,
    size: str | None,
    kind: MarketKind,
    phase: Phase,
    side: Side,
    factor: str | None,
) -> None:
    leverage = Leverage(type=LeverageType.ISOLATED, value=None if factor is None else Decimal(factor))
    terms = builders.terms(
        entered_by=builders.entry(price, units, side=side),
        steps=(builders.step(level, 50), builders.step(None, 50, percent=5, trailing=1)),
        stop_loss=builders.stop(level),
        leverage=leverage,
    )
    terms = terms.on(Market(kind=kind, unit_size=None if size is None else Decimal(size)))
    live = builders.live(builders.spec(terms), phase, entered=units, closed=closed)
    number = Decimal(level)
    live = replace(
        live,
        entered_total=Decimal(total),
        closed_total=Decimal(total),
        prices=Prices(bid=number, ask=number, last=number),
    )
    trade = measure(
        state_of_live(live, (AveragingOrder(price=Decimal(price), units=Decimal(units)),)),
        Rules(fee=Decimal("0.1"), maintenance=Decimal("0.005")),
    )
    levels = make_levels(trade, trade, live.prices)
    assert sum_risks([trade.risk])["USDT"].trades == 1
    assert all(number is None or number.is_finite() for number in (trade.risk.loss_at_stop, trade.risk.reward))
    assert all(each.price is None or each.price.is_finite() for each in levels)
