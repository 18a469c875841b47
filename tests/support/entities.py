"""Entities as the API writes them, made from terms; and random terms."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from reconciler.model.terms import (
    Entry,
    EntryCondition,
    Level,
    Leverage,
    LeverageType,
    OrderType,
    PriceType,
    Side,
    Step,
    StopLoss,
    Terms,
)

Json = dict[str, Any]
WriteNumber = Callable[[Decimal], object]

SPOT = Terms(
    account_id=1,
    pair="USDT_BTC",
    instant=False,
    skip_enter_step=False,
    entry=Entry(side=Side.BUY, order_type=OrderType.LIMIT, units=Decimal("0.01"), price=Decimal(60000), condition=None),
    leverage=None,
    steps=(
        Step(
            order_type=OrderType.LIMIT,
            level=Level(value=Decimal(63000), percent=None, price_type=PriceType.LAST),
            volume_pct=Decimal(50),
            trailing_pct=None,
        ),
        Step(
            order_type=OrderType.MARKET,
            level=Level(value=Decimal(66000), percent=None, price_type=PriceType.BID),
            volume_pct=Decimal(50),
            trailing_pct=Decimal("1.5"),
        ),
    ),
    stop_loss=StopLoss(
        order_type=OrderType.MARKET,
        trigger=Level(value=Decimal(58500), percent=None, price_type=PriceType.LAST),
        limit_price=None,
        trailing_pct=None,
        timeout_s=None,
        breakeven=False,
    ),
)


def as_text(number: Decimal) -> object:
    """The usual form: plain notation with at least one digit after the point."""
    text = format(number, "f")
    return text if "." in text else f"{text}.0"


def as_number(number: Decimal) -> object:
    return number


def as_entity(
    terms: Terms,
    *,
    number: WriteNumber = as_text,
    id: int = 7,  # noqa: A002 - the name of the field
    status: str = "waiting_position",
    note: str = "",
    created_at: str = "2026-01-01T10:00:00.123Z",
    entered: str = "0.0",
) -> Json:
    """The entity that the API would report for a trade with these terms; it also has the keys that are not inputs."""
    entity: Json = {
        "id": id,
        "version": 2,
        "account": {"id": terms.account_id, "type": "binance", "name": "Main", "market": "Spot", "link": "/accounts/1"},
        "pair": terms.pair,
        "instant": terms.instant,
        "status": {"type": status, "basic_type": status, "title": status.title()},
        "leverage": _leverage(terms.leverage, number),
        "position": _position(terms.entry, number),
        "take_profit": {"enabled": False, "steps": []},
        "stop_loss": {"enabled": False},
        "reduce_funds": {"steps": []},
        "market_close": {},
        "note": note,
        "note_raw": note or None,
        "skip_enter_step": terms.skip_enter_step,
        "data": {
            "editable": True,
            "current_price": {"bid": "59999.0", "ask": "60001.0", "last": "60000.0", "quote_volume": "1.0"},
            "average_enter_price": None,
            "panic_sell_available": False,
            "cancel_available": True,
            "finished": False,
            "entered_amount": entered,
            "entered_total": "0.0",
            "closed_amount": "0.0",
            "commission": Decimal("0.001"),
            "created_at": created_at,
            "updated_at": created_at,
            "type": "smart_trade",
        },
        "profit": {"volume": None, "usd": None, "percent": "0.0", "roe": None},
        "margin": {"amount": None, "total": None},
        "is_position_not_filled": True,
    }
    if terms.steps:
        steps = [_step(place, step, number) for place, step in enumerate(terms.steps, start=1)]
        entity["take_profit"] = {"enabled": True, "price_type": "value", "steps": steps}
    if terms.stop_loss is not None:
        entity["stop_loss"] = _stop(terms.stop_loss, number)
    return entity


def _optional(value: Decimal | None, number: WriteNumber) -> object:
    return None if value is None else number(value)


def _status(word: str) -> Json:
    return {"type": word, "basic_type": word, "title": word.title()}


def _switch(percent: Decimal | None, number: WriteNumber) -> Json:
    return {"enabled": percent is not None, "percent": _optional(percent, number)}


def _level(level: Level, number: WriteNumber) -> Json:
    return {
        "type": level.price_type.value,
        "value": _optional(level.value, number),
        "percent": _optional(level.percent, number),
    }


def _leverage(leverage: Leverage | None, number: WriteNumber) -> Json:
    if leverage is None:
        return {"enabled": False}
    value = _optional(leverage.value, number)
    return {"enabled": True, "type": leverage.type.value, "value": value, "type_editable": True}


def _position(entry: Entry, number: WriteNumber) -> Json:
    position: Json = {
        "type": entry.side.value,
        "editable": False,
        "units": {"value": number(entry.units), "editable": False},
        "price": {
            "value": number(entry.price or Decimal("60000.5")),
            "value_without_commission": None,
            "editable": True,
        },
        "total": {"value": "600.0"},
        "order_type": entry.order_type.value,
        "status": _status("to_process"),
    }
    if entry.condition is not None:
        position["conditional"] = {
            "editable": True,
            "price": {"value": number(entry.condition.price), "type": entry.condition.price_type.value},
            "order_type": entry.condition.order_type.value,
            "trailing": _switch(entry.condition.trailing_pct, number),
        }
    return position


def _step(place: int, step: Step, number: WriteNumber) -> Json:
    return {
        "id": 1000 + place,
        "order_type": step.order_type.value,
        "editable": True,
        "units": {"value": None},
        "price": _level(step.level, number),
        "volume": number(step.volume_pct),
        "total": None,
        "trailing": _switch(step.trailing_pct, number),
        "status": _status("idle"),
        "data": {"cancelable": True, "panic_sell_available": False},
        "position": place,
    }


def _stop(stop: StopLoss, number: WriteNumber) -> Json:
    return {
        "enabled": True,
        "price_type": "value",
        "breakeven": stop.breakeven,
        "order_type": stop.order_type.value,
        "editable": True,
        "price": {"value": _optional(stop.limit_price, number), "percent": None},
        "conditional": {"price": _level(stop.trigger, number), "trailing": _switch(stop.trailing_pct, number)},
        "timeout": {"enabled": stop.timeout_s is not None, "value": stop.timeout_s},
        "status": _status("idle"),
    }


# Random terms, in their normal form.

_numbers = st.decimals("0.00000001", "1000000", places=8)
_percents = st.decimals("0.01", "99", places=2)
_price_types = st.sampled_from(PriceType)
_exit_orders = st.sampled_from([OrderType.MARKET, OrderType.LIMIT])
_levels = st.builds(Level, value=_numbers, percent=st.none(), price_type=_price_types) | st.builds(
    Level, value=st.none(), percent=_percents, price_type=_price_types
)
_steps = st.builds(
    Step, order_type=_exit_orders, level=_levels, volume_pct=_percents, trailing_pct=st.none() | _percents
)


@st.composite
def _stops(draw: st.DrawFn) -> StopLoss:
    order_type = draw(_exit_orders)
    return StopLoss(
        order_type=order_type,
        trigger=draw(_levels),
        limit_price=draw(_numbers) if order_type is OrderType.LIMIT else None,
        trailing_pct=draw(st.none() | _percents),
        timeout_s=draw(st.none() | st.integers(1, 100_000)),
        breakeven=draw(st.booleans()),
    )


@st.composite
def _entries(draw: st.DrawFn, *, is_own_funds: bool) -> Entry:
    order_type = draw(st.sampled_from(OrderType))
    condition = None
    if order_type is OrderType.CONDITIONAL:
        condition = EntryCondition(
            price=draw(_numbers),
            price_type=draw(_price_types),
            order_type=draw(_exit_orders),
            trailing_pct=draw(st.none() | _percents),
        )
    rests = OrderType.LIMIT in (order_type, condition.order_type if condition else None)
    return Entry(
        side=draw(st.sampled_from(Side)),
        order_type=order_type,
        units=draw(_numbers),
        price=draw(_numbers) if rests or is_own_funds else None,
        condition=condition,
    )


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    instant, own_funds = draw(st.booleans()), draw(st.booleans())
    leverage = st.builds(Leverage, type=st.sampled_from(LeverageType), value=st.none() | _numbers)
    return Terms(
        account_id=draw(st.integers(1, 10**9)),
        pair=draw(st.sampled_from(["USDT_BTC", "USD_BTC-PERP", "ETH_ETHUSD_PERP"])),
        instant=instant,
        skip_enter_step=own_funds,
        entry=draw(_entries(is_own_funds=own_funds)),
        leverage=draw(st.none() | leverage),
        steps=() if instant else tuple(draw(st.lists(_steps, max_size=4))),
        stop_loss=None if instant else draw(st.none() | _stops()),
    )
