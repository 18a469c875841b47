"""Money at risk of one trade in one state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.model.reasons import Reason, reason
from reconciler.model.risk import LiquidationPrice, RiskReason, TradeRisk, Unknown
from reconciler.model.terms import Terms
from reconciler.model.unreadable import Part
from reconciler.risk.exits import StepExit, find_steps, find_stop_price
from reconciler.risk.liquidation import find_liquidation
from reconciler.risk.position import Position, make_position
from reconciler.risk.state import TradeState

_ONE, _ZERO = Decimal(1), Decimal(0)
# Numbers that depend on what the position has cost.
_MONEY = ("notional", "margin", "loss_at_stop", "reward", "fees")
_ALL = ("units", *_MONEY, "liquidation")
_DEPENDENT: Mapping[Part, tuple[str, ...]] = {
    **dict.fromkeys((Part.ACCOUNT, Part.PAIR, Part.KIND, Part.ENTRY, Part.FILLS, Part.STATUS), _ALL),
    Part.LEVERAGE: ("margin", "liquidation"),
    Part.STEPS: ("reward", "fees"),
    Part.STOP: ("loss_at_stop",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The figures of an account that risk depends on.

    Attributes:
        fee: Share of the amount, 0.001 for 0.1 percent.
        maintenance: Share of the worth of a position that must stay as margin, or None if it is not known.
    """

    fee: Decimal
    maintenance: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A trade in one state, with all that its levels are made from.

    Attributes:
        state: The trade.
        position: Its position.
        steps: Its steps with price and size.
        stop_price: Where its stop closes, or None.
        risk: Its money at risk.
    """

    state: TradeState
    position: Position
    steps: tuple[StepExit, ...]
    stop_price: Decimal | None
    risk: TradeRisk


def measure(state: TradeState, rules: Rules, known: Measured | None = None) -> Measured:
    """Measure the money at risk of a trade.

    Args:
        state: The trade in one state.
        rules: Fee and maintenance margin of its account.
        known: The same trade in another state, by the same rules: what is the same in both is not computed twice.
    """
    is_same = known is not None and _has_same_position(known.state, state)
    position = known.position if known is not None and is_same else make_position(state, rules.fee)
    is_same = is_same and known is not None and known.state.steps is state.steps
    steps = known.steps if known is not None and is_same else find_steps(state, position)
    stop_price = find_stop_price(state, position)
    risk = _measure(state, position, steps, stop_price, rules)
    return Measured(state=state, position=position, steps=steps, stop_price=stop_price, risk=risk)


def _has_same_position(first: TradeState, second: TradeState) -> bool:
    """Return whether an operation has left unchanged all that a position is made from."""
    return (
        first.terms.entry == second.terms.entry
        and first.terms.market == second.terms.market
        and first.terms.skip_enter_step == second.terms.skip_enter_step
        and first.terms.account_id == second.terms.account_id
        and first.opened_units == second.opened_units
        and first.opened_total == second.opened_total
        and first.closed_units == second.closed_units
        and first.closed_total == second.closed_total
        and first.waiting_units == second.waiting_units
        and first.adds == second.adds
        and first.prices == second.prices
        and first.price_step == second.price_step
        and first.lot_step == second.lot_step
    )


def find_factor(terms: Terms) -> Decimal | None:
    """Return the factor of the leverage: 1 without leverage; None if the exchange chooses it."""
    if terms.leverage is None or terms.market.ignores_leverage:
        return _ONE
    return terms.leverage.value or None


def _measure(
    state: TradeState, position: Position, steps: tuple[StepExit, ...], stop_price: Decimal | None, rules: Rules
) -> TradeRisk:
    terms = state.terms
    factor = find_factor(terms)
    liquidation, doubt = find_liquidation(terms, position.entry_price, rules.maintenance, state.liquidation_price)
    exit_price = _find_exit_price(state, position, stop_price)
    outcome = None if exit_price is None else position.result_of(position.units, exit_price)
    loss = None if outcome is None else max(-outcome, _ZERO)
    reward = _find_reward(position, steps)
    risk = TradeRisk(
        currency=terms.quote,
        pair=terms.pair,
        account_id=terms.account_id,
        side=terms.entry.side,
        leverage=factor,
        is_contract=terms.market.is_contract,
        is_instant=terms.instant,
        is_held=state.is_held,
        units=position.units,
        notional=position.notional,
        margin=None if factor is None or position.notional is None else position.notional / factor,
        entry_price=position.entry_price,
        stop_price=stop_price,
        loss_at_stop=loss,
        locked_in=None if outcome is None else max(outcome, _ZERO),
        reward=reward,
        reward_risk=reward / loss if reward is not None and loss else None,
        realised=position.realised,
        at_market=_find_at_market(state, position),
        give_back=_find_give_back(state, position, stop_price),
        fees=_find_fees(position, steps),
        breakeven=position.find_breakeven(),
        liquidation=liquidation,
        has_stop=state.stop is not None,
        may_not_fill=state.stop is not None and state.stop.limit_price is not None,
    )
    if state.unreadable or state.are_adds_unknown or doubt or _has_gap(state, risk):
        return _say_unknown(state, position, steps, risk, doubt)
    return risk


def _find_exit_price(state: TradeState, position: Position, stop_price: Decimal | None) -> Decimal | None:
    """Return the price at which the stop closes.

    A stop beyond an entry that waits is passed as soon as the trade is entered, and closes it at about that price.
    """
    entry_price = position.entry_price
    if stop_price is None or entry_price is None or state.is_held or state.terms.skip_enter_step:
        return stop_price
    return min(stop_price, entry_price) if position.is_long else max(stop_price, entry_price)


def _find_reward(position: Position, steps: Sequence[StepExit]) -> Decimal | None:
    """Return the result of all steps together; None without steps, or if it is not known."""
    value = units = _ZERO
    for step in steps:
        if step.value is None:
            return None
        value, units = value + step.value, units + step.units
    cost = position.cost_of(units) if steps else None
    return None if cost is None else position.sign * (value - cost)


def _find_fees(position: Position, steps: Sequence[StepExit]) -> Decimal | None:
    total = position.entry_fees
    for step in steps:
        worth = position.terms.market.worth_of(step.units, step.price)
        if total is None or worth is None:
            return None
        total += worth * position.fee
    return total


def _find_at_market(state: TradeState, position: Position) -> Decimal | None:
    """Return the result of closing what is held now; None if nothing is held, or no price is known.

    Orders that wait would be cancelled, so what they cost is no part of it.
    """
    held = state.held_units
    if state.prices is None or held <= 0:
        return None
    value = position.value_of(held, state.prices.bid if position.is_long else state.prices.ask)
    return None if value is None or position.held_cost is None else position.sign * (value - position.held_cost)


def _find_give_back(state: TradeState, position: Position, stop_price: Decimal | None) -> Decimal | None:
    held = state.held_units
    if state.prices is None or held <= 0:
        return None
    now, then = (position.value_of(held, price) for price in (state.prices.last, stop_price))
    return None if now is None or then is None else position.sign * (now - then)


def _has_gap(state: TradeState, risk: TradeRisk) -> bool:
    """Return whether a number is missing that could be there."""
    is_stop_missing = state.stop is not None and risk.loss_at_stop is None
    is_reward_missing = bool(state.steps) and risk.reward is None
    return risk.notional is None or risk.margin is None or risk.realised is None or is_stop_missing or is_reward_missing


def _say_unknown(
    state: TradeState, position: Position, steps: Sequence[StepExit], risk: TradeRisk, doubt: RiskReason | None
) -> TradeRisk:
    """Return the risk with what is not known and why; numbers that rest on what cannot be read are taken out."""
    found: dict[str, Reason] = {}
    for field in state.unreadable:
        why = reason(RiskReason.RISK_UNREADABLE, problem=field.problem)
        found = {**dict.fromkeys(_DEPENDENT.get(field.part, ()), why), **found}
    if position.problem is not None:
        found = {**dict.fromkeys(_MONEY, reason(position.problem)), **found}
    elif risk.realised is None:
        found.setdefault("realised", reason(RiskReason.NO_CLOSED_TOTAL))
    if state.are_adds_unknown:
        found = {**dict.fromkeys(_ALL, reason(RiskReason.AVERAGING_UNREAD)), **found}
    if state.stop is not None and risk.stop_price is None:
        found.setdefault("loss_at_stop", reason(RiskReason.NO_LEVEL_PRICE))
    if any(step.price is None for step in steps):
        found.setdefault("reward", reason(RiskReason.NO_LEVEL_PRICE))
    if risk.leverage is None:
        found.setdefault("margin", reason(RiskReason.NO_LEVERAGE_FACTOR))
    if doubt is not None:
        found.setdefault("liquidation", reason(doubt))
    return _take_out(risk, found)


def _take_out(risk: TradeRisk, found: Mapping[str, Reason]) -> TradeRisk:
    """Return the risk without the numbers that are not known."""
    no_units, no_stop, no_reward = "units" in found, "loss_at_stop" in found, "reward" in found
    return replace(
        risk,
        units=None if no_units else risk.units,
        notional=None if "notional" in found else risk.notional,
        margin=None if "margin" in found else risk.margin,
        entry_price=None if no_units else risk.entry_price,
        stop_price=None if no_stop else risk.stop_price,
        loss_at_stop=None if no_stop else risk.loss_at_stop,
        locked_in=None if no_stop else risk.locked_in,
        reward=None if no_reward else risk.reward,
        reward_risk=None if no_reward or no_stop else risk.reward_risk,
        realised=None if no_units else risk.realised,
        at_market=None if no_units else risk.at_market,
        give_back=None if no_units or no_stop else risk.give_back,
        fees=None if "fees" in found else risk.fees,
        breakeven=None if no_units else risk.breakeven,
        liquidation=LiquidationPrice() if "liquidation" in found else risk.liquidation,
        unknown=tuple(Unknown(part=part, reason=why) for part, why in found.items()),
    )
