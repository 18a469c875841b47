"""What an operation does to money, in one word and in a sentence with amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.commands import Funds
from reconciler.model.live import LiveStep, LiveTrade, Phase, Prices
from reconciler.model.numbers import is_near, plain
from reconciler.model.plan import ENTRY_FIRES, STOP_FIRES, Effect
from reconciler.model.terms import Level, Leverage, OrderType, PriceType, Side, Step, StopLoss, Terms

_HUNDRED = Decimal(100)
# How far a stop at the entry may be from the average that is shown: by a commission. Assumed.
_BREAKEVEN_TOLERANCE = Decimal("0.002")
_STEP_FIRES = "take_profit"
# Amounts in sentences are for reading: this many significant digits; the exact inputs stand beside them.
_READABLE_DIGITS = 8
_GRAVEST_FIRST = (Effect.EXECUTES, Effect.UNPROTECTS, Effect.PROTECTS, Effect.REPRICES)
# Of a falling price the bid is the lowest, of a rising one the ask the highest: whose stop watches it is out first.
_REACHED_FIRST = {
    Side.BUY: (PriceType.BID, PriceType.LAST, PriceType.ASK),
    Side.SELL: (PriceType.ASK, PriceType.LAST, PriceType.BID),
}


def describe_create(terms: Terms, prices: Prices | None, fires: Sequence[str]) -> tuple[Effect, str]:
    """Effect of opening a trade.

    Args:
        terms: The trade.
        prices: The present prices, where they are known.
        fires: What acts at once, from `find_fires`.
    """
    entry = terms.entry
    leverage = f", leverage {_leverage(terms.leverage)}" if terms.leverage else ""
    if terms.skip_enter_step:
        effect = Effect.EXECUTES if STOP_FIRES in fires else Effect.COMMITS
        return effect, f"takes charge of {_units(entry.units, terms)} already held{leverage}"
    if ENTRY_FIRES in fires:
        return Effect.EXECUTES, f"{_enters_at_once(terms, prices)}{leverage}"
    return Effect.COMMITS, f"{_commitment(terms)}{leverage}"


def describe_cancel(live: LiveTrade) -> tuple[Effect, str]:
    """Effect of cancelling a trade: before the entry money comes free, after it the position is left unprotected."""
    if not live.was_never_filled:
        return Effect.UNPROTECTS, f"keeps {_units(_held(live), live.terms)} without steps and stop"
    return Effect.FREES, _commitment(live.terms)


def describe_close(live: LiveTrade, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of closing a position at market."""
    is_long = live.terms.entry.side is Side.BUY
    price = (prices.bid if is_long else prices.ask) if prices else None
    verb = "sells" if is_long else "buys back"
    held = _held(live)
    return Effect.EXECUTES, f"{verb} {_units(held, live.terms)} at market{_about(held, price, live.terms)}"


def describe_cancel_step(live: LiveTrade, step: Step) -> tuple[Effect, str]:
    """Effect of cancelling one take-profit step."""
    share = _entered(live) * step.volume_pct / _HUNDRED
    return Effect.FREES, f"{plain(step.volume_pct)} % of the position, {_units(share, live.terms)}, gets no step"


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
        return Effect.EXECUTES, f"{verb} {_units(order.units, terms)} at once, worth {worth} at most"
    return Effect.COMMITS, f"{worth} more, {_units(order.units, terms)} at {plain(order.price)}"


def describe_cancel_averaging(sent: SentOrder, terms: Terms) -> tuple[Effect, str]:
    """Effect of cancelling a pending averaging order: what it has not filled comes free."""
    rest = AveragingOrder(price=sent.order.price, units=sent.order.units - sent.filled_units)
    bought = f"; {_units(sent.filled_units, terms)} of it are filled and stay" if sent.filled_units else ""
    return Effect.FREES, f"{describe_orders([rest], terms)}{bought}"


