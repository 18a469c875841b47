"""Money at risk as JSON: numbers are text, every key is always there, and what is not known is null with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.codec.reasons import write_reason
from reconciler.model.reasons import Reason
from reconciler.model.risk import FeeRate, Level, LevelResult, Money, OperationRisk, RiskTotals, TradeRisk, Unknown
from reconciler.rendering.reasons import describe

Json = dict[str, object]


def write_trade_risk(risk: TradeRisk | None) -> Json | None:
    """Write the money at risk of one trade; null if the trade is not there."""
    if risk is None:
        return None
    return {
        "currency": risk.currency,
        "pair": risk.pair,
        "account_id": risk.account_id,
        "side": risk.side.value,
        "leverage": write_number(risk.leverage),
        "is_contract": risk.is_contract,
        "is_instant": risk.is_instant,
        "is_held": risk.is_held,
        "units": write_number(risk.units),
        "notional": write_number(risk.notional),
        "margin": write_number(risk.margin),
        "entry_price": write_number(risk.entry_price),
        "stop_price": write_number(risk.stop_price),
        "loss_at_stop": write_number(risk.loss_at_stop),
        "locked_in": write_number(risk.locked_in),
        "reward": write_number(risk.reward),
        "reward_risk": write_number(risk.reward_risk),
        "realised": write_number(risk.realised),
        "at_market": write_number(risk.at_market),
        "give_back": write_number(risk.give_back),
        "fees": write_number(risk.fees),
        "breakeven": write_number(risk.breakeven),
        "liquidation": {"value": write_number(risk.liquidation.value), "basis": risk.liquidation.basis.value},
        "has_stop": risk.has_stop,
        "may_not_fill": risk.may_not_fill,
        "unknown": [write_unknown(each) for each in risk.unknown],
    }


def write_unknown(unknown: Unknown) -> Json:
    """Write what is not known, and why."""
    return {"part": unknown.part, "reason": write_described(unknown.reason)}


def write_level(level: Level) -> Json:
    """Write a price that matters to a trade."""
    return {
        "kind": level.kind.value,
        "index": level.index,
        "price": write_number(level.price),
        "distance_pct": write_number(level.distance_pct),
        "share_pct": write_number(level.share_pct),
        "units": write_number(level.units),
        "trailing_pct": write_number(level.trailing_pct),
        "order_type": level.order_type or None,
        "before": _write_result(level.before),
        "after": _write_result(level.after),
        "change": level.change.value,
    }


def write_risk_change(risk: OperationRisk) -> Json:
    """Write the money at risk of a trade before and after a change, and its levels."""
    return {
        "before": write_trade_risk(risk.before),
        "after": write_trade_risk(risk.after),
        "levels": [write_level(level) for level in risk.levels],
    }


def write_totals(totals: Mapping[str, RiskTotals]) -> Json:
    """Write sums by currency; those of different currencies are never added up."""
    return {currency: _write_sums(each) for currency, each in totals.items()}


def write_money(money: Money) -> Json:
    """Write the money that a plan moves, by currency."""
    return {
        "commits": _write_amounts(money.commits),
        "frees": _write_amounts(money.frees),
        "at_market": _write_amounts(money.at_market),
        "unknown": list(money.unknown),
    }


def write_fee(fee: FeeRate) -> Json:
    """Write the fee of an account."""
    return {"rate": plain(fee.rate), "basis": fee.basis.value}


def write_described(found: Reason) -> Json:
    """Write a reason with its sentence, which is there for readers of the file and is never read back."""
    return {**write_reason(found), "text": describe(found)}


def write_number(number: Decimal | None) -> str | None:
    """Write a number as text, so that no digit is lost."""
    return None if number is None else plain(number)


def _write_result(result: LevelResult | None) -> Json | None:
    return None if result is None else {"profit": write_number(result.profit), "r": write_number(result.r)}


def _write_sums(totals: RiskTotals) -> Json:
    return {
        "trades": totals.trades,
        "notional": plain(totals.notional),
        "margin": plain(totals.margin),
        "loss_at_stop": plain(totals.loss_at_stop),
        "locked_in": plain(totals.locked_in),
        "reward": plain(totals.reward),
        "fees": plain(totals.fees),
        "without_stop": totals.without_stop,
        "notional_without_stop": plain(totals.notional_without_stop),
        "unknown": totals.unknown,
    }


def _write_amounts(amounts: Mapping[str, Decimal]) -> Json:
    return {currency: plain(amount) for currency, amount in amounts.items()}
