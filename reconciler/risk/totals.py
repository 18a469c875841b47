"""Sums of risk by currency, never converted.

They are exact: change is what makes `before` to `after`, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, localcontext

from reconciler.model.risk import RiskTotals, TradeRisk

# More digits than any sum has: worths in coins have 28 behind a point that is far to the left.
EXACT = Context(prec=120)
_ZERO = Decimal(0)


def sum_risks(risks: Iterable[TradeRisk]) -> dict[str, RiskTotals]:
    """Sum up the risk of trades, by currency. What is not known is in no sum.

    Args:
        risks: Of trades.
    """
    by_currency: dict[str, list[TradeRisk]] = {}
    for risk in risks:
        by_currency.setdefault(risk.currency, []).append(risk)
    with localcontext(EXACT):
        return {currency: _sum(by_currency[currency]) for currency in sorted(by_currency)}


def add_totals(first: Mapping[str, RiskTotals], second: Mapping[str, RiskTotals]) -> dict[str, RiskTotals]:
    """Add two sums by currency."""
    with localcontext(EXACT):
        return {each: _join(_of(first, each), _of(second, each), 1) for each in sorted({*first, *second})}


def subtract_totals(after: Mapping[str, RiskTotals], before: Mapping[str, RiskTotals]) -> dict[str, RiskTotals]:
    """Subtract sums before from sums after, by currency."""
    with localcontext(EXACT):
        return {each: _join(_of(after, each), _of(before, each), -1) for each in sorted({*after, *before})}


def _of(totals: Mapping[str, RiskTotals], currency: str) -> RiskTotals:
    return totals.get(currency, RiskTotals())


def _sum(risks: Iterable[TradeRisk]) -> RiskTotals:
    trades = tuple(risks)
    bare = [risk for risk in trades if not risk.has_stop]
    return RiskTotals(
        trades=len(trades),
        notional=_add(risk.notional for risk in trades),
        margin=_add(risk.margin for risk in trades),
        loss_at_stop=_add(risk.loss_at_stop for risk in trades),
        locked_in=_add(risk.locked_in for risk in trades),
        reward=_add(risk.reward for risk in trades),
        fees=_add(risk.fees for risk in trades),
        without_stop=len(bare),
        notional_without_stop=_add(risk.notional for risk in bare),
        unknown=sum(bool(risk.unknown) for risk in trades),
    )


def _add(numbers: Iterable[Decimal | None]) -> Decimal:
    return sum((number for number in numbers if number), _ZERO)


def _join(first: RiskTotals, second: RiskTotals, sign: int) -> RiskTotals:
    return RiskTotals(
        trades=first.trades + sign * second.trades,
        notional=first.notional + sign * second.notional,
        margin=first.margin + sign * second.margin,
        loss_at_stop=first.loss_at_stop + sign * second.loss_at_stop,
        locked_in=first.locked_in + sign * second.locked_in,
        reward=first.reward + sign * second.reward,
        fees=first.fees + sign * second.fees,
        without_stop=first.without_stop + sign * second.without_stop,
        notional_without_stop=first.notional_without_stop + sign * second.notional_without_stop,
        unknown=first.unknown + sign * second.unknown,
    )
