"""Forecasts of operations: what each does to money, in one word and in detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.commands import Funds
from reconciler.model.consequences import Basis, Closing, Liquidation, Moment
from reconciler.model.fires import ENTRY_FIRES, Fire
from reconciler.model.forecasts import Forecast
from reconciler.model.live import LiveStep, LiveTrade, Phase, Prices
from reconciler.model.operations import Effect
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.terms import Side, Step, Terms
from reconciler.model.unreadable import SIZE_PARTS
from reconciler.planning.amounts import in_base, in_percent, in_quote, leverage_of, margin_of, worth_of
from reconciler.planning.consequences import foresee_close, foresee_liquidation

# What an operation does: in one word, and one forecast for each thing that it does.
Forecasts = tuple[Effect, tuple[Reason, ...]]

_HUNDRED = Decimal(100)
_CLOSINGS = {
    (True, Moment.NOW): Forecast.CLOSES_NOW,
    (True, Moment.AFTER_ENTRY): Forecast.CLOSES_AFTER_ENTRY,
    (False, Moment.NOW): Forecast.CLOSES_PART_NOW,
    (False, Moment.AFTER_ENTRY): Forecast.CLOSES_PART_AFTER_ENTRY,
}


def forecast_create(
    terms: Terms, prices: Prices | None, fires: Sequence[Fire], closing: Closing | None = None
) -> Forecasts:
    """Forecast the opening of a trade.

    Args:
        terms: The trade.
        prices: The present prices, or None if they are not known.
        fires: What acts at once, from `find_fires`.
        closing: What of it is closed at once or right after its entry.
    """
    liquidation = foresee_liquidation(terms, prices)
    effect, opening = _forecast_opening(terms, prices, fires, is_closed=closing is not None)
    found = [opening]
    if liquidation is not None:
        found = [_add_leverage(opening, terms)]
        found += [forecast_liquidation(liquidation, terms)] if liquidation.is_before_stop else []
    if terms.leverage is not None and terms.market.ignores_leverage:
        found.append(reason(Forecast.LEVERAGE_IGNORED, leverage=leverage_of(terms.leverage), pair=terms.pair))
    if terms.market.unit_size is None:
        found.append(reason(Forecast.CONTRACT_SIZE_UNKNOWN))
    if closing:
        found.append(forecast_closing(closing, terms))
    return effect, tuple(found)


def _add_leverage(opening: Reason, terms: Terms) -> Reason:
    """Return the forecast of an opening with leverage, and with the margin that it binds."""
    values = dict(opening.values)
    bound = values.get("total", values.get("worth"))
    margin = margin_of(bound, terms) if isinstance(bound, Amount) else None
    return reason(Forecast(opening.code), **values, leverage=leverage_of(terms.leverage), margin=margin)


def _forecast_opening(
    terms: Terms, prices: Prices | None, fires: Sequence[Fire], *, is_closed: bool
) -> tuple[Effect, Reason]:
    if terms.skip_enter_step:
        effect = Effect.EXECUTES if is_closed else Effect.COMMITS
        return effect, reason(Forecast.TAKES_OVER, units=in_base(terms.entry.units, terms))
    if ENTRY_FIRES in fires:
        return Effect.EXECUTES, forecast_entering(terms, prices)
    return Effect.COMMITS, reason(Forecast.COMMITS, total=find_commitment(terms), price=price_of_contracts(terms))


def forecast_cancel(live: LiveTrade) -> Forecasts:
    """Forecast the cancel of a trade: before the entry money comes free, after it the position is unprotected."""
    unreadable = live.find_unreadable(SIZE_PARTS)
    if unreadable is not None:
        return Effect.UNPROTECTS, (reason(Forecast.KEEPS_UNKNOWN, problem=unreadable.problem),)
    if not live.was_never_filled:
        kept = reason(Forecast.KEEPS_UNPROTECTED, units=in_base(live.held_units, live.terms))
        return Effect.UNPROTECTS, (kept,)
    freed = reason(Forecast.FREES, total=find_commitment(live.terms), price=price_of_contracts(live.terms))
    return Effect.FREES, (freed,)


def forecast_close(live: LiveTrade, prices: Prices | None) -> Forecasts:
    """Forecast the close of a position at market, with its result as far as it is known."""
    unreadable = live.find_unreadable(SIZE_PARTS)
    if unreadable is not None:
        return Effect.EXECUTES, (reason(Forecast.CLOSES_UNKNOWN, problem=unreadable.problem),)
    closing, terms = foresee_close(live, prices), live.terms
    found = reason(
        Forecast.CLOSES_AT_MARKET,
        side=closing.side.value,
        units=in_base(closing.units, terms),
        worth=worth_of(closing.units, closing.price, terms),
        result=None if closing.result is None else in_quote(closing.result, terms),
    )
    return Effect.EXECUTES, (found,)


def forecast_sale(live: LiveTrade, prices: Prices | None) -> Forecasts:
    """Forecast the close of a partly filled entry: what is sold at market, and what its cancel frees before."""
    effect, money = forecast_close(live, prices)
    before: tuple[Reason, ...] = ()
    if live.phase is Phase.FILLING:
        rest = replace(live.terms.entry, units=live.terms.entry.units - live.entered_units)
        freed = find_commitment(replace(live.terms, entry=rest))
        before = (reason(Forecast.TAKES_REST_BACK, total=freed),)
    return effect, (*money, *before, reason(Forecast.BY_ITS_OWN_TRADE))


def forecast_closing(closing: Closing, terms: Terms) -> Reason:
    """Forecast what of a position is closed by what fires, with amount and result.

    Args:
        closing: What is closed.
        terms: The trade.
    """
    return reason(
        _CLOSINGS[closing.is_whole, closing.moment],
        share=None if closing.is_whole else in_percent(closing.share_pct),
        side=closing.side.value,
        units=in_base(closing.units, terms),
        worth=worth_of(closing.units, closing.price, terms),
        result=None if closing.result is None else in_quote(closing.result, terms),
    )


def forecast_liquidation(liquidation: Liquidation, terms: Terms) -> Reason:
    """Forecast where a position would be liquidated, and on which side of its stop that is."""
    if liquidation.basis is Basis.UNKNOWN or liquidation.price is None:
        return reason(Forecast.LIQUIDATION_UNKNOWN)
    price = in_quote(liquidation.price, terms)
    if liquidation.stop is None:
        return reason(Forecast.LIQUIDATION_WITHOUT_STOP, price=price)
    is_before = liquidation.is_before_stop
    code = Forecast.LIQUIDATION_BEFORE_STOP if is_before else Forecast.LIQUIDATION_BEHIND_STOP
    return reason(code, price=price, stop=in_quote(liquidation.stop, terms))


def forecast_cancel_step(live: LiveTrade, step: Step) -> Forecasts:
    """Forecast the cancel of one take-profit step."""
    units = live.opened_units * step.volume_pct / _HUNDRED
    found = reason(Forecast.STEP_CANCELLED, share=in_percent(step.volume_pct), units=in_base(units, live.terms))
    return Effect.FREES, (found,)


def forecast_add_funds(order: AveragingOrder, terms: Terms, *, is_reached: bool) -> Forecasts:
    """Forecast the sending of an averaging order.

    Args:
        order: The order.
        terms: The trade.
        is_reached: Whether the price has reached it, so that it executes at once.
    """
    total, units = total_of_orders([order], terms), in_base(order.units, terms)
    if is_reached:
        worth = None if terms.market.unit_size is None else total
        found = reason(Forecast.ADDS_AT_ONCE, side=terms.entry.side.value, units=units, total=worth)
        return Effect.EXECUTES, (found,)
    price, margin = in_quote(order.price, terms), margin_of(total, terms)
    return Effect.COMMITS, (reason(Forecast.ADDS, total=total, units=units, price=price, margin=margin),)


def forecast_cancel_averaging(sent: SentOrder, terms: Terms) -> Forecasts:
    """Forecast the cancel of a pending averaging order: what it has not filled comes free."""
    rest = AveragingOrder(price=sent.order.price, units=sent.order.units - sent.filled_units)
    freed = reason(Forecast.FREES, total=total_of_orders([rest], terms))
    if not sent.filled_units:
        return Effect.FREES, (freed,)
    return Effect.FREES, (freed, reason(Forecast.AVERAGING_FILLED, units=in_base(sent.filled_units, terms)))


def total_of_orders(orders: Sequence[AveragingOrder], terms: Terms) -> Amount:
    """Return what averaging orders bind: quote currency of a buy and of contracts, base currency of a sale of coins.

    If the size of a contract is not known it is a number of contracts.
    """
    worths = [terms.market.worth_of(order.units, order.price) for order in orders]
    known = [worth for worth in worths if worth is not None]
    if len(known) < len(worths) or _sells_coins(terms):
        return in_base(sum((order.units for order in orders), Decimal(0)), terms)
    return in_quote(sum(known, Decimal(0)), terms)


def forecast_start(live: LiveTrade, prices: Prices | None) -> Forecasts:
    """Forecast the entering at market of what waits for its price."""
    left = replace(live.terms, entry=replace(live.terms.entry, units=live.terms.entry.units - live.entered_units))
    return Effect.EXECUTES, (_forecast_entering(Forecast.ENTERS_AT_MARKET, left, prices),)


def forecast_added(live: LiveTrade, funds: Funds, prices: Prices | None) -> Forecasts:
    """Forecast an order that adds to a position."""
    codes = (Forecast.ADDS_AT_MARKET, Forecast.ADDS_AT_PRICE)
    return _forecast_funds(codes, live, funds, live.terms.entry.side, prices)


def forecast_reduced(live: LiveTrade, funds: Funds, prices: Prices | None) -> Forecasts:
    """Forecast an order that takes from a position."""
    side = Side.SELL if live.terms.entry.side is Side.BUY else Side.BUY
    codes = (Forecast.REDUCES_AT_MARKET, Forecast.REDUCES_AT_PRICE)
    return _forecast_funds(codes, live, funds, side, prices)


def forecast_close_step(live: LiveTrade, step: LiveStep, prices: Prices | None) -> Forecasts:
    """Forecast the execution of one take-profit step at market."""
    units = step.units if step.units is not None else live.opened_units * step.terms.volume_pct / _HUNDRED
    is_long = live.terms.entry.side is Side.BUY
    price = (prices.bid if is_long else prices.ask) if prices else None
    found = reason(
        Forecast.CLOSES_AT_MARKET,
        side=(Side.SELL if is_long else Side.BUY).value,
        units=in_base(units, live.terms),
        worth=worth_of(units, price, live.terms),
    )
    return Effect.EXECUTES, (found,)


def forecast_profit(live: LiveTrade) -> tuple[Reason, ...]:
    """Return the profit of a position so far; nothing if there is none yet."""
    if live.profit is None:
        return ()
    share = None if live.profit_pct is None else in_percent(live.profit_pct)
    return (reason(Forecast.PROFIT_NOW, profit=in_quote(live.profit, live.terms), share=share),)


def expected_entry_price(terms: Terms) -> Decimal:
    """Return the price at which a waiting entry is expected to fill: its limit, else its trigger, else zero."""
    if terms.entry.price is not None:
        return terms.entry.price
    return terms.entry.condition.price if terms.entry.condition else Decimal(0)


def find_commitment(terms: Terms) -> Amount:
    """Return what a waiting entry binds: quote currency of a buy and of contracts, base currency of a sale of coins.

    If the size of a contract is not known it is a number of contracts.
    """
    worth = worth_of(terms.entry.units, expected_entry_price(terms), terms)
    return in_base(terms.entry.units, terms) if worth is None or _sells_coins(terms) else worth


def price_of_contracts(terms: Terms) -> Amount | None:
    """Return the expected price of an entry whose worth is not known, to be shown instead of it; else None."""
    price = expected_entry_price(terms)
    return in_quote(price, terms) if terms.market.unit_size is None and price else None


def _sells_coins(terms: Terms) -> bool:
    return terms.entry.side is Side.SELL and not terms.market.is_contract


def forecast_entering(terms: Terms, prices: Prices | None) -> Reason:
    """Forecast what an entry that executes at once buys or sells."""
    return _forecast_entering(Forecast.ENTERS_AT_ONCE, terms, prices)


def _forecast_entering(code: Forecast, terms: Terms, prices: Prices | None) -> Reason:
    side, units = terms.entry.side, terms.entry.units
    market = None if prices is None else prices.ask if side is Side.BUY else prices.bid
    return reason(code, side=side.value, units=in_base(units, terms), worth=worth_of(units, market, terms))


def _forecast_funds(
    codes: tuple[Forecast, Forecast], live: LiveTrade, funds: Funds, side: Side, prices: Prices | None
) -> Forecasts:
    """Forecast an order on one side of the book: the first code at market, the second one at a price."""
    terms = live.terms
    market = None if prices is None else prices.ask if side is Side.BUY else prices.bid
    sizes = {"side": side.value, "units": in_base(funds.units, terms)}
    held = in_base(live.held_units, terms) if Forecast.REDUCES_AT_PRICE in codes else None
    if funds.price is None:
        return Effect.EXECUTES, (reason(codes[0], **sizes, held=held, worth=worth_of(funds.units, market, terms)),)
    is_reached = market is not None and (market <= funds.price if side is Side.BUY else market >= funds.price)
    found = reason(
        codes[1],
        **sizes,
        held=held,
        price=in_quote(funds.price, terms),
        total=worth_of(funds.units, funds.price, terms),
        market=in_quote(market, terms) if is_reached and market is not None else None,
    )
    return (Effect.EXECUTES if is_reached else Effect.COMMITS), (found,)
