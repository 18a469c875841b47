"""Money at risk: made by hand for the tests of views, and at random for round trips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from hypothesis import strategies as st

from reconciler.model.forecasts import Forecast
from reconciler.model.reasons import reason
from reconciler.model.risk import (
    FeeBasis,
    FeeRate,
    Level,
    LevelChange,
    LevelKind,
    LevelResult,
    LiquidationBasis,
    LiquidationPrice,
    Money,
    OperationRisk,
    RiskTotals,
    TradeRisk,
    Unknown,
    WorkspaceRisk,
)
from reconciler.model.terms import Side
from tests.support.reasons import any_reasons

Numbers = Mapping[str, str | int]
NO_PRICE = reason(Forecast.LIQUIDATION_UNKNOWN)
_TRADE_NUMBERS = (
    *("leverage", "units", "notional", "margin", "entry_price", "stop_price", "loss_at_stop", "locked_in", "reward"),
    *("reward_risk", "realised", "at_market", "give_back", "fees", "breakeven"),
)
_COUNTS = ("trades", "without_stop", "unknown")


def trade_risk(
    currency: str = "USDT", *, unknown: Sequence[str] = (), has_stop: bool = True, **numbers: str | None
) -> TradeRisk:
    """The money at risk of a trade; what is not named is not known."""
    values = {name: Decimal(number) for name, number in numbers.items() if number is not None}
    return TradeRisk(
        currency=currency,
        has_stop=has_stop,
        unknown=tuple(Unknown(part=part, reason=NO_PRICE) for part in unknown),
        **values,  # type: ignore[arg-type]  # a test names fields of the class
    )


def totals(**numbers: str | int) -> RiskTotals:
    """Sums; what is not named is 0."""
    values = {name: number if name in _COUNTS else Decimal(number) for name, number in numbers.items()}
    return RiskTotals(**values)  # type: ignore[arg-type]  # a test names fields of the class


_numbers = st.none() | st.decimals("-1e9", "1e9", places=8)
_sums = st.decimals("-1e9", "1e9", places=8)
_counts = st.integers(-9, 9)
_words = st.text(max_size=8)
_unknowns = st.builds(Unknown, part=_words, reason=any_reasons())
_trade_risks = st.builds(
    TradeRisk,
    currency=_words,
    pair=_words,
    account_id=st.integers(0, 10**9),
    side=st.sampled_from(Side),
    **dict.fromkeys(("is_contract", "is_instant", "is_held"), st.booleans()),
    **dict.fromkeys(_TRADE_NUMBERS, _numbers),
    liquidation=st.builds(LiquidationPrice, value=_numbers, basis=st.sampled_from(LiquidationBasis)),
    has_stop=st.booleans(),
    may_not_fill=st.booleans(),
    unknown=st.lists(_unknowns, max_size=2).map(tuple),
)
_results = st.none() | st.builds(LevelResult, profit=_numbers, r=_numbers)
_levels = st.builds(
    Level,
    kind=st.sampled_from(LevelKind),
    index=st.none() | st.integers(1, 9),
    price=_numbers,
    distance_pct=_numbers,
    share_pct=_numbers,
    units=_numbers,
    trailing_pct=_numbers,
    order_type=st.sampled_from(["", "market", "limit", "conditional"]),
    before=_results,
    after=_results,
    change=st.sampled_from(LevelChange),
)
_totals = st.builds(
    RiskTotals,
    **dict.fromkeys(_COUNTS, _counts),
    **dict.fromkeys(("notional", "margin", "loss_at_stop", "locked_in", "reward", "fees"), _sums),
    notional_without_stop=_sums,
)
_by_currency = st.dictionaries(_words, _totals, max_size=2)
_amounts = st.dictionaries(_words, _sums, max_size=2)


@st.composite
def any_workspace_risk(draw: st.DrawFn, trades: Sequence[str]) -> WorkspaceRisk:
    """The money at risk of a plan with operations on some trades."""
    operations = [
        OperationRisk(
            trade=trade,
            before=draw(st.none() | _trade_risks),
            after=draw(_trade_risks),
            levels=tuple(draw(st.lists(_levels, max_size=2))),
        )
        for trade in trades
    ]
    return WorkspaceRisk(
        before=draw(_by_currency),
        after=draw(_by_currency),
        change=draw(_by_currency),
        money=Money(
            commits=draw(_amounts),
            frees=draw(_amounts),
            at_market=draw(_amounts),
            unknown=tuple(draw(st.lists(_words, max_size=2))),
        ),
        fees=draw(st.dictionaries(_words, st.builds(FeeRate, rate=_sums, basis=st.sampled_from(FeeBasis)), max_size=2)),
        operations=tuple(operations),
        unknown=draw(st.dictionaries(_words, st.lists(_unknowns, max_size=2).map(tuple), max_size=2)),
    )


def risk_of_two_currencies() -> WorkspaceRisk:
    """Sums of two currencies, one of them with a trade that has no stop."""
    before = {
        "USDT": totals(
            notional="25619.42",
            margin="25619.42",
            loss_at_stop="1109.76",
            reward="3093.73",
            without_stop=1,
            notional_without_stop="1240",
        ),
        "BTC": totals(notional="0.0703519", margin="0.0703519", loss_at_stop="0.0028117", reward="0.00753498"),
    }
    after = {
        "USDT": totals(
            notional="33561.46",
            margin="29625.46",
            loss_at_stop="1289.08",
            locked_in="382.18",
            reward="5331.92",
            without_stop=1,
            notional_without_stop="1240",
        ),
        "BTC": totals(notional="0.0703519", margin="0.0703519", loss_at_stop="0.0028117", reward="0.00678572"),
    }
    return WorkspaceRisk(before=before, after=after)