def describe_orders(orders: Sequence[AveragingOrder], terms: Terms) -> str:
    """What averaging orders bind: quote currency of a buy, base currency of a sell."""
    if terms.entry.side is Side.SELL:
        return _units(sum((order.units for order in orders), Decimal(0)), terms)
    return _total(Decimal(1), sum((order.units * order.price for order in orders), Decimal(0)), terms)


def describe_update(
    live: LiveTrade, before: Terms, after: Terms, *, prices: Prices | None, fires: Sequence[str]
) -> tuple[Effect, str]:
    """Effect of an update; where a position is held, the word is that of its protection.

    Args:
        live: The trade.
        before: Its terms with progress undone.
        after: Its terms afterwards.
        prices: The present prices, where they are known.
        fires: What acts at once afterwards, from `find_fires`.
    """
    is_entered = live.phase is not Phase.ENTERING
    words: list[str] = []
    effects = {Effect.REPRICES}
    if before.stop_loss != after.stop_loss:
        stop_effect, stop_words = _describe_stop(before.stop_loss, after.stop_loss, before.entry.side)
        words.append(stop_words)
        if is_entered:
            effects.add(Effect.EXECUTES if STOP_FIRES in fires else stop_effect)
    if not is_entered and before.entry != after.entry:
        words.append(_describe_entry(before, after, prices, fires))
        effects.add(Effect.EXECUTES if ENTRY_FIRES in fires else Effect.REPRICES)
    if before.steps != after.steps:
        words.append(_describe_steps(before, after))
        if is_entered and any(fire.startswith(_STEP_FIRES) for fire in fires):
            effects.add(Effect.EXECUTES)
    if before.leverage != after.leverage:
        words.append(f"leverage {_leverage(after.leverage)} instead of {_leverage(before.leverage)}")
    restarts = _find_restarts(live, after, fires) if is_entered else []
    if restarts:
        words += restarts
        effects.add(Effect.UNPROTECTS)
    return next(effect for effect in _GRAVEST_FIRST if effect in effects), "; ".join(words)


