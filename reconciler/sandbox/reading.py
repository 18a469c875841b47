"""The request layer: parameters of create and PATCH to terms, or 400 with every missing and malformed field.

Source: fact sheet 4.4 (keys and messages), 5.2 and 5.3 (parameters), 9 (rules V1, V5, V7 to V11, V14).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.fields import INVALID, MISSING, Fields
from reconciler.sandbox.market import PriceType
from reconciler.sandbox.refusals import refuse_parameters
from reconciler.sandbox.terms import (
    ChangeTerms,
    EntryTerms,
    EntryType,
    OrderType,
    Side,
    StepTerms,
    StopTerms,
    TradeTerms,
)

# Source: fact sheet V14.
MAX_NOTE_LENGTH = 300

ZERO = Decimal(0)


class LeverageType(StrEnum):
    """Kinds of leverage that a request may name. Source: fact sheet V13 (`custom` is retired and accepted)."""

    CUSTOM = "custom"
    CROSS = "cross"
    ISOLATED = "isolated"


def read_trade_terms(parameters: Mapping[str, object]) -> TradeTerms:
    """What a create request asks for.

    Args:
        parameters: All parameters of the request.

    Raises:
        Refusal: 400, a field is missing or malformed.
    """
    fields = Fields(parameters)
    is_instant = fields.flag("instant")
    skip_enter_step = fields.flag("skip_enter_step")
    if is_instant and skip_enter_step:
        fields.report("skip_enter_step", INVALID)
    _check_leverage(fields)
    terms = TradeTerms(
        account_id=fields.integer("account_id", required=True) or 0,
        pair=_read_pair(fields),
        is_instant=is_instant,
        skip_enter_step=skip_enter_step,
        entry=_read_entry(fields.required_group("position"), has_own_price=skip_enter_step),
        steps=None if is_instant else _read_steps(fields.required_group("take_profit")),
        stop=None if is_instant else _read_stop(fields.required_group("stop_loss")),
        note=read_note(fields),
    )
    _raise_problems(fields)
    return terms


def read_change_terms(parameters: Mapping[str, object]) -> ChangeTerms:
    """What a PATCH request asks for.

    Args:
        parameters: All parameters of the request; immutable fields are ignored.

    Raises:
        Refusal: 400, a field is missing or malformed.
    """
    fields = Fields(parameters)
    _check_leverage(fields)
    position = fields.required_group("position")
    units = position.required_group("units").number("value", required=True)
    conditional = position.group("conditional") or Fields({})
    trigger = conditional.group("price") or Fields({})
    price = position.group("price") or Fields({})
    take_profit, stop_loss = fields.group("take_profit"), fields.group("stop_loss")
    terms = ChangeTerms(
        units=units or ZERO,
        price=price.number("value"),
        trigger=trigger.number("value"),
        trigger_type=trigger.choice("type", PriceType),
        conditional_order_type=conditional.choice("order_type", OrderType),
        replaces_trailing=conditional.has("trailing"),
        trailing_pct=_read_trailing(conditional),
        replaces_steps=take_profit is not None,
        steps=None if take_profit is None else _read_steps(take_profit),
        replaces_stop=stop_loss is not None,
        stop=None if stop_loss is None else _read_stop(stop_loss),
    )
    _raise_problems(fields)
    return terms


def read_note(fields: Fields, *, required: bool = False) -> str | None:
    """A note of 1 to 300 characters, or None where it is absent.

    Args:
        fields: Top level of the request.
        required: Whether the request must give one.

    Source: fact sheet V14 and Q11 (an empty note is refused).
    """
    note = fields.text("note")
    if note is None:
        if required:
            fields.report("note", MISSING)
        return None
    if len(note) > MAX_NOTE_LENGTH:
        fields.report("note", f"too long. Max is {MAX_NOTE_LENGTH} symbols")
    elif not note:
        fields.report("note", "is empty")
    return note


def _raise_problems(fields: Fields) -> None:
    if fields.problems:
        raise refuse_parameters(fields.problems)


def _read_pair(fields: Fields) -> str:
    if not fields.has("pair"):
        fields.report("pair", MISSING)
    return fields.text("pair") or ""


def _check_leverage(fields: Fields) -> None:
    leverage = fields.group("leverage")
    if leverage is not None and leverage.flag("enabled", required=True):
        leverage.choice("type", LeverageType, required=True)
        leverage.number("value")


def _read_entry(position: Fields, *, has_own_price: bool) -> EntryTerms:
    side = position.choice("type", Side, required=True) or Side.BUY
    order_type = position.choice("order_type", EntryType, required=True) or EntryType.MARKET
    units = position.required_group("units").number("value", required=True)
    conditional = Fields({})
    conditional_order_type = None
    is_conditional = order_type is EntryType.CONDITIONAL and not has_own_price
    if is_conditional:
        conditional = position.required_group("conditional")
        conditional_order_type = conditional.choice("order_type", OrderType, required=True)
    needs_price = has_own_price or EntryType.LIMIT in (order_type, conditional_order_type)
    price = position.required_group("price") if needs_price else position.group("price")
    trigger = conditional.required_group("price") if is_conditional else Fields({})
    return EntryTerms(
        side=side,
        order_type=order_type,
        units=units or ZERO,
        price=price.number("value", required=True) if needs_price and price is not None else None,
        trigger=trigger.number("value", required=is_conditional),
        trigger_type=_read_trigger_type(trigger, side) if is_conditional else None,
        conditional_order_type=conditional_order_type,
        trailing_pct=_read_trailing(conditional),
    )


def _read_trigger_type(trigger: Fields, side: Side) -> PriceType:
    given = trigger.choice("type", PriceType)
    return given or (PriceType.ASK if side is Side.BUY else PriceType.BID)


def _read_trailing(group: Fields) -> Decimal | None:
    trailing = group.group("trailing")
    if trailing is None or not trailing.flag("enabled", required=True):
        return None
    return trailing.number("percent", required=True)


def _read_steps(take_profit: Fields) -> tuple[StepTerms, ...] | None:
    if not take_profit.flag("enabled", required=True):
        return None
    elements = take_profit.elements("steps")
    if elements is None:
        take_profit.report("steps", MISSING)
        return None
    return tuple(_read_step(element) for element in elements)


def _read_step(step: Fields) -> StepTerms:
    price = step.required_group("price")
    _check_either_level(price)
    return StepTerms(
        order_type=step.choice("order_type", OrderType, required=True) or OrderType.MARKET,
        volume_pct=step.number("volume", required=True) or ZERO,
        price_type=price.choice("type", PriceType, required=True) or PriceType.LAST,
        price=price.number("value"),
        percent=price.number("percent"),
        trailing_pct=_read_trailing(step),
    )


def _read_stop(stop_loss: Fields) -> StopTerms | None:
    if not stop_loss.flag("enabled", required=True):
        return None
    order_type = stop_loss.choice("order_type", OrderType, required=True) or OrderType.MARKET
    conditional = stop_loss.required_group("conditional")
    trigger = conditional.required_group("price")
    _check_either_level(trigger)
    limit_price = None
    if order_type is OrderType.LIMIT:
        limit_price = stop_loss.required_group("price").number("value", required=True)
    return StopTerms(
        order_type=order_type,
        price_type=trigger.choice("type", PriceType, required=True) or PriceType.LAST,
        trigger=trigger.number("value"),
        percent=trigger.number("percent"),
        limit_price=limit_price,
        trailing_pct=_read_trailing(conditional),
        timeout_s=_read_timeout(stop_loss),
        has_breakeven=stop_loss.flag("breakeven"),
    )


def _read_timeout(stop_loss: Fields) -> int | None:
    timeout = stop_loss.group("timeout")
    if timeout is None or not timeout.flag("enabled", required=True):
        return None
    return timeout.integer("value", required=True)


def _check_either_level(price: Fields) -> None:
    """Exactly one of value and percent; both names share one key, joined by a comma.

    Source: fact sheet 4.4.
    """
    key = f"{price.key('value')},{price.key('percent')}"
    if price.has("value") and price.has("percent"):
        price.report_key(key, "are mutually exclusive")
    elif not price.has("value") and not price.has("percent"):
        price.report_key(key, "are missing, exactly one parameter must be provided")
