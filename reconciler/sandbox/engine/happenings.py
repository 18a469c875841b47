"""The movements of a trade in words: what was bought and sold, at which price, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.engine.profits import calculate_profit
from reconciler.sandbox.engine.trade import ZERO, FundsOrder, Order, Position, SmartTrade, Step, Stop
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import OrderType, Side

_ENDS = {
    TradeStatus.FINISHED: "finished",
    TradeStatus.STOP_LOSS_FINISHED: "stopped out",
    TradeStatus.PANIC_SOLD: "closed at market",
    TradeStatus.CANCELLED: "cancelled",
    TradeStatus.FAILED: "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to a trade.

    Args:
        trade_id: The trade.
        note: Its note, or None.
        text: Words without its name, such as `entered 0.01 BTC at 60000`.
    """

    trade_id: int
    note: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _OrderState:
    status: OrderStatus
    units: Decimal
    worth: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of a trade before it moves, as far as its movements can be read from it.

    Args:
        orders: State of each order, by id.
        is_terminal: Whether it has ended.
        breakeven_price: Trigger to which breakeven has moved the stop.
        beyond_since_ms: Since when the price has been beyond a stop with a timeout.
    """

    orders: Mapping[int, _OrderState]
    is_terminal: bool
    breakeven_price: Decimal | None
    beyond_since_ms: int | None


def take_snapshot(trade: SmartTrade) -> Snapshot:
    """Take the state of a trade before it moves."""
    return Snapshot(
        orders={order.id: _read_state(order) for order in trade.list_orders()},
        is_terminal=trade.is_terminal,
        breakeven_price=None if trade.stop is None else trade.stop.breakeven_price,
        beyond_since_ms=None if trade.stop is None else trade.stop.beyond_since_ms,
    )


def list_happenings(before: Snapshot, trade: SmartTrade, pair: Pair, quote: Quote) -> list[Happening]:
    """List what happened to a trade since a snapshot, in the order of its orders, the end last.

    Args:
        before: The snapshot.
        trade: The trade now.
        pair: Its pair.
        quote: Current prices, for the profit of a trade that has ended.
    """
    texts: list[str] = []
    for order in trade.list_orders():
        state = before.orders.get(order.id, _OrderState(OrderStatus.IDLE, ZERO, ZERO))
        texts += _describe_order(trade, order, state, pair)
    texts += _describe_stop(trade, before)
    if trade.is_terminal and not before.is_terminal:
        texts.append(_describe_end(trade, pair, quote))
    return [Happening(trade_id=trade.id, note=trade.note, text=text) for text in texts]


def plain(number: Decimal) -> str:
    """Format a number without exponent and trailing zeros."""
    return f"{number.normalize():f}"


def _read_state(order: Order) -> _OrderState:
    worth = ZERO if order.fill is None else order.fill.worth
    return _OrderState(order.status, order.filled_units, worth)


def _describe_order(trade: SmartTrade, order: Order, before: _OrderState, pair: Pair) -> Iterator[str]:
    now = _read_state(order)
    if now.units > before.units:
        units = now.units - before.units
        price = pair.mean_price(units, now.worth - before.worth).quantize(pair.price_step)
        unit = "contracts" if pair.is_contract else pair.base
        yield f"{_name_fill(trade, order)} {plain(units)} {unit} at {plain(price)}"
    elif now.status is not before.status and now.status is OrderStatus.TRAILING_ACTIVATED:
        if not isinstance(order, Stop):
            yield f"{_name_order(trade, order)} follows the price now"
    elif now.status is not before.status and now.status is OrderStatus.ORDER_PLACED:
        yield from _describe_placed(trade, order)


def _describe_placed(trade: SmartTrade, order: Order) -> Iterator[str]:
    """Describe an order that a trigger has placed; other limit orders are where they were asked to be."""
    if isinstance(order, Position) and order.terms.trigger is not None and order.terms.price is not None:
        side = order.terms.side
        yield f"entry is triggered: a limit {side} waits at {plain(order.terms.price)}"
    elif isinstance(order, Stop) and order.terms.limit_price is not None:
        yield f"stop is triggered: a limit {trade.exit_side} waits at {plain(order.terms.limit_price)}"


def _describe_stop(trade: SmartTrade, before: Snapshot) -> Iterator[str]:
    stop = trade.stop
    if stop is None or trade.is_terminal:
        return
    if stop.breakeven_price is not None and before.breakeven_price is None:
        yield f"stop moved to {plain(stop.breakeven_price)} (breakeven)"
    if stop.beyond_since_ms is not None and before.beyond_since_ms is None:
        yield f"stop is passed, it waits {stop.terms.timeout_s} s"


def _name_fill(trade: SmartTrade, order: Order) -> str:
    if order is trade.position:
        if trade.is_instant:
            return "bought" if trade.is_long else "sold"
        return "entered" if trade.is_long else "entered short"
    if isinstance(order, FundsOrder) and order in trade.averaging:
        return "added"
    return f"{_name_order(trade, order)} {'sold' if trade.exit_side is Side.SELL else 'bought'}"


def _name_order(trade: SmartTrade, order: Order) -> str:
    if isinstance(order, Step):
        return f"take profit {trade.steps.index(order) + 1}" if order in trade.steps else "removed take profit"
    if isinstance(order, Position):
        return "entry"
    if isinstance(order, Stop):
        return "limit stop" if order.terms.order_type is OrderType.LIMIT else "stop"
    return "reduction" if isinstance(order, FundsOrder) else "market close"


def _describe_end(trade: SmartTrade, pair: Pair, quote: Quote) -> str:
    end = f"ended: {_ENDS.get(trade.status, trade.status)}"
    if trade.error is not None:
        return f"{end}, {trade.error}"
    profit = calculate_profit(trade, quote)
    return end if profit is None else f"{end}, profit {plain(profit.quantize(Decimal('1e-8')))} {pair.quote}"
