"""Rules of the exchange and of SmartTrades; problems are answered with 422 and dotted keys.

Source: SmartTradesV2 page (rules), create page and issue threads (keys and messages). Keys below `take_profit` and
`stop_loss`, and messages other than those on limits and steps of prices and lots, are assumed.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.orders import market_price
from reconciler.sandbox.engine.sizing import WHOLE_POSITION_PCT, share_units
from reconciler.sandbox.values.decimals import format_decimal, is_multiple
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.terms import EntryTerms, FundsTerms, OrderType, Side, StepTerms, StopTerms

# Source: SmartTradesV2 page, annotated JSON of create.
MAX_STEPS = 8

# Bounds of a trailing distance in percent. Source: create page (entry 0..99, step 0.01..100); that of a
# stop is assumed.
ENTRY_TRAILING_PCT = (Decimal(0), Decimal(99))
EXIT_TRAILING_PCT = (Decimal("0.01"), Decimal(100))

Problems = dict[str, list[str]]


def check_entry(
    entry: EntryTerms, pair: Pair, quote: Quote, *, has_own_price: bool = False, is_strict: bool = False
) -> Problems:
    """Return the problems of an entry that is not filled yet, or of own funds.

    Args:
        entry: Terms of the entry.
        pair: Limits of the pair.
        quote: Current prices, for the total of a market order.
        has_own_price: Whether the price is an average of own funds, which may lie off the price step.
        is_strict: Whether the trigger must lie on the price step.
    """
    problems: Problems = {}
    _check_units(problems, entry.units, pair)
    if has_own_price and entry.price is not None:
        _check_bounds(problems, "position.price", entry.price, (pair.price_step, pair.max_price))
    else:
        _check_price(problems, "position.price", entry.price, pair)
    _check_price(problems, "position.conditional.price", entry.trigger, pair, is_strict=is_strict)
    if entry.trailing_pct is not None:
        if entry.conditional_order_type is OrderType.LIMIT:
            _note(problems, "position.conditional.trailing", "is available for market orders only")
        _check_bounds(problems, "position.conditional.trailing.percent", entry.trailing_pct, ENTRY_TRAILING_PCT)
    if not problems:
        total = pair.worth(entry.units, _expected_price(entry, quote))
        _check_bounds(problems, "position.total", total, (pair.min_total, pair.max_total))
    if problems:
        _note(problems, "position", "is invalid")
    return problems


def check_steps(steps: tuple[StepTerms, ...], entry: EntryTerms, pair: Pair, *, is_trailing: bool) -> Problems:
    """Return the problems of take-profit steps.

    Args:
        steps: All steps, finished ones included.
        entry: The entry that they close.
        pair: Limits of the pair.
        is_trailing: Whether the entry trails and is not filled yet.
    """
    problems: Problems = {}
    if not 1 <= len(steps) <= MAX_STEPS:
        _note(problems, "take_profit.steps", f"should have 1 to {MAX_STEPS} steps")
        return problems
    if sum(step.volume_pct for step in steps) != WHOLE_POSITION_PCT:
        _note(problems, "take_profit.steps", "volume should be 100% in the sum of all steps")
    for number, step in enumerate(steps):
        key = f"take_profit.steps.{number}"
        _check_step(problems, key, step, pair, is_last=number == len(steps) - 1)
        _check_level(problems, f"{key}.price", step.price, step.percent, is_trailing=is_trailing)
        if step.percent is not None and entry.side is Side.SELL:
            _check_below_whole(problems, f"{key}.price.percent", step.percent)
    if not problems:
        _check_step_sizes(problems, steps, entry, pair)
    return problems


def check_stop(
    stop: StopTerms,
    steps: tuple[StepTerms, ...],
    entry: EntryTerms,
    pair: Pair,
    *,
    is_trailing: bool,
    is_strict: bool = False,
) -> Problems:
    """Return the problems of a stop loss.

    Args:
        stop: The stop loss.
        steps: Take-profit steps beside it, finished ones included.
        entry: The entry that it protects.
        pair: Limits of the pair.
        is_trailing: Whether the entry trails and is not filled yet.
        is_strict: Whether the trigger must lie on the price step.
    """
    problems: Problems = {}
    key = "stop_loss.conditional"
    _check_price(problems, f"{key}.price", stop.trigger, pair, is_strict=is_strict)
    _check_price(problems, "stop_loss.price", stop.limit_price, pair)
    _check_level(problems, f"{key}.price", stop.trigger, stop.percent, is_trailing=is_trailing)
    if stop.percent is not None and entry.side is Side.BUY:
        _check_below_whole(problems, f"{key}.price.percent", stop.percent)
    if stop.is_trailing and stop.order_type is OrderType.LIMIT:
        _note(problems, f"{key}.trailing", "is available for market orders only")
    if stop.trailing_pct is not None:
        _check_bounds(problems, f"{key}.trailing.percent", stop.trailing_pct, EXIT_TRAILING_PCT)
    if stop.timeout_s is not None and stop.timeout_s <= 0:
        _note(problems, "stop_loss.timeout.value", "must be greater than 0")
    if stop.has_breakeven and len(steps) < 2:
        _note(problems, "stop_loss.breakeven", "needs at least 2 take profit steps")
    return problems


def check_added(terms: FundsTerms, side: Side, pair: Pair, quote: Quote) -> Problems:
    """Return the problems of an order that adds to a position.

    Args:
        terms: The order.
        side: Side of the position.
        pair: Limits of the pair.
        quote: Current prices, for the total of a market order.

    Source: add funds page (`total`); units as in a create.
    """
    problems: Problems = {}
    _check_units(problems, terms.units, pair)
    _check_price(problems, "price", terms.price, pair)
    if not problems:
        total = pair.worth(terms.units, terms.price or market_price(side, quote))
        _check_bounds(problems, "total", total, (pair.min_total, pair.max_total))
    return problems


def check_reduced(terms: FundsTerms, pair: Pair, largest: Decimal) -> Problems:
    """Return the problems of an order that takes from a position.

    Args:
        terms: The order.
        pair: Limits of the pair.
        largest: Units that it may take.

    Source: reduce funds page (`entered_amount`, for a reduction that is too small); the other texts are assumed.
    """
    problems: Problems = {}
    if terms.units < pair.lot_step:
        _note(problems, "entered_amount", "Too small")
    elif terms.units > largest:
        _note(problems, "entered_amount", "Too big")
    elif not is_multiple(terms.units, pair.lot_step):
        _note(problems, "entered_amount", f"Should change with step {format_decimal(pair.lot_step)}")
    _check_price(problems, "price", terms.price, pair)
    return problems


def _expected_price(entry: EntryTerms, quote: Quote) -> Decimal:
    if entry.price is not None:
        return entry.price
    return entry.trigger if entry.trigger is not None else market_price(entry.side, quote)


def _check_units(problems: Problems, units: Decimal, pair: Pair) -> None:
    _check_bounds(problems, "units_to_buy", units, (pair.lot_step, pair.max_lot))
    if not problems and not is_multiple(units, pair.lot_step):
        _note(problems, "units_to_buy", f"Should change with step {format_decimal(pair.lot_step)}")


def _check_price(problems: Problems, key: str, price: Decimal | None, pair: Pair, *, is_strict: bool = True) -> None:
    if price is None:
        return
    _check_bounds(problems, key, price, (pair.price_step, pair.max_price))
    if is_strict and key not in problems and not is_multiple(price, pair.price_step):
        _note(problems, key, f"Should change with step {format_decimal(pair.price_step)}")


def _check_step(problems: Problems, key: str, step: StepTerms, pair: Pair, *, is_last: bool) -> None:
    if not 0 < step.volume_pct <= WHOLE_POSITION_PCT:
        _note(problems, f"{key}.volume", "must be greater than 0 and up to 100.0")
    _check_price(problems, f"{key}.price", step.price, pair)
    if step.trailing_pct is None:
        return
    if step.order_type is OrderType.LIMIT:
        _note(problems, f"{key}.trailing", "is available for market orders only")
    if not is_last:
        _note(problems, f"{key}.trailing", "is available for the last step only")
    _check_bounds(problems, f"{key}.trailing.percent", step.trailing_pct, EXIT_TRAILING_PCT)


def _check_level(
    problems: Problems, key: str, value: Decimal | None, percent: Decimal | None, *, is_trailing: bool
) -> None:
    """Note a level in percent without a trailing entry, or a price with one. The first text is that of the v1 API."""
    if percent is not None and not is_trailing:
        _note(problems, key, "TP percentage condition available only with TrailingBuy")
    if value is not None and is_trailing:
        _note(problems, key, "should be in percent while the entry is trailing")
    if percent is not None and percent <= 0:
        _note(problems, f"{key}.percent", "must be greater than 0")


def _check_below_whole(problems: Problems, key: str, percent: Decimal) -> None:
    if percent >= WHOLE_POSITION_PCT:
        _note(problems, key, "must be less than 100.0")


def _check_step_sizes(problems: Problems, steps: tuple[StepTerms, ...], entry: EntryTerms, pair: Pair) -> None:
    units = share_units(entry.units, [step.volume_pct for step in steps], pair.lot_step)
    for number, size in enumerate(units):
        if size < pair.lot_step:
            _note(problems, f"take_profit.steps.{number}.volume", "Too small")


def _check_bounds(problems: Problems, key: str, value: Decimal, bounds: tuple[Decimal, Decimal]) -> None:
    low, high = bounds
    if value < low:
        _note(problems, key, f"must be greater than or equal to {format_decimal(low)}")
    elif value > high:
        _note(problems, key, f"must be less than or equal to {format_decimal(high)}")


def _note(problems: Problems, key: str, message: str) -> None:
    problems.setdefault(key, []).append(message)
