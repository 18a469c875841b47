"""Take profit, stop loss and close at market as the SmartTrade entity shows them.

Source: SmartTrade page, `take_profit`, `stop_loss` and `market_close`.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine import allowed_actions
from reconciler.sandbox.engine.stop_loss import find_shown_trigger
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose, SmartTrade, Step, Stop
from reconciler.sandbox.values.decimals import format_decimal, format_optional
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.market import Pair
from reconciler.sandbox.values.options import Options, TrailingPercent
from reconciler.sandbox.values.statuses import ORDER_TITLES, STEPLESS_STATUSES, WATCHING_STATUSES, OrderStatus
from reconciler.sandbox.values.terms import OrderType


def describe_take_profit(trade: SmartTrade, pair: Pair) -> dict[str, object]:
    """The `take_profit` group; a cancelled or failed trade shows no steps."""
    steps = [] if trade.status in STEPLESS_STATUSES else trade.steps
    in_percent = any(step.terms.price is None for step in trade.steps)
    return {
        "enabled": trade.has_take_profit,
        "price_type": "percentage" if in_percent else "value",
        "steps": [_describe_step(trade, step, number, pair) for number, step in enumerate(steps, start=1)],
    }


def _describe_step(trade: SmartTrade, step: Step, number: int, pair: Pair) -> dict[str, object]:
    total = None if step.units is None or step.price is None else pair.worth(step.units, step.price)
    return {
        "id": step.id,
        "order_type": step.terms.order_type,
        "editable": step.is_open,
        "units": {"value": format_optional(step.units)},
        "price": {
            "type": step.terms.price_type,
            "value": format_optional(step.price),
            "percent": format_optional(step.terms.percent),
        },
        "volume": format_decimal(step.terms.volume_pct),
        "total": format_optional(total),
        "trailing": describe_trailing(step.terms.trailing_pct),
        "status": describe_order_status(step.status),
        "data": {
            "cancelable": allowed_actions.can_cancel_part(trade, step),
            "panic_sell_available": allowed_actions.can_close_step(trade, step),
        },
        "position": number,
    }


def describe_stop(trade: SmartTrade, stop: Stop, pair: Pair, options: Options) -> dict[str, object]:
    """The `stop_loss` group of an enabled stop loss.

    Args:
        trade: The trade.
        stop: Its stop loss.
        pair: Its pair.
        options: Which moved levels are shown.
    """
    terms = stop.terms
    trigger = find_shown_trigger(trade, stop, pair, options)
    distance_pct = shown_distance(stop, options)
    timeout = None if terms.timeout_s is None else str(terms.timeout_s)
    return {
        "enabled": True,
        "price_type": "value" if terms.percent is None else "percentage",
        "breakeven": terms.has_breakeven,
        "order_type": terms.order_type,
        "editable": stop.status is OrderStatus.IDLE or stop.status in WATCHING_STATUSES,
        "price": {
            "value": format_optional(terms.limit_price if terms.order_type is OrderType.LIMIT else None),
            "percent": None,
        },
        "conditional": {
            "price": {
                "value": format_optional(trigger),
                "type": terms.price_type,
                "percent": format_optional(terms.percent),
            },
            "trailing": {"enabled": terms.is_trailing, "percent": format_optional(distance_pct)},
        },
        "timeout": {"enabled": timeout is not None, "value": timeout},
        "status": describe_order_status(stop.status),
    }


def shown_distance(stop: Stop, options: Options) -> Decimal | None:
    """Return the distance of a trailing stop that answers name, in percent; None if they name none."""
    return stop.terms.trailing_pct if options.trailing_percent is TrailingPercent.AS_SENT else None


def describe_trailing(distance_pct: Decimal | None) -> dict[str, object]:
    """A `trailing` group; None for the distance if nothing trails."""
    return {"enabled": distance_pct is not None, "percent": format_optional(distance_pct)}


def describe_funds(trade: SmartTrade, order: FundsOrder, pair: Pair) -> dict[str, object]:
    """One step of the `reduce_funds` group."""
    fill = order.fill
    average = None if fill is None else pair.mean_price(fill.units, fill.total)
    price = order.terms.price if fill is None else average
    total = pair.worth(order.terms.units, order.terms.price) if order.terms.price is not None else None
    return {
        "id": order.id,
        "type": order.terms.order_type,
        "status": describe_order_status(order.status),
        "units": {"value": format_decimal(order.terms.units)},
        "price": {
            "value": format_optional(price),
            "value_without_commission": format_optional(order.terms.price if fill is None else fill.price(pair)),
        },
        "total": {"value": format_optional(total if fill is None else fill.total)},
        "closed_at": None if fill is None or not order.is_done else format_instant(fill.filled_at_ms),
        "data": {"cancelable": allowed_actions.can_cancel_part(trade, order), "panic_sell_available": False},
    }


def describe_close(close: MarketClose, pair: Pair) -> dict[str, object]:
    """The `market_close` group of a trade that was closed at market."""
    fill = close.fill
    average = None if fill is None or not fill.amount else pair.mean_price(fill.amount, fill.total)
    return {
        "id": close.id,
        "type": "market",
        "status": describe_order_status(close.status),
        "units": {"value": None if fill is None else format_decimal(fill.amount)},
        "price": {
            "value": format_optional(average),
            "value_without_commission": None if fill is None else format_decimal(fill.price(pair)),
        },
        "total": {"value": None if fill is None else format_decimal(fill.total)},
    }


def describe_order_status(status: OrderStatus) -> dict[str, object]:
    """The `status` group of an entry, a step, a stop or a market close."""
    return {"type": status, "basic_type": status, "title": ORDER_TITLES[status]}
