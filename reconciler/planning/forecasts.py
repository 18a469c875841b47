"""What an operation does to money, in one word and in a sentence with amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.commands import Funds
from reconciler.model.consequences import Basis, Closing, Liquidation, Moment
from reconciler.model.fires import ENTRY_FIRES, Fire
from reconciler.model.live import LiveStep, LiveTrade, Prices
from reconciler.model.operations import Effect
from reconciler.model.terms import Side, Step, Terms
from reconciler.planning.amounts import (
    describe_about,
    describe_leverage,
    describe_total,
    describe_units,
    readable,
)
from reconciler.planning.consequences import foresee_close, foresee_liquidation

_HUNDRED = Decimal(100)


def describe_create(
    terms: Terms, prices: Prices | None, fires: Sequence[Fire], closing: Closing | None = None
) -> tuple[Effect, str]:
    """Effect of opening a trade.

    Args:
        terms: The trade.
        prices: The present prices, where they are known.
        fires: What acts at once, from `find_fires`.
        closing: What of it is closed at once or right after its entry.
    """
    entry = terms.entry
    words = [describe_commitment(terms)]
    effect = Effect.COMMITS
    if terms.skip_enter_step:
        words = [f"takes over {describe_units(entry.units, terms)} already held"]
        effect = Effect.EXECUTES if closing else Effect.COMMITS
    elif ENTRY_FIRES in fires:
        words = [describe_entering(terms, prices)]
        effect = Effect.EXECUTES
    liquidation = foresee_liquidation(terms, prices)
    if liquidation is not None:
        words[0] += f", leverage {describe_leverage(terms.leverage)}"
        words += [describe_liquidation(liquidation)] if liquidation.is_before_stop else []
    if closing:
        words.append(describe_closing(closing, terms))
    return effect, "; ".join(words)


def describe_cancel(live: LiveTrade) -> tuple[Effect, str]:
    """Effect of cancelling a trade: before the entry money comes free, after it the position is left unprotected."""
    if not live.was_never_filled:
        return Effect.UNPROTECTS, f"keeps {describe_units(live.held_units, live.terms)} without steps and stop"
    return Effect.FREES, describe_commitment(live.terms)


def describe_close(live: LiveTrade, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of closing a position at market."""
    closing = foresee_close(live, prices)
    verb = "sells" if closing.side is Side.SELL else "buys back"
    worth = describe_about(closing.units, closing.price, live.terms)
    return Effect.EXECUTES, f"{verb} {describe_units(closing.units, live.terms)} at market{worth}"


def describe_closing(closing: Closing, terms: Terms) -> str:
    """What of a position is closed by what fires, with amount and result.

    Args:
        closing: What is closed.
        terms: The trade.
    """
    verb = "sells" if closing.side is Side.SELL else "buys back"
    share = "closes the position" if closing.is_whole else f"closes {plain(closing.share_pct)} % of the position"
    when = "at once" if closing.moment is Moment.NOW else "as soon as the entry fills"
    worth = "" if closing.price is None else f" for about {describe_total(closing.units, closing.price, terms)}"
    return f"{share} {when}: {verb} {describe_units(closing.units, terms)}{worth}{describe_result(closing, terms)}"


def describe_result(closing: Closing, terms: Terms) -> str:
    """Profit or loss on what is closed, as the end of a sentence; empty where it is not known."""
    return "" if closing.result is None else f", result about {readable(closing.result)} {terms.quote}"


def describe_liquidation(liquidation: Liquidation) -> str:
    """Where a position would be liquidated, and how that lies to its stop."""
    if liquidation.basis is Basis.UNKNOWN or liquidation.price is None:
        return "where it would be liquidated is not known"
    words = f"liquidation at about {readable(liquidation.price)} (estimated, without maintenance margin)"
    if liquidation.stop is None:
        return f"{words}, with no stop before it"
    order = "before or near" if liquidation.is_before_stop else "behind"
    return f"{words}, {order} the stop at {readable(liquidation.stop)}"


def describe_cancel_step(live: LiveTrade, step: Step) -> tuple[Effect, str]:
    """Effect of cancelling one take-profit step."""
    share = live.opened_units * step.volume_pct / _HUNDRED
    return (
        Effect.FREES,
        f"{plain(step.volume_pct)} % of the position, {describe_units(share, live.terms)}, gets no step",
    )


def describe_add_funds(order: AveragingOrder, terms: Terms, *, is_reached: bool) -> tuple[Effect, str]:
    """Effect of sending an averaging order.

    Args:
        order: The order.
        terms: The trade.
        is_reached: Whether the price has reached it, so that it executes at once.
    """
    worth = describe_orders([order], terms)
    if is_reached:
        verb = "buys" if terms.entry.side is Side.BUY else "sells"
        return Effect.EXECUTES, f"{verb} {describe_units(order.units, terms)} at once, worth {worth} at most"
    return Effect.COMMITS, f"{worth} more, {describe_units(order.units, terms)} at {plain(order.price)}"