def describe_start(live: LiveTrade, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of entering at market what waits for its price."""
    left = replace(live.terms, entry=replace(live.terms.entry, units=live.terms.entry.units - live.entered_units))
    return Effect.EXECUTES, _enters_at_once(left, prices).replace(" at once", " at market now")


def describe_added(live: LiveTrade, funds: Funds, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of adding to a position."""
    side = live.terms.entry.side
    verb = "buys" if side is Side.BUY else "sells"
    return _describe_funds(live.terms, funds, f"{verb} {_units(funds.units, live.terms)} more", side, prices)


def describe_reduced(live: LiveTrade, funds: Funds, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of taking from a position."""
    verb, side = ("sells", Side.SELL) if live.terms.entry.side is Side.BUY else ("buys back", Side.BUY)
    words = f"{verb} {_units(funds.units, live.terms)} of {_units(_held(live), live.terms)}"
    return _describe_funds(live.terms, funds, words, side, prices)


def describe_close_step(live: LiveTrade, step: LiveStep, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of executing one take-profit step at market."""
    units = step.units if step.units is not None else _entered(live) * step.terms.volume_pct / _HUNDRED
    is_long = live.terms.entry.side is Side.BUY
    price = (prices.bid if is_long else prices.ask) if prices else None
    verb = "sells" if is_long else "buys back"
    return Effect.EXECUTES, f"{verb} {_units(units, live.terms)} at market{_about(units, price, live.terms)}"


def describe_profit(live: LiveTrade) -> str:
    """The profit of a position, or empty where there is none yet."""
    if live.profit is None:
        return ""
    percent = f" ({plain(live.profit_pct)} %)" if live.profit_pct is not None else ""
    return f"{_readable(live.profit)} {live.terms.quote}{percent}"


def describe_amount(amount: Decimal, currency: str) -> str:
    """An amount for reading."""
    return f"{_readable(amount)} {currency}"


def describe_rearm(live: LiveTrade, after: Terms, fires: Sequence[str]) -> tuple[Effect, str]:
    """Effect of arming a stop that should stand and does not.

    Args:
        live: The trade.
        after: Its terms afterwards.
        fires: What acts at once afterwards, from `find_fires`.
    """
    level = _level(after.stop_loss.trigger) if after.stop_loss else "no level"
    if STOP_FIRES in fires:
        words = f"arms the stop at {level} again, which the price has passed: closes {_units(_held(live), after)}"
        return Effect.EXECUTES, f"{words} at once"
    return Effect.PROTECTS, f"arms the stop at {level} again; the position is unprotected now"


def expected_entry_price(terms: Terms) -> Decimal:
    """The price at which a waiting entry is expected to fill: its limit, else its trigger, else zero."""
    if terms.entry.price is not None:
        return terms.entry.price
    return terms.entry.condition.price if terms.entry.condition else Decimal(0)


def _describe_entry(before: Terms, after: Terms, prices: Prices | None, fires: Sequence[str]) -> str:
    if ENTRY_FIRES in fires:
        return _enters_at_once(after, prices)
    was, becomes = _commitment(before), _commitment(after)
    return f"commits {becomes} as before" if was == becomes else f"commits {becomes} instead of {was}"


def _find_restarts(live: LiveTrade, after: Terms, fires: Sequence[str]) -> list[str]:
    """What an update loses although it changes nothing about it: no entity tells how far it has come.

    A trailing stop is rebuilt from its trigger, even where that is tightened: it may have come further by itself.

    Source: SmartTradesV2 page, entity; observed in the sandbox: an update starts a trailing or a timeout anew.
    """
    stop, new, restarts = live.terms.stop_loss, after.stop_loss, []
    if stop is not None and stop.trailing_pct is not None and new is not None:
        words = f"the trailing stop starts anew at {_level(new.trigger)}"
        restarts.append(f"{words}, since an update forgets how far it has followed the price")
    if stop is not None and new is not None and _may_undo_breakeven(live, stop, new):
        restarts.append(f"the stop, at the entry since the first step, may go back to {_level(new.trigger)}")
    if stop is not None and stop.timeout_s is not None and stop == new and STOP_FIRES in fires:
        restarts.append(f"the timeout of the stop, already running, starts anew with {stop.timeout_s} s")
    restarts += [
        f"the trailing of the step at {_level(step.terms.level)}, already active, starts anew"
        for step in live.open_steps
        if step.status == "trailing_activated"
    ]
    return restarts


def _may_undo_breakeven(live: LiveTrade, stop: StopLoss, new: StopLoss) -> bool:
    """Whether breakeven has moved a stop that is shown where it was, so that an update may put it back there."""
    average, level = live.average_price, new.trigger.value
    if not (stop.breakeven and live.finished_steps) or average is None or level is None:
        return False
    is_behind = level < average if live.terms.entry.side is Side.BUY else level > average
    return is_behind and not is_near(level, average, _BREAKEVEN_TOLERANCE)


def _describe_steps(before: Terms, after: Terms) -> str:
    if not after.steps:
        return f"no take profit any more, was at {_levels(before)}"
    if not before.steps:
        return f"take profit at {_levels(after)}, none before"
    if _levels(before) == _levels(after):
        return f"take profit at {_levels(after)} acts differently"
    return f"take profit at {_levels(after)} instead of {_levels(before)}"


def _describe_stop(old: StopLoss | None, new: StopLoss | None, side: Side) -> tuple[Effect, str]:
    if new is None:
        return Effect.UNPROTECTS, f"no stop any more, was at {_level(old.trigger) if old else 'no level'}"
    if old is None:
        return Effect.PROTECTS, f"stop at {_level(new.trigger)}, none before"
    words = f"stop at {_level(new.trigger)} instead of {_level(old.trigger)}"
    if old.trigger == new.trigger:
        words = f"stop at {_level(new.trigger)} acts differently"
    elif old.trigger == replace(new.trigger, price_type=old.trigger.price_type):
        words = f"stop at {_level(new.trigger)} watches {new.trigger.price_type} instead of {old.trigger.price_type}"
    return (Effect.UNPROTECTS if _is_weaker(old, new, side) else Effect.PROTECTS), words


def _is_weaker(old: StopLoss, new: StopLoss, side: Side) -> bool:
    """Whether a stop protects less than before in any respect."""
    return any(
        (
            old.trailing_pct is not None and (new.trailing_pct is None or new.trailing_pct > old.trailing_pct),
            old.breakeven and not new.breakeven,
            (new.timeout_s or 0) > (old.timeout_s or 0),
            old.order_type is OrderType.MARKET and new.order_type is OrderType.LIMIT,
            old.trigger != new.trigger and _is_further(old.trigger, new.trigger, side),
            _is_harder_to_fill(old.limit_price, new.limit_price, side),
        )
    )


def _is_harder_to_fill(old: Decimal | None, new: Decimal | None, side: Side) -> bool:
    if old is None or new is None:
        return False
    return new > old if side is Side.BUY else new < old


def _is_further(old: Level, new: Level, side: Side) -> bool:
    reached_first = _REACHED_FIRST[side]
    if reached_first.index(new.price_type) > reached_first.index(old.price_type):
        return True
    if old.value is not None and new.value is not None:
        return new.value < old.value if side is Side.BUY else new.value > old.value
    if old.percent is not None and new.percent is not None:
        return new.percent > old.percent
    return True


def _describe_funds(terms: Terms, funds: Funds, words: str, side: Side, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of an order on one side of the book, with words for its size."""
    market = None if prices is None else prices.ask if side is Side.BUY else prices.bid
    if funds.price is None:
        return Effect.EXECUTES, f"{words} at market{_about(funds.units, market, terms)}"
    text = f"{words} at {plain(funds.price)}: {_total(funds.units, funds.price, terms)}"
    is_reached = market is not None and (market <= funds.price if side is Side.BUY else market >= funds.price)
    if is_reached:
        return Effect.EXECUTES, f"{text}, AT ONCE, since the price is {plain(market or Decimal(0))}"
    return Effect.COMMITS, text


def _entered(live: LiveTrade) -> Decimal:
    return live.entered_units or live.terms.entry.units


def _held(live: LiveTrade) -> Decimal:
    return _entered(live) - live.closed_units


def _commitment(terms: Terms) -> str:
    """What a waiting entry binds: quote currency of a buy, base currency of a sell."""
    if terms.entry.side is Side.SELL:
        return _units(terms.entry.units, terms)
    return _total(terms.entry.units, expected_entry_price(terms), terms)


def _enters_at_once(terms: Terms, prices: Prices | None) -> str:
    verb = "buys" if terms.entry.side is Side.BUY else "sells"
    units = terms.entry.units
    return f"{verb} {_units(units, terms)} at once{_about(units, _market_price(terms, prices), terms)}"


def _leverage(leverage: Leverage | None) -> str:
    if leverage is None:
        return "none"
    return leverage.type.value if leverage.value is None else f"{leverage.type.value} {plain(leverage.value)}"


def _market_price(terms: Terms, prices: Prices | None) -> Decimal | None:
    if prices is None:
        return None
    return prices.ask if terms.entry.side is Side.BUY else prices.bid


def _about(units: Decimal, price: Decimal | None, terms: Terms) -> str:
    return "" if price is None else f", about {_total(units, price, terms)}"


def _units(units: Decimal, terms: Terms) -> str:
    return f"{_readable(units)} {terms.base}"


def _total(units: Decimal, price: Decimal, terms: Terms) -> str:
    return f"{_readable(units * price)} {terms.quote}"


def _levels(terms: Terms) -> str:
    return ", ".join(_level(step.level) for step in terms.steps)


def _level(level: Level) -> str:
    return plain(level.value) if level.value is not None else f"{plain(level.percent or Decimal(0))} %"


def _readable(number: Decimal) -> str:
    if number == 0:
        return "0"
    digits = max(_READABLE_DIGITS - number.adjusted() - 1, 2)
    return plain(Decimal(f"{number:.{digits}f}"))
