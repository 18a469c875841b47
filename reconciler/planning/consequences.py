"""Consequences of an operation: exits that fire at once or right after the entry, and the liquidation price.

Judged by what the terms lead to at the present prices and at the entry's own price, not by which field has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from reconciler.diffing.firing import find_fires
from reconciler.model.consequences import Basis, Closing, Liquidation, Moment
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, Fire, FireKind
from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.markets import MarketKind
from reconciler.model.terms import Entry, Leverage, LeverageType, Side, Step, Terms

_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_SHARE_DIGITS = Decimal("0.01")
# An exchange liquidates before the whole margin is lost: by the maintenance margin, a share of the entry. Assumed: most
# contracts have less, and what is counted as before the stop by mistake is only asked about.
_MAINTENANCE_SHARE = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """A position at the moment at which exits are judged.

    Attributes:
        moment: When that is.
        entered: Units at entry, base currency: what the volumes of steps are shares of.
        held: Units that are left of them.
        average: Average entry price in quote currency, or None.
        prices: The prices then.
    """

    moment: Moment
    entered: Decimal
    held: Decimal
    average: Decimal | None
    prices: Prices


def foresee_opening(terms: Terms, prices: Prices | None) -> Closing | None:
    """Find the part of a new position that is closed at once or as soon as its entry fills; None if nothing is closed.

    Args:
        terms: The trade that is opened, or whose entry waits.
        prices: The present prices, or None if they are not known.
    """
    units = terms.entry.units
    if prices is not None:
        fires = find_fires(terms, prices, is_entered=False)
        if terms.skip_enter_step or ENTRY_FIRES in fires:
            average = terms.entry.price if terms.skip_enter_step else _take_price(prices, terms.entry.side)
            now = _Position(moment=Moment.NOW, entered=units, held=units, average=average, prices=prices)
            return _judge(terms, fires, now)
    price = find_fill_price(terms.entry)
    if terms.skip_enter_step or price is None:
        return None
    at_fill = Prices(bid=price, ask=price, last=price)
    fires = find_fires(terms, at_fill, is_entered=True)
    if _is_trailing(terms.entry):
        # How far the price goes on before a trailing entry fills is not known, only that it is not beyond this price.
        fires = tuple(fire for fire in fires if fire == STOP_FIRES)
    filled = _Position(moment=Moment.AFTER_ENTRY, entered=units, held=units, average=price, prices=at_fill)
    return _judge(terms, fires, filled)


def foresee_update(
    live: LiveTrade, before: Terms, after: Terms, *, prices: Prices | None, sends_stop: bool = False
) -> Closing | None:
    """Find the part of a position that is closed because of an update; None if nothing is closed.

    Args:
        live: The trade.
        before: Its terms with progress undone.
        after: Its terms afterwards.
        prices: The present prices, or None if they are not known.
        sends_stop: Whether a stop that is not in place is sent again, changed or not.
    """
    if live.phase is Phase.ENTERING:
        is_same = (before.entry, before.steps, before.stop_loss) == (after.entry, after.steps, after.stop_loss)
        return None if is_same else foresee_opening(after, prices)
    if prices is None:
        return None
    moved = _move_to_breakeven(live, before, after)
    fires = find_fires(moved, prices, is_entered=True, executed=live.executed_terms)
    new_steps = _name_new_steps(before.steps, after.steps)
    has_new_stop = sends_stop or before.stop_loss != after.stop_loss
    caused = tuple(fire for fire in fires if fire in new_steps or (fire == STOP_FIRES and has_new_stop))
    return _judge(after, caused, _held_now(live, prices), live.executed_terms)


def foresee_close(live: LiveTrade, prices: Prices | None) -> Closing:
    """Describe the result of closing a position at market."""
    held = live.held_units
    side = _exit_side(live.terms.entry.side)
    price = None if prices is None else _take_price(prices, side)
    return Closing(
        moment=Moment.NOW,
        parts=(),
        side=side,
        share_pct=_HUNDRED,
        units=held,
        price=price,
        result=_find_result(live.terms, held, price, _find_average(live)),
    )


def find_fill_price(entry: Entry) -> Decimal | None:
    """Find the price at which a waiting entry fills; for a trailing entry the worst such price.

    A limit order that a trigger places fills at the better of both prices: at the trigger if it is marketable then,
    else later at its limit.

    Returns:
        A price in quote currency, or None if only the market knows.
    """
    condition = entry.condition
    if condition is not None and condition.trailing_pct is not None:
        distance = condition.price * condition.trailing_pct / _HUNDRED
        return condition.price + distance if entry.side is Side.BUY else condition.price - distance
    prices = [price for price in (entry.price, condition.price if condition else None) if price is not None]
    if not prices:
        return None
    return min(prices) if entry.side is Side.BUY else max(prices)


def foresee_liquidation(terms: Terms, prices: Prices | None, live: LiveTrade | None = None) -> Liquidation | None:
    """Estimate the liquidation price of a position, as far as it can be known; None without leverage.

    On a spot pair leverage is ignored, so nothing is liquidated.

    Args:
        terms: The trade.
        prices: The present prices, at which an entry at market fills, or None.
        live: The trade as it is, whose position may be held, or None.
    """
    leverage = terms.leverage
    if leverage is None or terms.market.ignores_leverage:
        return None
    price = _find_entry_price(terms, prices, live)
    stop = _find_stop_price(terms, price)
    if leverage.type is not LeverageType.ISOLATED or not leverage.value or not price:
        return Liquidation(basis=Basis.UNKNOWN, price=None, stop=stop, is_before_stop=None)
    is_long = terms.entry.side is Side.BUY
    at, margin = _find_liquidation_price(terms, price, leverage.value), price * _MAINTENANCE_SHARE
    if at is None:
        return Liquidation(basis=Basis.UNKNOWN, price=None, stop=stop, is_before_stop=None)
    is_before = None if stop is None else at + margin >= stop if is_long else at - margin <= stop
    return Liquidation(basis=Basis.ESTIMATED, price=at, stop=stop, is_before_stop=is_before)


def _find_liquidation_price(terms: Terms, price: Decimal, factor: Decimal) -> Decimal | None:
    """Find the price at which the result of a position takes its margin; None if no price does.

    The result of an inverse contract is paid in the coin, so it falls faster than the price.
    """
    share = _ONE / factor if terms.entry.side is Side.BUY else -_ONE / factor
    if terms.market.kind is not MarketKind.INVERSE:
        return price * (_ONE - share)
    return price / (_ONE + share) if share > -_ONE else None


def is_leverage_worse(before: Leverage | None, after: Leverage | None, liquidation: Liquidation | None) -> bool:
    """Return whether a new leverage protects a held position less; an unknown effect counts as worse.

    Args:
        before: The leverage that it has.
        after: The leverage that it gets.
        liquidation: Where that leads to.
    """
    if before == after or _is_lower(before, after):
        return False
    if liquidation is None or liquidation.is_before_stop is None:
        return True
    return liquidation.is_before_stop


def _is_lower(before: Leverage | None, after: Leverage | None) -> bool:
    if before is None or after is None or before.type is not after.type:
        return False
    return before.value is not None and after.value is not None and after.value < before.value


def _judge(terms: Terms, fires: Sequence[Fire], position: _Position, executed: Sequence[Step] = ()) -> Closing | None:
    """Find the part of a position that the exits close."""
    side = _exit_side(terms.entry.side)
    price = _take_price(position.prices, side)
    parts, units, share = _pick_exits(terms, fires, position, executed)
    if units <= 0:
        return None
    stop = terms.stop_loss
    if STOP_FIRES in fires and stop is not None and stop.limit_price is not None:
        # A limit order is filled at the market, or rests if that is worse.
        price = max(price, stop.limit_price) if side is Side.SELL else min(price, stop.limit_price)
    return Closing(
        moment=position.moment,
        parts=parts,
        side=side,
        share_pct=share,
        units=units,
        price=price,
        result=_find_result(terms, units, price, position.average),
    )


def _pick_exits(
    terms: Terms, fires: Sequence[Fire], position: _Position, executed: Sequence[Step]
) -> tuple[tuple[Fire, ...], Decimal, Decimal]:
    """Find the exits that close something at once, how many units they close, and the share of that in percent."""
    if STOP_FIRES in fires:
        return (STOP_FIRES,), position.held, _HUNDRED
    # A trailing step begins to follow the price; it sells nothing yet.
    fired = {
        Fire(FireKind.STEP, place): step
        for place, step in enumerate(terms.steps)
        if Fire(FireKind.STEP, place) in fires and step.trailing_pct is None
    }
    volume = sum((step.volume_pct for step in fired.values()), Decimal(0))
    left = Counter(terms.steps) - Counter(executed) - Counter(fired.values())
    is_all = not left.total() and sum(step.volume_pct for step in terms.steps) >= _HUNDRED
    units = min(position.entered * volume / _HUNDRED, position.held)
    if not fired or units <= 0:
        return (), Decimal(0), Decimal(0)
    if is_all or units == position.held:
        return tuple(fired), position.held, _HUNDRED
    share = (units / position.held * _HUNDRED).quantize(_SHARE_DIGITS, rounding=ROUND_DOWN)
    return tuple(fired), units, share


def _move_to_breakeven(live: LiveTrade, before: Terms, after: Terms) -> Terms:
    """Return the terms with the stop at the entry if an update switches breakeven on after an executed step.

    Source: engine rules of the sandbox, breakeven; that an update makes up for it is assumed, since it may.
    """
    stop, average = after.stop_loss, live.average_price
    was_on = before.stop_loss is not None and before.stop_loss.breakeven
    if stop is None or average is None or was_on or not (stop.breakeven and live.finished_steps):
        return after
    return replace(after, stop_loss=replace(stop, trigger=replace(stop.trigger, value=average)))


def _name_new_steps(before: Sequence[Step], after: Sequence[Step]) -> set[Fire]:
    """Find the steps that were not there before."""
    old = Counter(before)
    new: set[Fire] = set()
    for place, step in enumerate(after):
        if old[step] > 0:
            old[step] -= 1
        else:
            new.add(Fire(FireKind.STEP, place))
    return new


def _held_now(live: LiveTrade, prices: Prices) -> _Position:
    return _Position(
        moment=Moment.NOW,
        entered=live.opened_units,
        held=live.held_units,
        average=_find_average(live),
        prices=prices,
    )


def _find_average(live: LiveTrade) -> Decimal | None:
    return live.average_price or (live.terms.entry.price if live.terms.skip_enter_step else None)


def _find_result(terms: Terms, units: Decimal, price: Decimal | None, average: Decimal | None) -> Decimal | None:
    return terms.market.gain_of(units, average, price, is_long=terms.entry.side is Side.BUY)


def _find_entry_price(terms: Terms, prices: Prices | None, live: LiveTrade | None) -> Decimal | None:
    """Return the average price of a held position, else the price at which it is expected to be opened."""
    if live is not None and live.phase is not Phase.ENTERING:
        return _find_average(live)
    own = terms.entry.price if terms.skip_enter_step else find_fill_price(terms.entry)
    return own if own is not None or prices is None else _take_price(prices, terms.entry.side)


def _find_stop_price(terms: Terms, entry_price: Decimal | None) -> Decimal | None:
    stop = terms.stop_loss
    if stop is None or stop.trigger.value is not None or entry_price is None:
        return stop.trigger.value if stop else None
    share = (stop.trigger.percent or Decimal(0)) / _HUNDRED
    return entry_price * (_ONE - share if terms.entry.side is Side.BUY else _ONE + share)


def _is_trailing(entry: Entry) -> bool:
    return entry.condition is not None and entry.condition.trailing_pct is not None


def _exit_side(side: Side) -> Side:
    return Side.SELL if side is Side.BUY else Side.BUY


def _take_price(prices: Prices, side: Side) -> Decimal:
    """Return the price of an order at market."""
    return prices.ask if side is Side.BUY else prices.bid
