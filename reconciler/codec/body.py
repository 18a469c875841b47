"""Terms in the shape of the API body, written and read.

Plan files in canonical form, create bodies, live entities and saved plans all have this shape, so one reader and one
writer serve them all and cannot disagree.

Source: SmartTradesV2 page, create smart trade, annotated JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.json_fields import (
    as_object,
    read_flag,
    read_group,
    read_number,
    read_optional_group,
    read_optional_list,
    read_optional_number,
    read_required,
    read_whole_number,
)
from reconciler.codec.numbers import plain
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

Body = dict[str, object]

# Source: SmartTradesV2 page, position[conditional][price][type].
DEFAULT_ENTRY_PRICE_TYPE = {Side.BUY: PriceType.ASK, Side.SELL: PriceType.BID}
# Default of the plan file for steps and stops, since the API has none.
DEFAULT_EXIT_PRICE_TYPE = PriceType.LAST


def write_body(terms: Terms) -> Body:
    """Return the create body of some terms: numbers as plain texts, every group in full.

    Args:
        terms: What to write.

    Returns:
        A new dict of dicts, lists, texts, bools and ints. `take_profit` and `stop_loss` are left out of an instant
        trade and present, if only as `{"enabled": False}`, in all others.
    """
    body: Body = {"account_id": terms.account_id, "pair": terms.pair}
    if terms.instant:
        body["instant"] = True
    if terms.skip_enter_step:
        body["skip_enter_step"] = True
    if terms.leverage is not None:
        body["leverage"] = _write_leverage(terms.leverage)
    body["position"] = _write_entry(terms.entry)
    if not terms.instant:
        body["take_profit"] = _write_steps(terms.steps)
        body["stop_loss"] = write_stop_loss(terms.stop_loss)
    return body


def shared_body(terms: Terms) -> Mapping[str, object]:
    """Return the create body of some terms, made once for each value; nobody may change it."""
    body = terms.derived.get("body")
    if not isinstance(body, dict):
        body = terms.derived["body"] = write_body(terms)
    return body


def read_terms(body: Mapping[str, object]) -> Terms:
    """Read the terms that a body or an entity states.

    Keys that are no input are ignored, null counts as absent, booleans and numbers may be texts.

    Args:
        body: Canonical form; `account_id` and `pair` at the top.

    Returns:
        Terms in their normal form.

    Raises:
        ValueError: Something is missing or has an impossible value; the text names the field.
    """
    entry = read_entry(
        read_group(body, "position"),
        is_own_funds=read_flag(body, "skip_enter_step"),
    )
    instant = read_flag(body, "instant")
    return Terms(
        account_id=read_whole_number(body, "account_id"),
        pair=str(read_required(body, "pair")),
        instant=instant,
        skip_enter_step=read_flag(body, "skip_enter_step"),
        entry=entry,
        leverage=read_leverage(read_optional_group(body, "leverage")),
        steps=() if instant else _read_steps(read_optional_group(body, "take_profit")),
        stop_loss=None if instant else read_stop_loss(read_optional_group(body, "stop_loss")),
    )


def read_step(step: Mapping[str, object]) -> Step:
    """Read one take-profit step, from canonical form or from an entity.

    Raises:
        ValueError: Something is missing or has an impossible value.
    """
    return Step(
        order_type=OrderType(str(read_required(step, "order_type"))),
        level=_read_level(read_group(step, "price")),
        volume_pct=read_number(step, "volume"),
        trailing_pct=_read_trailing(read_optional_group(step, "trailing")),
    )


def write_step(step: Step) -> Body:
    """Return one take-profit step in canonical form."""
    written: Body = {
        "order_type": step.order_type.value,
        "price": _write_level(step.level),
        "volume": plain(step.volume_pct),
    }
    if step.trailing_pct is not None:
        written["trailing"] = {"enabled": True, "percent": plain(step.trailing_pct)}
    return written


def _write_leverage(leverage: Leverage) -> Body:
    written: Body = {"enabled": True, "type": leverage.type.value}
    if leverage.value is not None:
        written["value"] = plain(leverage.value)
    return written


def _write_entry(entry: Entry) -> Body:
    written: Body = {
        "type": entry.side.value,
        "order_type": entry.order_type.value,
        "units": {"value": plain(entry.units)},
    }
    if entry.price is not None:
        written["price"] = {"value": plain(entry.price)}
    if entry.condition is not None:
        condition: Body = {
            "price": {"value": plain(entry.condition.price), "type": entry.condition.price_type.value},
            "order_type": entry.condition.order_type.value,
        }
        if entry.condition.trailing_pct is not None:
            condition["trailing"] = {"enabled": True, "percent": plain(entry.condition.trailing_pct)}
        written["conditional"] = condition
    return written


def _write_steps(steps: tuple[Step, ...]) -> Body:
    if not steps:
        return {"enabled": False}
    return {"enabled": True, "steps": [write_step(step) for step in steps]}


def write_stop_loss(stop: StopLoss | None) -> Body:
    """Return the stop loss in canonical form; `{"enabled": False}` for None."""
    if stop is None:
        return {"enabled": False}
    conditional: Body = {"price": _write_level(stop.trigger)}
    if stop.is_trailing:
        distance: Body = {} if stop.trailing_pct is None else {"percent": plain(stop.trailing_pct)}
        conditional["trailing"] = {"enabled": True, **distance}
    written: Body = {"enabled": True, "order_type": stop.order_type.value, "conditional": conditional}
    if stop.limit_price is not None:
        written["price"] = {"value": plain(stop.limit_price)}
    if stop.timeout_s is not None:
        written["timeout"] = {"enabled": True, "value": stop.timeout_s}
    if stop.breakeven:
        written["breakeven"] = True
    return written


def _write_level(level: Level) -> Body:
    written: Body = {"type": level.price_type.value}
    if level.value is not None:
        written["value"] = plain(level.value)
    if level.percent is not None:
        written["percent"] = plain(level.percent)
    return written


def read_entry(position: Mapping[str, object], *, is_own_funds: bool) -> Entry:
    """Read the entry, from canonical form or from an entity; see `read_step`."""
    side = Side(str(read_required(position, "type")))
    order_type = OrderType(str(read_required(position, "order_type")))
    condition = None
    if order_type is OrderType.CONDITIONAL:
        condition = _read_condition(read_group(position, "conditional"), side)
    rests_at_limit = OrderType.LIMIT in (order_type, condition.order_type if condition else None)
    price = None
    if rests_at_limit or is_own_funds:
        price = read_number(read_group(position, "price"), "value")
    return Entry(
        side=side,
        order_type=order_type,
        units=read_number(read_group(position, "units"), "value"),
        price=price,
        condition=condition,
    )


def _read_condition(conditional: Mapping[str, object], side: Side) -> EntryCondition:
    price = read_group(conditional, "price")
    price_type = price.get("type")
    return EntryCondition(
        price=read_number(price, "value"),
        price_type=DEFAULT_ENTRY_PRICE_TYPE[side] if price_type is None else PriceType(str(price_type)),
        order_type=OrderType(str(read_required(conditional, "order_type"))),
        trailing_pct=_read_trailing(read_optional_group(conditional, "trailing")),
    )


def read_leverage(leverage: Mapping[str, object]) -> Leverage | None:
    """Read the leverage; None if it is off; see `read_step`."""
    if not read_flag(leverage, "enabled"):
        return None
    return Leverage(
        type=LeverageType(str(read_required(leverage, "type"))),
        value=read_optional_number(leverage, "value"),
    )


def _read_steps(take_profit: Mapping[str, object]) -> tuple[Step, ...]:
    if not read_flag(take_profit, "enabled"):
        return ()
    steps = read_optional_list(take_profit, "take_profit.steps")
    return tuple(read_step(as_object(step, "take_profit.steps")) for step in steps)


def read_stop_loss(stop: Mapping[str, object]) -> StopLoss | None:
    """Read the stop loss; None if it is off; see `read_step`."""
    if not read_flag(stop, "enabled"):
        return None
    order_type = OrderType(str(read_required(stop, "order_type")))
    conditional = read_group(stop, "conditional")
    trailing = read_optional_group(conditional, "trailing")
    trailing_pct = read_optional_number(trailing, "percent") if read_flag(trailing, "enabled") else None
    timeout = read_optional_group(stop, "timeout")
    return StopLoss(
        order_type=order_type,
        trigger=_read_level(read_group(conditional, "price")),
        limit_price=read_optional_number(read_group(stop, "price"), "value") if order_type is OrderType.LIMIT else None,
        trailing_pct=trailing_pct,
        has_unstated_distance=trailing_pct is None and read_flag(trailing, "enabled"),
        timeout_s=read_whole_number(timeout, "value") if read_flag(timeout, "enabled") else None,
        breakeven=read_flag(stop, "breakeven"),
    )


def _read_level(price: Mapping[str, object]) -> Level:
    value, percent = read_optional_number(price, "value"), read_optional_number(price, "percent")
    if value is None and percent is None:
        raise ValueError("price has neither value nor percent")
    price_type = price.get("type")
    return Level(
        value=value,
        percent=percent,
        price_type=DEFAULT_EXIT_PRICE_TYPE if price_type is None else PriceType(str(price_type)),
    )


def _read_trailing(trailing: Mapping[str, object]) -> Decimal | None:
    if not read_flag(trailing, "enabled"):
        return None
    return read_number(trailing, "percent")
