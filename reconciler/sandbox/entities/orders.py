"""The orders of a SmartTrade as the API's Trade entities.

Source: SmartTrade trades page. It shows an entry and a stop; steps and market closes are derived from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.engine.allowed_actions import can_cancel_part
from reconciler.sandbox.engine.orders import market_price
from reconciler.sandbox.engine.trade import Fill, FundsOrder, MarketClose, Position, SmartTrade, Step, Stop
from reconciler.sandbox.entities.exits import shown_distance
from reconciler.sandbox.values.decimals import format_decimal, format_optional, truncate_to
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.market import Pair, PriceType, Quote
from reconciler.sandbox.values.options import Options
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.statuses import DONE_STATUSES, TERMINAL_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Crossing, EntryType, OrderType, Side

_HUNDRED = Decimal(100)
_DEFAULT_OPTIONS = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """Common fields of the different orders of a trade."""

    id: int
    purpose: str
    side: Side
    order_type: str
    status: OrderStatus
    price_type: PriceType
    amount: Decimal
    price: Decimal | None
    limit_price: Decimal | None = None
    volume_pct: Decimal | None = None
    level_pct: Decimal | None = None
    crossing: Crossing | None = None
    trigger: Decimal | None = None
    trigger_pct: Decimal | None = None
    is_trailing: bool = False
    trailing_pct: Decimal | None = None
    fill: Fill | None = None
    is_cancelable: bool = False
    extreme: Decimal | None = None
    is_over: bool = False


def describe_orders(trade: SmartTrade, quote: Quote, options: Options = _DEFAULT_OPTIONS) -> list[dict[str, object]]:
    """The Trade entities of a SmartTrade, by id.

    Args:
        trade: The SmartTrade.
        quote: Current prices of its pair.
        options: Whether the distance of a trailing stop is shown.
    """
    pair = PAIRS[trade.pair]
    orders = [_read_position(trade, trade.position, quote)]
    if trade.status not in (TradeStatus.CANCELLED, TradeStatus.FAILED):
        orders += [_read_step(trade, step) for step in trade.steps]
    orders += [_read_funds(trade, order, quote, is_added=True) for order in trade.averaging]
    orders += [_read_funds(trade, order, quote, is_added=False) for order in trade.reductions]
    if trade.stop is not None:
        orders.append(_read_stop(trade, trade.stop, options))
    if trade.market_close is not None:
        orders.append(_read_close(trade, trade.market_close, quote))
    return [_describe_order(trade, order, pair) for order in sorted(orders, key=lambda order: order.id)]


def _read_position(trade: SmartTrade, position: Position, quote: Quote) -> _Order:
    terms = position.terms
    is_limit = OrderType.LIMIT in (terms.order_type, terms.conditional_order_type)
    return _Order(
        id=position.id,
        purpose="position",
        side=terms.side,
        order_type=OrderType.LIMIT if is_limit else OrderType.MARKET,
        status=position.status,
        price_type=terms.trigger_type or (PriceType.ASK if trade.is_long else PriceType.BID),
        amount=terms.units,
        price=market_price(terms.side, quote) if terms.price is None else terms.price,
        limit_price=terms.price if is_limit else None,
        crossing=position.crossing,
        trigger=terms.trigger if terms.order_type is EntryType.CONDITIONAL else None,
        trailing_pct=terms.trailing_pct,
        fill=position.fill,
        is_cancelable=can_cancel_part(trade, position),
        extreme=position.extreme,
    )


def _read_step(trade: SmartTrade, step: Step) -> _Order:
    is_limit = step.terms.order_type is OrderType.LIMIT
    return _Order(
        id=step.id,
        purpose="take_profit",
        side=trade.exit_side,
        order_type=step.terms.order_type,
        status=step.status,
        price_type=step.terms.price_type,
        amount=step.units or Decimal(0),
        price=step.price,
        limit_price=step.price if is_limit else None,
        volume_pct=step.terms.volume_pct,
        level_pct=step.terms.percent,
        crossing=None if is_limit else _gaining(trade),
        trigger=None if is_limit else step.price,
        trailing_pct=step.terms.trailing_pct,
        fill=step.fill,
        is_cancelable=can_cancel_part(trade, step),
        extreme=step.extreme,
    )


def _read_stop(trade: SmartTrade, stop: Stop, options: Options) -> _Order:
    return _Order(
        id=stop.id,
        purpose="stop_loss",
        side=trade.exit_side,
        order_type=stop.terms.order_type,
        status=stop.status,
        price_type=stop.terms.price_type,
        amount=trade.left_amount or (stop.fill.amount if stop.fill else trade.entered_amount),
        price=stop.trigger,
        limit_price=stop.terms.limit_price,
        volume_pct=_HUNDRED,
        crossing=Crossing.DOWNWARDS if trade.is_long else Crossing.UPWARDS,
        trigger=stop.trigger,
        trigger_pct=stop.terms.percent,
        is_trailing=stop.terms.is_trailing,
        trailing_pct=shown_distance(stop, options),
        fill=stop.fill,
        is_cancelable=can_cancel_part(trade, stop),
        extreme=stop.extreme,
    )


def _read_funds(trade: SmartTrade, order: FundsOrder, quote: Quote, *, is_added: bool) -> _Order:
    """An order of add funds or reduce funds. Source: issue threads; its purpose is assumed."""
    side = trade.position.terms.side if is_added else trade.exit_side
    return _Order(
        id=order.id,
        purpose="position" if is_added else "reduce_funds",
        side=side,
        order_type=order.terms.order_type,
        status=order.status,
        price_type=PriceType.ASK if side is Side.BUY else PriceType.BID,
        amount=order.terms.units,
        price=market_price(side, quote) if order.terms.price is None else order.terms.price,
        limit_price=order.terms.price,
        fill=order.fill,
        is_cancelable=can_cancel_part(trade, order),
        is_over=not order.is_open,
    )


def _read_close(trade: SmartTrade, close: MarketClose, quote: Quote) -> _Order:
    return _Order(
        id=close.id,
        purpose="market_close",
        side=trade.exit_side,
        order_type=OrderType.MARKET,
        status=close.status,
        price_type=PriceType.BID if trade.is_long else PriceType.ASK,
        amount=close.fill.amount if close.fill else trade.left_amount,
        price=market_price(trade.exit_side, quote),
        fill=close.fill,
    )


def _gaining(trade: SmartTrade) -> Crossing:
    return Crossing.UPWARDS if trade.is_long else Crossing.DOWNWARDS


def _realised_pct(order: _Order) -> Decimal:
    if order.fill is None:
        return Decimal(0)
    if order.status in DONE_STATUSES or not order.amount:
        return _HUNDRED
    return (order.fill.units / order.amount * 100).quantize(Decimal("0.01"))


def _describe_order(trade: SmartTrade, order: _Order, pair: Pair) -> dict[str, object]:
    fill = order.fill
    is_over = order.is_over or order.status in DONE_STATUSES or trade.status in TERMINAL_STATUSES
    price = fill.price(pair) if fill is not None and fill.units else order.price
    ratio = pair.mean_price(fill.amount, fill.total) if fill is not None and fill.amount else None
    return {
        "id": order.id,
        "trade_purpose": order.purpose,
        "pair": trade.pair,
        "order_side": order.side,
        "order_type": order.order_type,
        "status": order.status,
        "follow_price_type": order.price_type,
        "initial_amount": format_optional(order.amount),
        "initial_total": format_optional(None if price is None else pair.worth(order.amount, price)),
        "initial_price": format_optional(price),
        "order_price": format_optional(order.limit_price),
        "average_price": format_optional(ratio),
        "realised_amount": format_optional(fill.amount if fill else Decimal(0)),
        "realised_total": format_optional(fill.total if fill else Decimal(0)),
        "realised_price": format_optional(None if ratio is None else truncate_to(ratio, pair.price_step)),
        "realised_percentage": format_decimal(_realised_pct(order)),
        "position_percentage": format_optional(order.volume_pct),
        "take_profit_percentage": format_optional(order.level_pct),
        "trigger_type": "none" if order.trigger is None else "conditional",
        "trigger_condition": order.crossing if order.trigger is not None else None,
        "trigger_price": format_optional(order.trigger),
        "trigger_price_percentage": format_optional(order.trigger_pct),
        "trailing_enabled": order.is_trailing or order.trailing_pct is not None,
        "trail_percentage": format_optional(order.trailing_pct),
        "trail_value": None,
        "trailing_last_price": format_optional(order.extreme),
        "trailing_last_price_updated_at": None,
        "created_at": format_instant(trade.created_at_ms),
        "updated_at": format_instant(fill.filled_at_ms if fill else trade.updated_at_ms),
        "cancelable": order.is_cancelable and not is_over,
        "force_processable": not is_over,
    }