def describe_cancel_averaging(sent: SentOrder, terms: Terms) -> tuple[Effect, str]:
    """Effect of cancelling a pending averaging order: what it has not filled comes free."""
    rest = AveragingOrder(price=sent.order.price, units=sent.order.units - sent.filled_units)
    bought = f"; {describe_units(sent.filled_units, terms)} of it are filled and stay" if sent.filled_units else ""
    return Effect.FREES, f"{describe_orders([rest], terms)}{bought}"


def describe_orders(orders: Sequence[AveragingOrder], terms: Terms) -> str:
    """What averaging orders bind: quote currency of a buy, base currency of a sell."""
    if terms.entry.side is Side.SELL:
        return describe_units(sum((order.units for order in orders), Decimal(0)), terms)
    return describe_total(Decimal(1), sum((order.units * order.price for order in orders), Decimal(0)), terms)


def describe_start(live: LiveTrade, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of entering at market what waits for its price."""
    left = replace(live.terms, entry=replace(live.terms.entry, units=live.terms.entry.units - live.entered_units))
    return Effect.EXECUTES, describe_entering(left, prices).replace(" at once", " at market now")


def describe_added(live: LiveTrade, funds: Funds, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of adding to a position."""
    side = live.terms.entry.side
    verb = "buys" if side is Side.BUY else "sells"
    return _describe_funds(live.terms, funds, f"{verb} {describe_units(funds.units, live.terms)} more", side, prices)


def describe_reduced(live: LiveTrade, funds: Funds, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of taking from a position."""
    verb, side = ("sells", Side.SELL) if live.terms.entry.side is Side.BUY else ("buys back", Side.BUY)
    words = f"{verb} {describe_units(funds.units, live.terms)} of {describe_units(live.held_units, live.terms)}"
    return _describe_funds(live.terms, funds, words, side, prices)


def describe_close_step(live: LiveTrade, step: LiveStep, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of executing one take-profit step at market."""
    units = step.units if step.units is not None else live.opened_units * step.terms.volume_pct / _HUNDRED
    is_long = live.terms.entry.side is Side.BUY
    price = (prices.bid if is_long else prices.ask) if prices else None
    verb = "sells" if is_long else "buys back"
    return (
        Effect.EXECUTES,
        f"{verb} {describe_units(units, live.terms)} at market{describe_about(units, price, live.terms)}",
    )


def describe_profit(live: LiveTrade) -> str:
    """The profit of a position, or empty where there is none yet."""
    if live.profit is None:
        return ""
    percent = f" ({plain(live.profit_pct)} %)" if live.profit_pct is not None else ""
    return f"{readable(live.profit)} {live.terms.quote}{percent}"


def expected_entry_price(terms: Terms) -> Decimal:
    """The price at which a waiting entry is expected to fill: its limit, else its trigger, else zero."""
    if terms.entry.price is not None:
        return terms.entry.price
    return terms.entry.condition.price if terms.entry.condition else Decimal(0)


def describe_commitment(terms: Terms) -> str:
    """What a waiting entry binds: quote currency of a buy, base currency of a sell."""
    if terms.entry.side is Side.SELL:
        return describe_units(terms.entry.units, terms)
    return describe_total(terms.entry.units, expected_entry_price(terms), terms)


def describe_entering(terms: Terms, prices: Prices | None) -> str:
    """What an entry that executes at once buys or sells."""
    verb = "buys" if terms.entry.side is Side.BUY else "sells"
    units = terms.entry.units
    return f"{verb} {describe_units(units, terms)} at once{describe_about(units, _market_price(terms, prices), terms)}"


def _describe_funds(terms: Terms, funds: Funds, words: str, side: Side, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of an order on one side of the book, with words for its size."""
    market = None if prices is None else prices.ask if side is Side.BUY else prices.bid
    if funds.price is None:
        return Effect.EXECUTES, f"{words} at market{describe_about(funds.units, market, terms)}"
    text = f"{words} at {plain(funds.price)}: {describe_total(funds.units, funds.price, terms)}"
    is_reached = market is not None and (market <= funds.price if side is Side.BUY else market >= funds.price)
    if is_reached:
        return Effect.EXECUTES, f"{text}, AT ONCE, since the price is {plain(market or Decimal(0))}"
    return Effect.COMMITS, text


def _market_price(terms: Terms, prices: Prices | None) -> Decimal | None:
    if prices is None:
        return None
    return prices.ask if terms.entry.side is Side.BUY else prices.bid
