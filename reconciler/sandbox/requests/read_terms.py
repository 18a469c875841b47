"""The terms of create, PATCH and funds requests, or 400 with every missing and malformed field.

Source: SmartTradesV2 page, parameters and annotated JSON of create, parameters of update.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.sandbox.requests.fields import INVALID, MISSING, NO_CHOICE, Fields
from reconciler.sandbox.requests.read_exits import ZERO, read_steps, read_stop, read_trailing
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.refusals import refuse_parameters
from reconciler.sandbox.values.terms import (
    ChangeTerms,
    EntryTerms,
    EntryType,
    FundsTerms,
    Leverage,
    LeverageType,
    OrderType,
    Side,
    TradeTerms,
)

# Source: set note page.
MAX_NOTE_LENGTH = 300


def read_trade_terms(parameters: Mapping[str, object]) -> TradeTerms:
    """Read the terms of a create request.

    Args:
        parameters: All parameters of the request.

    Raises:
        RequestRefused: A field is missing or malformed (400).
    """
    fields = Fields(parameters)
    is_instant = fields.flag("instant")
    skip_enter_step = fields.flag("skip_enter_step")
    if is_instant and skip_enter_step:
        fields.report("skip_enter_step", INVALID)
    terms = TradeTerms(
        account_id=fields.integer("account_id", required=True) or 0,
        pair=_read_pair(fields),
        is_instant=is_instant,
        skip_enter_step=skip_enter_step,
        entry=_read_entry(fields.required_group("position"), has_own_price=skip_enter_step),
        steps=None if is_instant else read_steps(fields.required_group("take_profit")),
        stop=None if is_instant else read_stop(fields.required_group("stop_loss")),
        note=read_note(fields),
        leverage=_read_leverage(fields),
    )
    _raise_problems(fields)
    return terms


def read_change_terms(parameters: Mapping[str, object]) -> ChangeTerms:
    """Read the terms of a PATCH request.

    Args:
        parameters: All parameters of the request; immutable fields are ignored.

    Raises:
        RequestRefused: A field is missing or malformed (400).
    """
    fields = Fields(parameters)
    leverage = _read_leverage(fields)
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
        trailing_pct=read_trailing(conditional),
        replaces_steps=take_profit is not None,
        steps=None if take_profit is None else read_steps(take_profit),
        replaces_stop=stop_loss is not None,
        stop=None if stop_loss is None else read_stop(stop_loss),
        replaces_leverage=fields.has("leverage"),
        leverage=leverage,
    )
    _raise_problems(fields)
    return terms


def read_funds_terms(parameters: Mapping[str, object]) -> FundsTerms:
    """Read the terms of a request to add or to reduce funds.

    Args:
        parameters: All parameters of the request.

    Raises:
        RequestRefused: A field is missing or malformed (400).

    Source: add funds and reduce funds pages; a market order has no price.
    """
    fields = Fields(parameters)
    order_type = _read_order_type(fields)
    units = fields.required_group("units").number("value", required=True)
    price: Decimal | None = None
    if order_type is OrderType.LIMIT:
        price = fields.required_group("price").number("value", required=True)
    _raise_problems(fields)
    return FundsTerms(order_type=order_type, units=units or ZERO, price=price)


def read_note(fields: Fields, *, required: bool = False) -> str | None:
    """Read a note of 1 to 300 characters, or None if it is absent.

    Args:
        fields: Top level of the request.
        required: Whether the request must give one.

    Source: set note page; that an empty note is refused is assumed.
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


def _read_order_type(fields: Fields) -> OrderType:
    """Read the order type. Source: published error of the add funds page (a missing type has two problems)."""
    if not fields.has("order_type"):
        fields.report("order_type", MISSING)
        fields.report("order_type", NO_CHOICE)
    return fields.choice("order_type", OrderType) or OrderType.MARKET


def _read_pair(fields: Fields) -> str:
    if not fields.has("pair"):
        fields.report("pair", MISSING)
    return fields.text("pair") or ""


def _read_leverage(fields: Fields) -> Leverage | None:
    leverage = fields.group("leverage")
    if leverage is None or not leverage.flag("enabled", required=True):
        return None
    kind = leverage.choice("type", LeverageType, required=True) or LeverageType.ISOLATED
    value = leverage.number("value")
    # Source: revision of the docs repository that retired `custom`, kept as isolated.
    return Leverage(type=LeverageType.ISOLATED if kind is LeverageType.CUSTOM else kind, value=value)


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
        trailing_pct=read_trailing(conditional),
    )


def _read_trigger_type(trigger: Fields, side: Side) -> PriceType:
    given = trigger.choice("type", PriceType)
    return given or (PriceType.ASK if side is Side.BUY else PriceType.BID)
