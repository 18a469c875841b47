"""What an operation does to money, in one word and in a sentence with amounts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.model.live import LiveTrade, Prices
from reconciler.model.numbers import plain
from reconciler.model.plan import Effect
from reconciler.model.terms import Level, OrderType, Side, Step, StopLoss, Terms
from reconciler.triggers import ENTRY

_HUNDRED = Decimal(100)
# Amounts in sentences are for reading: this many significant digits; the exact inputs stand beside them.
_READABLE_DIGITS = 8


def describe_create(terms: Terms, prices: Prices | None, fires: Sequence[str]) -> tuple[Effect, str]:
    """Effect of opening a trade."""
    entry = terms.entry
    if terms.skip_enter_step:
        return Effect.COMMITS, f"takes charge of {_units(entry.units, terms)} already held"
    verb = "buys" if entry.side is Side.BUY else "sells"
    if ENTRY in fires:
        price = _market_price(terms, prices)
        return Effect.EXECUTES, f"{verb} {_units(entry.units, terms)} at once{_about(entry.units, price, terms)}"
    if entry.side is Side.SELL:
        return Effect.COMMITS, _units(entry.units, terms)
    return Effect.COMMITS, _total(entry.units, expected_entry_price(terms), terms)


def describe_cancel(live: LiveTrade) -> tuple[Effect, str]:
    """Effect of cancelling a trade: before the entry money comes free, after it the position is left unprotected."""
    if not live.was_never_filled:
        return Effect.UNPROTECTS, f"keeps {_units(_held(live), live.terms)} without steps and stop"
    if live.terms.entry.side is Side.SELL:
        return Effect.FREES, _units(live.terms.entry.units, live.terms)
    return Effect.FREES, _total(live.terms.entry.units, expected_entry_price(live.terms), live.terms)


def describe_close(live: LiveTrade, prices: Prices | None) -> tuple[Effect, str]:
    """Effect of closing a position at market."""
    is_long = live.terms.entry.side is Side.BUY
    price = (prices.bid if is_long else prices.ask) if prices else None
    verb = "sells" if is_long else "buys back"
    held = _held(live)
    return Effect.EXECUTES, f"{verb} {_units(held, live.terms)} at market{_about(held, price, live.terms)}"


def describe_cancel_step(live: LiveTrade, step: Step) -> tuple[Effect, str]:
    """Effect of cancelling one take-profit step."""
    share = _held(live) * step.volume_pct / _HUNDRED
    return Effect.FREES, f"{plain(step.volume_pct)} % of the position, {_units(share, live.terms)}, gets no step"


def describe_update(before: Terms, after: Terms, *, is_entered: bool) -> tuple[Effect, str]:
    """Effect of an update; the word is that of the stop where a position stands behind it.

    Args:
        before: The live terms.
        after: The file's terms.
        is_entered: Whether a position is held.
    """
    words: list[str] = []
    effect = Effect.REPRICES
    if before.stop_loss != after.stop_loss:
        stop_effect, stop_words = _describe_stop(before.stop_loss, after.stop_loss, before.entry.side)
        effect = stop_effect if is_entered else effect
        words.append(stop_words)
    if not is_entered and before.entry != after.entry:
        was = before.entry.units * expected_entry_price(before)
        becomes = after.entry.units * expected_entry_price(after)
        words.append(f"commits {_readable(becomes)} {after.quote} instead of {_readable(was)}")
    if before.steps != after.steps:
        words.append(_describe_steps(before, after))
    if before.leverage != after.leverage:
        words.append("changes the leverage")
    return effect, "; ".join(words)


def describe_rearm(terms: Terms) -> tuple[Effect, str]:
    """Effect of arming a stop that should stand and does not."""
    stop = terms.stop_loss
    level = _level(stop.trigger) if stop else "nothing"
    return Effect.PROTECTS, f"arms the stop at {level} again; the position is unprotected now"


def expected_entry_price(terms: Terms) -> Decimal:
    """The price at which a waiting entry is expected to fill: its limit, else its trigger, else zero."""
    if terms.entry.price is not None:
        return terms.entry.price
    return terms.entry.condition.price if terms.entry.condition else Decimal(0)


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
        )
    )


def _is_further(old: Level, new: Level, side: Side) -> bool:
    if old.value is not None and new.value is not None:
        return new.value < old.value if side is Side.BUY else new.value > old.value
    if old.percent is not None and new.percent is not None:
        return new.percent > old.percent
    return True


def _held(live: LiveTrade) -> Decimal:
    entered = live.entered_units or live.terms.entry.units
    return entered - live.closed_units


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
    digits = _READABLE_DIGITS - number.adjusted() - 1
    return plain(round(number, max(digits, 2)))
