"""Money at risk in a saved plan, written and read back.

Trades that the plan leaves unchanged are counted in the sums and not listed one by one: `status` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.codec.body import Body
from reconciler.codec.numbers import to_decimal
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
from reconciler.rendering.risk_json import (
    write_fee,
    write_level,
    write_money,
    write_totals,
    write_trade_risk,
    write_unknown,
)
from reconciler.saved_plan.fields import (
    read_described,
    read_integer,
    read_list,
    read_object,
    read_optional_integer,
    read_optional_number,
    read_optional_text,
    read_texts,
)


def write_workspace_risk(risk: WorkspaceRisk) -> Body:
    """Write the parts of a plan that say what it does to the money at risk as a whole."""
    return {
        "risk": {
            "before": write_totals(risk.before),
            "after": write_totals(risk.after),
            "change": write_totals(risk.change),
            "unknown": {trade: [write_unknown(each) for each in parts] for trade, parts in risk.unknown.items()},
        },
        "money": write_money(risk.money),
        "fees": {account: write_fee(fee) for account, fee in risk.fees.items()},
    }


def write_operation_risk(risk: OperationRisk | None) -> Body:
    """Write the parts of an operation that say what it does to the money at risk; None if that was not computed."""
    return {
        "risk": {
            "before": write_trade_risk(risk.before if risk else None),
            "after": write_trade_risk(risk.after if risk else None),
        },
        "levels": [write_level(level) for level in risk.levels] if risk else [],
    }


def read_workspace_risk(document: Mapping[str, object], operations: tuple[OperationRisk, ...]) -> WorkspaceRisk:
    """Read the money at risk of a plan.

    Args:
        document: The whole document.
        operations: What was read of each operation.
    """
    risk = read_object(document["risk"])
    is_computed = any(each.before or each.after or each.levels for each in operations)
    return WorkspaceRisk(
        before=_read_totals(risk["before"]),
        after=_read_totals(risk["after"]),
        change=_read_totals(risk["change"]),
        money=_read_money(read_object(document["money"])),
        fees={account: _read_fee(read_object(fee)) for account, fee in read_object(document["fees"]).items()},
        operations=operations if is_computed else (),
        unknown={trade: _read_unknowns(parts) for trade, parts in read_object(risk["unknown"]).items()},
    )


def read_operation_risk(operation: Mapping[str, object]) -> OperationRisk:
    """Read what an operation does to the money at risk."""
    risk = read_object(operation["risk"])
    return OperationRisk(
        trade=str(operation["trade"]),
        before=_read_trade_risk(risk["before"]),
        after=_read_trade_risk(risk["after"]),
        levels=tuple(_read_level(read_object(level)) for level in read_list(operation["levels"])),
    )


def _read_trade_risk(value: object) -> TradeRisk | None:
    if value is None:
        return None
    risk = read_object(value)
    liquidation = read_object(risk["liquidation"])
    return TradeRisk(
        currency=str(risk["currency"]),
        pair=str(risk["pair"]),
        account_id=read_integer(risk["account_id"]),
        side=Side(str(risk["side"])),
        leverage=read_optional_number(risk["leverage"]),
        is_contract=risk["is_contract"] is True,
        is_instant=risk["is_instant"] is True,
        is_held=risk["is_held"] is True,
        units=read_optional_number(risk["units"]),
        notional=read_optional_number(risk["notional"]),
        margin=read_optional_number(risk["margin"]),
        entry_price=read_optional_number(risk["entry_price"]),
        stop_price=read_optional_number(risk["stop_price"]),
        loss_at_stop=read_optional_number(risk["loss_at_stop"]),
        locked_in=read_optional_number(risk["locked_in"]),
        reward=read_optional_number(risk["reward"]),
        reward_risk=read_optional_number(risk["reward_risk"]),
        realised=read_optional_number(risk["realised"]),
        at_market=read_optional_number(risk["at_market"]),
        give_back=read_optional_number(risk["give_back"]),
        fees=read_optional_number(risk["fees"]),
        breakeven=read_optional_number(risk["breakeven"]),
        liquidation=LiquidationPrice(
            value=read_optional_number(liquidation["value"]), basis=LiquidationBasis(str(liquidation["basis"]))
        ),
        has_stop=risk["has_stop"] is True,
        may_not_fill=risk["may_not_fill"] is True,
        unknown=_read_unknowns(risk["unknown"]),
    )


def _read_unknowns(value: object) -> tuple[Unknown, ...]:
    return tuple(
        Unknown(part=str(each["part"]), reason=read_described(each["reason"]))
        for each in map(read_object, read_list(value))
    )


def _read_level(level: Mapping[str, object]) -> Level:
    return Level(
        kind=LevelKind(str(level["kind"])),
        index=read_optional_integer(level["index"]),
        price=read_optional_number(level["price"]),
        distance_pct=read_optional_number(level["distance_pct"]),
        share_pct=read_optional_number(level["share_pct"]),
        units=read_optional_number(level["units"]),
        trailing_pct=read_optional_number(level["trailing_pct"]),
        order_type=read_optional_text(level["order_type"]) or "",
        before=_read_result(level["before"]),
        after=_read_result(level["after"]),
        change=LevelChange(str(level["change"])),
    )


def _read_result(value: object) -> LevelResult | None:
    if value is None:
        return None
    result = read_object(value)
    return LevelResult(profit=read_optional_number(result["profit"]), r=read_optional_number(result["r"]))


def _read_totals(value: object) -> Mapping[str, RiskTotals]:
    return {currency: _read_sums(read_object(each)) for currency, each in read_object(value).items()}


def _read_sums(sums: Mapping[str, object]) -> RiskTotals:
    return RiskTotals(
        trades=read_integer(sums["trades"]),
        notional=to_decimal(sums["notional"]),
        margin=to_decimal(sums["margin"]),
        loss_at_stop=to_decimal(sums["loss_at_stop"]),
        locked_in=to_decimal(sums["locked_in"]),
        reward=to_decimal(sums["reward"]),
        fees=to_decimal(sums["fees"]),
        without_stop=read_integer(sums["without_stop"]),
        notional_without_stop=to_decimal(sums["notional_without_stop"]),
        unknown=read_integer(sums["unknown"]),
    )


def _read_money(money: Mapping[str, object]) -> Money:
    commits, frees, at_market = (
        {currency: to_decimal(amount) for currency, amount in read_object(money[key]).items()}
        for key in ("commits", "frees", "at_market")
    )
    return Money(commits=commits, frees=frees, at_market=at_market, unknown=read_texts(money["unknown"]))


def _read_fee(fee: Mapping[str, object]) -> FeeRate:
    return FeeRate(rate=to_decimal(fee["rate"]), basis=FeeBasis(str(fee["basis"])))
