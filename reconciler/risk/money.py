"""Money that operations move: what they bind, set free, and buy or sell at market at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from reconciler.model.consequences import Moment
from reconciler.model.fires import AVERAGING_FIRES, ENTRY_FIRES
from reconciler.model.operations import Action, Operation
from reconciler.model.risk import Money
from reconciler.risk.state import TradeState
from reconciler.risk.totals import EXACT
from reconciler.risk.trade_risk import Measured, find_factor

_ZERO = Decimal(0)


class Movement(StrEnum):
    """Kind of a movement of money."""

    COMMITS = "commits"
    FREES = "frees"
    AT_MARKET = "at_market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Operation on a trade, with the trade before and after it.

    Attributes:
        operation: What is done.
        before: The trade before, or None.
        after: The trade after, or None.
    """

    operation: Operation
    before: Measured | None
    after: Measured | None


# What moves, and how much of it; None if that is not known.
Amounts = Iterator[tuple[Movement, Decimal | None]]


def sum_money(moves: Sequence[Move]) -> Money:
    """Sum up the money that operations move, by currency.

    Args:
        moves: The operations of a plan.
    """
    sums: dict[Movement, dict[str, Decimal]] = {movement: {} for movement in Movement}
    unknown: dict[str, None] = {}
    with localcontext(EXACT):
        for move in moves:
            for movement, amount in _list_amounts(move):
                if amount is None:
                    unknown[move.operation.trade] = None
                elif amount:
                    currency = _currency_of(move)
                    sums[movement][currency] = sums[movement].get(currency, _ZERO) + amount
    return Money(
        commits=sums[Movement.COMMITS],
        frees=sums[Movement.FREES],
        at_market=sums[Movement.AT_MARKET],
        unknown=tuple(unknown),
    )


def _list_amounts(move: Move) -> Amounts:
    operation, before, after = move.operation, move.before, move.after
    if operation.opens:
        yield from _list_opening(move)
    elif operation.action is Action.ADD_FUNDS:
        yield from _list_added(move)
    elif before is not None and after is not None and operation.action is Action.UPDATE:
        yield from _list_updated(before, after)
    elif before is not None and operation.action in (Action.CANCEL, Action.CLOSE):
        yield Movement.FREES, _find_bound(before)
    elif before is not None and operation.action is Action.CANCEL_AVERAGING:
        yield Movement.FREES, _find_freed_order(move)
    if before is not None and _closes_now(operation):
        yield Movement.AT_MARKET, _find_closed(operation, before)


def _list_opening(move: Move) -> Amounts:
    """List what a create binds; what its averaging orders bind counts when they are sent."""
    after = move.after
    if move.before is not None:
        yield Movement.FREES, _find_waiting_margin(move.before)
    if after is None or after.state.terms.skip_enter_step:
        return
    yield Movement.COMMITS, _find_waiting_margin(after)
    if ENTRY_FIRES in move.operation.fires:
        yield Movement.AT_MARKET, _find_waiting_worth(after)


def _list_added(move: Move) -> Amounts:
    order, trade = move.operation.averaging, move.after
    if order is None or trade is None:
        return
    worth = trade.state.terms.market.worth_of(order.units, order.price)
    yield Movement.COMMITS, _divide(worth, find_factor(trade.state.terms))
    if AVERAGING_FIRES in move.operation.fires:
        yield Movement.AT_MARKET, worth


def _list_updated(before: Measured, after: Measured) -> Amounts:
    """List what an update of entry or leverage binds more or less than before."""
    old, new = before.state.terms, after.state.terms
    if (old.entry, old.leverage) == (new.entry, new.leverage) or new.skip_enter_step:
        return
    first, then = before.risk.margin, after.risk.margin
    if first is None or then is None:
        yield Movement.COMMITS, None
    else:
        yield Movement.COMMITS, max(then - first, _ZERO)
        yield Movement.FREES, max(first - then, _ZERO)


def _closes_now(operation: Operation) -> bool:
    if operation.action is Action.CLOSE:
        return True
    return operation.closing is not None and operation.closing.moment is Moment.NOW and not operation.opens


def _find_closed(operation: Operation, before: Measured) -> Decimal | None:
    """Return what a close brings, or costs, at the prices that the reviewer sees."""
    closing = operation.closing
    return None if closing is None else before.position.value_of(closing.units, closing.price)


def _find_freed_order(move: Move) -> Decimal | None:
    """Return the margin of the averaging order that is not there afterwards."""
    if move.before is None or move.after is None:
        return None
    left = list(move.after.state.adds)
    worths = []
    for order in move.before.state.adds:
        if order in left:
            left.remove(order)
        else:
            worths.append(move.before.state.terms.market.worth_of(order.units, order.price))
    worth = None if len(worths) != 1 else worths[0]
    return _divide(worth, find_factor(move.before.state.terms))


def _find_bound(trade: Measured) -> Decimal | None:
    """Return what is bound by an entry that waits, or by the averaging orders of a position."""
    state = trade.state
    if state.waiting_units or not state.adds:
        return _find_waiting_margin(trade)
    worths = [state.terms.market.worth_of(order.units, order.price) for order in state.adds]
    known = [worth for worth in worths if worth is not None]
    return _divide(sum(known, _ZERO) if len(known) == len(worths) else None, find_factor(state.terms))


def _find_waiting_margin(trade: Measured) -> Decimal | None:
    return _divide(_find_waiting_worth(trade), find_factor(trade.state.terms))


def _find_waiting_worth(trade: Measured) -> Decimal | None:
    state: TradeState = trade.state
    if not state.waiting_units:
        return _ZERO if trade.risk.units is not None else None
    return state.terms.market.worth_of(state.waiting_units, trade.position.waiting_price)


def _divide(worth: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return None if worth is None or factor is None else worth / factor


def _currency_of(move: Move) -> str:
    side = move.after or move.before
    return side.risk.currency if side else ""
