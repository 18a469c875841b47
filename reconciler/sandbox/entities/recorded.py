"""SmartTrades in the form that answers of 2021 were recorded in.

Source: recorded answers: an entity has no `note_raw` and no `entered_amount`, its note is HTML-escaped, its commission
is text, and a profit of zero percent is a number. While a trade is being closed or cancelled, and once it has ended,
it shows no steps and no stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.values.statuses import ORDER_TITLES, STEPLESS_STATUSES, OrderStatus, TradeStatus

_ENDING = frozenset({TradeStatus.PANIC_SELL_IN_PROGRESS, TradeStatus.CANCELLATION_IN_PROGRESS})
_STEPLESS = STEPLESS_STATUSES | _ENDING | {TradeStatus.STOP_LOSS_FINISHED, TradeStatus.PANIC_SOLD}
_STOPLESS = _ENDING | STEPLESS_STATUSES | {TradeStatus.FINISHED, TradeStatus.PANIC_SOLD}

Group = Mapping[str, object]


def record_trade(trade: SmartTrade, entity: Group) -> dict[str, object]:
    """Return the entity of a trade in the recorded form.

    Args:
        trade: The trade.
        entity: Its entity in the documented form.
    """
    recorded = {name: value for name, value in entity.items() if name != "note_raw"}
    return recorded | {
        "note": escape(trade.note or ""),
        "take_profit": _record_take_profit(trade, _group(entity, "take_profit")),
        "stop_loss": _record_stop(trade, _group(entity, "stop_loss")),
        "data": _record_data(_group(entity, "data")),
        "profit": _record_profit(_group(entity, "profit")),
    }


def _group(entity: Group, name: str) -> Group:
    group = entity[name]
    return group if isinstance(group, Mapping) else {}


def _record_take_profit(trade: SmartTrade, group: Group) -> Group:
    return {**group, "steps": []} if trade.status in _STEPLESS else group


def _record_stop(trade: SmartTrade, group: Group) -> Group:
    if trade.status in _STOPLESS or group == {"enabled": False}:
        return {"enabled": False}
    if trade.status is not TradeStatus.STOP_LOSS_IN_PROGRESS:
        return group
    done = OrderStatus.FINISHED
    return {**group, "status": {"type": done, "basic_type": done, "title": ORDER_TITLES[done]}}


def _record_data(group: Group) -> Group:
    recorded = {name: value for name, value in group.items() if name != "entered_amount"}
    return {**recorded, "commission": str(group["commission"])}


def _record_profit(group: Group) -> Group:
    return {**group, "percent": 0} if group["percent"] == "0.0" else group
