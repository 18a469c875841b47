"""Prices and units cut to their grid, as the service does before it checks them; triggers are kept.

Source: recorded answers (a step sent at 36076.26 is shown at 36076.2, a stop sent at 29516.94 keeps it); that units are
cut is inferred from a public client, and that other prices are cut like those of steps is assumed.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.sandbox.values.decimals import truncate_to
from reconciler.sandbox.values.market import Pair
from reconciler.sandbox.values.terms import ChangeTerms, EntryTerms, FundsTerms, StepTerms, StopTerms, TradeTerms


def cut_trade(terms: TradeTerms, pair: Pair) -> TradeTerms:
    """Cut the terms of a create request.

    Args:
        terms: What was asked for.
        pair: Its grid.
    """
    return replace(
        terms,
        entry=cut_entry(terms.entry, pair, has_own_price=terms.skip_enter_step),
        steps=_cut_steps(terms.steps, pair),
        stop=_cut_stop(terms.stop, pair),
    )


def cut_change(change: ChangeTerms, pair: Pair, *, has_own_price: bool) -> ChangeTerms:
    """Cut the terms of a PATCH request.

    Args:
        change: What was asked for.
        pair: Its grid.
        has_own_price: Whether the price is an average of own funds, which is kept.
    """
    return replace(
        change,
        units=_cut(change.units, pair.lot_step),
        price=change.price if has_own_price else _cut_price(change.price, pair),
        steps=_cut_steps(change.steps, pair),
        stop=_cut_stop(change.stop, pair),
    )


def cut_entry(entry: EntryTerms, pair: Pair, *, has_own_price: bool) -> EntryTerms:
    """Cut units and price of an entry.

    Args:
        entry: What was asked for.
        pair: Its grid.
        has_own_price: Whether the price is an average of own funds, which is kept.
    """
    price = entry.price if has_own_price else _cut_price(entry.price, pair)
    return replace(entry, units=_cut(entry.units, pair.lot_step), price=price)


def cut_funds(terms: FundsTerms, pair: Pair) -> FundsTerms:
    """Cut units and price of an order that adds to a position or takes from it.

    Args:
        terms: What was asked for.
        pair: Its grid.
    """
    return replace(terms, units=_cut(terms.units, pair.lot_step), price=_cut_price(terms.price, pair))


def _cut_steps(steps: tuple[StepTerms, ...] | None, pair: Pair) -> tuple[StepTerms, ...] | None:
    if steps is None:
        return None
    return tuple(replace(step, price=_cut_price(step.price, pair)) for step in steps)


def _cut_stop(stop: StopTerms | None, pair: Pair) -> StopTerms | None:
    return None if stop is None else replace(stop, limit_price=_cut_price(stop.limit_price, pair))


def _cut_price(price: Decimal | None, pair: Pair) -> Decimal | None:
    return None if price is None else _cut(price, pair.price_step)


def _cut(value: Decimal, step: Decimal) -> Decimal:
    """Cut a value to its grid; one that lies on it keeps its digits, and one below zero is left to the checks."""
    cut = truncate_to(value, step) if value > 0 else value
    return value if cut == value else cut
