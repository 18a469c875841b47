"""The size of a trade with its cost: unit cost, unit value, and the result of closing it at a price.

All in the currency in which the pair is paid. An entry pays this currency if it buys coins or linear contracts, and
receives it if it sells them; with inverse contracts, which are dollars sold for coins, it is the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal

from reconciler.codec.numbers import truncate
from reconciler.model.live import Prices
from reconciler.model.markets import MarketKind
from reconciler.model.risk import RiskReason
from reconciler.model.terms import Entry, OrderType, Side, Terms
from reconciler.risk.state import TradeState

_ONE, _ZERO, _HUNDRED = Decimal(1), Decimal(0), Decimal(100)
# The cost of a part of a position is cut to this, so that the parts make exactly the whole.
_PART_STEP = Decimal("1e-18")
# More digits than any amount has: with the usual 28, an amount above 10,000,000,000 could not be cut.
_EXACT = Context(prec=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """All that is held, waits to be entered, or is planned to be added, as if it were filled.

    Attributes:
        terms: The trade.
        fee: Share of the amount, 0.001 for 0.1 percent.
        sign: 1 if the entry pays, -1 if it receives.
        units: Size that is not closed yet.
        cost: Paid or received for it, fees included; None if it is not known.
        notional: Worth of the size at its entry; None if it is not known.
        entry_fees: Fees that are still to be paid to enter it; None if they are not known.
        average: Unit cost as a price, of what is entered or waits, without what is to be added; levels in percent
            count from it. None if it is not known.
        entry_price: Price at which all of it is entered, without fees; None if it is not known.
        waiting_price: Price at which the entry fills that waits; None if it is not known.
        realised: Result of what is closed already; None if it is not known.
        held_cost: Paid or received for what is held now, fees included; None if it is not known.
        problem: Why the cost is not known, or None.
    """

    terms: Terms
    fee: Decimal
    sign: int
    units: Decimal
    cost: Decimal | None
    notional: Decimal | None
    entry_fees: Decimal | None
    average: Decimal | None
    entry_price: Decimal | None
    waiting_price: Decimal | None
    realised: Decimal | None
    held_cost: Decimal | None
    problem: RiskReason | None = None

    @property
    def is_long(self) -> bool:
        """Return whether it gains when the price rises."""
        return self.terms.entry.side is Side.BUY

    def value_of(self, units: Decimal, price: Decimal | None) -> Decimal | None:
        """Return what a size brings when it is closed at a price, or costs to buy back; None if it is not known."""
        worth = self.terms.market.worth_of(units, price)
        return None if worth is None else worth * (_ONE - self.sign * self.fee)

    def cost_of(self, units: Decimal) -> Decimal | None:
        """Return what a part of the size has cost or brought; None if it is not known."""
        if self.cost is None or units == self.units:
            return self.cost
        return share_of(self.cost, units, self.units)

    def result_of(self, units: Decimal, price: Decimal | None) -> Decimal | None:
        """Return the result of closing a part of the size at a price; None if it is not known."""
        value, cost = self.value_of(units, price), self.cost_of(units)
        return None if value is None or cost is None else self.sign * (value - cost)

    def find_breakeven(self) -> Decimal | None:
        """Return the price at which closing brings nothing and costs nothing; None if it is not known."""
        if self.cost is None:
            return None
        return price_of(self.terms, self.units, self.cost / (_ONE - self.sign * self.fee))


def make_position(state: TradeState, fee: Decimal) -> Position:
    """Make the position of a trade.

    Args:
        state: The trade.
        fee: Share of the amount.
    """
    terms, sign = state.terms, sign_of(state.terms)
    price = find_entry_price(terms.entry, state.prices)
    rate = _ONE + sign * fee
    left, held_cost, realised = _split_closed(state, sign)
    waiting = _worth(terms, state.waiting_units, price)
    added = [terms.market.worth_of(order.units, order.price) for order in state.adds]
    orders = _total([waiting, *added])
    base = _total([held_cost, _times(waiting, rate)])
    cost = _total([base, *(_times(each, rate) for each in added)])
    units = left + state.waiting_units + sum((order.units for order in state.adds), _ZERO)
    bare = cost if terms.skip_enter_step and not state.adds else _divide(cost, rate)
    return Position(
        terms=terms,
        fee=fee,
        sign=sign,
        units=units,
        cost=cost,
        notional=_total([held_cost, orders]),
        entry_fees=_times(orders, fee),
        average=price_of(terms, left + state.waiting_units, base),
        entry_price=price if not state.adds and not state.is_held else price_of(terms, units, bare),
        waiting_price=price,
        realised=realised,
        held_cost=held_cost,
        problem=None if cost is not None else _find_problem(state, price),
    )


def find_entry_price(entry: Entry, prices: Prices | None) -> Decimal | None:
    """Find the price at which an entry fills, the worst one if there are several; None if it is not known.

    A trailing entry fills at most its distance behind the trigger. An entry at market fills at the present prices.
    """
    condition = entry.condition
    if condition is not None and condition.trailing_pct is not None:
        distance = condition.price * condition.trailing_pct / _HUNDRED
        return condition.price + distance if entry.side is Side.BUY else condition.price - distance
    if condition is not None:
        return entry.price if condition.order_type is OrderType.LIMIT and entry.price else condition.price
    if entry.price is not None and entry.order_type is not OrderType.MARKET:
        return entry.price
    if prices is None:
        return None
    return prices.ask if entry.side is Side.BUY else prices.bid


def sign_of(terms: Terms) -> int:
    """Return 1 if the entry pays the currency of the pair, and -1 if it receives it."""
    return 1 if (terms.entry.side is Side.BUY) is not (terms.market.kind is MarketKind.INVERSE) else -1


def price_of(terms: Terms, units: Decimal, total: Decimal | None) -> Decimal | None:
    """Return the price at which a size is worth a total; None if it is not known."""
    size = terms.market.unit_size
    if size is None or not total or not units:
        return None
    face = units * size
    return face / total if terms.market.kind is MarketKind.INVERSE else total / face


def share_of(total: Decimal, units: Decimal, whole: Decimal) -> Decimal:
    """Return the part of a total that belongs to a part of a size."""
    return (total * units / whole).quantize(_PART_STEP, ROUND_DOWN, _EXACT) if whole else _ZERO


def price_of_percent(average: Decimal | None, percent: Decimal, price_step: Decimal, *, is_up: bool) -> Decimal | None:
    """Return the price of a level in percent of the average; None if there is no average.

    Args:
        average: Average entry price, fees included.
        percent: Distance.
        price_step: Tick size to which it is cut; 0 if it is not known.
        is_up: Whether the level is above the average.
    """
    if average is None:
        return None
    share = percent / _HUNDRED
    return truncate(average * (_ONE + share if is_up else _ONE - share), price_step)


def size_for_risk(risk: Decimal, loss_per_unit: Decimal, lot_step: Decimal) -> Decimal:
    """Return the largest size that loses no more than an amount at its stop, in whole lots.

    Args:
        risk: The amount.
        loss_per_unit: Loss of one unit at the stop, above 0.
        lot_step: Lot size; 0 if it is not known.
    """
    return truncate(risk / loss_per_unit, lot_step)


def _split_closed(state: TradeState, sign: int) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """Return the size that is held, what it has cost, and the result of what is closed."""
    closed = state.closed_units
    # Without the size of a contract it is not even known in which currency it is paid.
    total = state.opened_total if state.terms.market.unit_size is not None or not state.opened_units else None
    if total is None or not closed:
        return state.opened_units - closed, total, None if total is None and closed else _ZERO
    gone = share_of(total, closed, state.opened_units)
    realised = None if state.closed_total is None else sign * (state.closed_total - gone)
    return state.opened_units - closed, total - gone, realised


def _find_problem(state: TradeState, price: Decimal | None) -> RiskReason:
    if state.terms.market.unit_size is None:
        return RiskReason.NO_CONTRACT_SIZE
    if state.waiting_units and price is None:
        return RiskReason.NO_ENTRY_PRICE
    return RiskReason.NO_ENTRY_COST


def _worth(terms: Terms, units: Decimal, price: Decimal | None) -> Decimal | None:
    return terms.market.worth_of(units, price) if units else _ZERO


def _total(parts: list[Decimal | None]) -> Decimal | None:
    """Return the sum; None if a part is not known."""
    total = _ZERO
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _times(amount: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if amount is None else amount * factor


def _divide(amount: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if amount is None else amount / factor
