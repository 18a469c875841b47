"""Progress: changes that the market or the server made to a trade, not a person.

It is undone before a live trade is compared with a file, so it is never a difference. Progress is:

- held units, the average price, and lot and tick rounding;
- a percentage that became a price, and a trailing or breakeven stop that moved;
- executed steps;
- a leverage that a spot market ignores or that a contract has by itself;
- the other name of one contract.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.codec.contracts import is_same_contract
from reconciler.codec.digests import exits_digest
from reconciler.codec.numbers import is_near, truncate
from reconciler.model.live import LiveStep, LiveTrade, Phase, Rates
from reconciler.model.terms import Entry, Level, Leverage, LeverageType, Side, Step, StopLoss, Terms

# How far a level that the server computed from percent may be from our own computation, as a share of the price: the
# average entry price that counts may include a commission that the entity does not show. Assumed. If the file
# has changed since it was applied, this would hide a change of the percent. Then only rounding is allowed for.
_PERCENT_LEVEL_TOLERANCE = Decimal("0.002")
_CHANGED_LEVEL_TOLERANCE = Decimal("0.0001")
_HUNDRED = Decimal(100)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A live trade, and what is known about how it may differ from a file without having been changed.

    Attributes:
        live: The trade.
        price_step: Tick size; zero if it is not known.
        lot_step: Lot size; zero if it is not known.
        percent_tolerance: How far a level may be from the one that its percent makes, as a share of the price.
        may_have_moved: Whether the market may have moved the exits: not while they are just as last applied.
        is_file_as_applied: Whether the exits of the file are those that were last applied, as far as is known.
        is_distance_as_applied: Whether the distance of a trailing stop is the one that was last applied. The live one
            is not known if the API does not return it.
        ignored: Fields that the digests in the marker leave out.
    """

    live: LiveTrade
    price_step: Decimal
    lot_step: Decimal
    percent_tolerance: Decimal = _PERCENT_LEVEL_TOLERANCE
    may_have_moved: bool = True
    is_file_as_applied: bool = True
    is_distance_as_applied: bool = True
    ignored: Collection[str] = ()

    @classmethod
    def of(cls, live: LiveTrade, spec: Terms, rates: Rates | None, ignored: Collection[str]) -> _View:
        price_step, lot_step = (rates.price_step, rates.lot_step) if rates else (_ZERO, _ZERO)
        marker = live.reading.marker
        if marker is None or _has_same_exits(live, spec):
            return cls(live=live, price_step=price_step, lot_step=lot_step)
        as_sent = fill_distance(live.terms if spec.leverage is not None else live.terms.with_leverage(None), spec)
        is_file_as_applied = marker.exits.target == exits_digest(spec, ignored)
        return cls(
            live=live,
            price_step=price_step,
            lot_step=lot_step,
            percent_tolerance=_PERCENT_LEVEL_TOLERANCE if is_file_as_applied else _CHANGED_LEVEL_TOLERANCE,
            may_have_moved=exits_digest(as_sent, ignored) not in (marker.exits.applied, marker.exits.pending),
            is_file_as_applied=is_file_as_applied,
            is_distance_as_applied=is_file_as_applied or _has_applied_distance(live, as_sent, spec, ignored),
            ignored=ignored,
        )


def state_as_filed(live: LiveTrade, spec: Terms, rates: Rates | None = None, ignored: Collection[str] = ()) -> Terms:
    """Return the live inputs, with everything that is progress or rounding put back to what the file states.

    Without any, these are the very terms of the live trade or of the file, with all that was derived from them.
    """
    view = _View.of(live, spec, rates, ignored)
    pair = spec.pair if is_same_contract(live.terms.pair, spec.pair) else live.terms.pair
    stated = replace(live.terms, pair=pair, entry=_settle_entry(view, spec.entry))
    if not _has_same_exits(live, spec):
        stated = replace(
            stated,
            leverage=_settle_leverage(view, spec),
            steps=_settle_steps(view, spec),
            stop_loss=_settle_stop(view, spec.stop_loss),
        )
    return next((terms for terms in (spec, live.terms) if terms == stated), stated)


def find_dropped(
    live: LiveTrade, spec: Terms, rates: Rates | None = None, ignored: Collection[str] = ()
) -> tuple[LiveStep, ...]:
    """Find the open live steps that the file no longer lists, if nothing else about the steps differs; else none."""
    view = _View.of(live, spec, rates, ignored)
    wanted = list(spec.steps)
    left = [step for step in live.steps if not step.is_cancelled and _take_same(view, step, wanted) is None]
    return () if wanted else tuple(step for step in left if not step.is_finished)


def fill_distance(live: Terms, spec: Terms) -> Terms:
    """Return live terms with the distance of the file's trailing stop, if the API does not return the live one.

    Args:
        live: Inputs of a live trade.
        spec: What the file states, or what an update has just sent.
    """
    stop, wanted = live.stop_loss, spec.stop_loss
    if stop is None or wanted is None or not (stop.has_unstated_distance and wanted.is_trailing):
        return live
    return replace(live, stop_loss=stop.with_trailing_of(wanted))


def _has_applied_distance(live: LiveTrade, as_sent: Terms, spec: Terms, ignored: Collection[str]) -> bool:
    """Return whether a trailing stop without a stated distance is the file's, since only something else has changed.

    The digest that was last applied is that of the live exits with the file's stop. The market may have moved the live
    stop, so its trigger does not count.
    """
    stop, marker = live.terms.stop_loss, live.reading.marker
    if stop is None or marker is None or not stop.has_unstated_distance:
        return False
    return exits_digest(replace(as_sent, stop_loss=spec.stop_loss), ignored) == marker.exits.applied


def _has_same_exits(live: LiveTrade, spec: Terms) -> bool:
    found = live.terms
    is_same = (found.leverage, found.steps, found.stop_loss) == (spec.leverage, spec.steps, spec.stop_loss)
    return is_same and not any(step.is_cancelled for step in live.steps)


def _settle_entry(view: _View, wanted: Entry) -> Entry:
    """Return the live entry, or the file's if it can no longer be compared.

    After the entry the API shows the held units and the average price instead of what was asked for; whether the file
    changed then is known by the marker's digest.
    """
    entry = view.live.terms.entry
    if view.live.phase is Phase.OPEN or entry == wanted:
        return wanted
    if _is_rounded(entry.units, wanted.units, view.lot_step):
        entry = replace(entry, units=wanted.units)
    if entry.price is not None and wanted.price is not None and _is_rounded(entry.price, wanted.price, view.price_step):
        entry = replace(entry, price=wanted.price)
    found, asked = entry.condition, wanted.condition
    if found is not None and asked is not None and _is_rounded(found.price, asked.price, view.price_step):
        entry = replace(entry, condition=replace(found, price=asked.price))
    return entry


def _settle_leverage(view: _View, spec: Terms) -> Leverage | None:
    """Return the live leverage; the file's if the API chose the part that the file leaves open, or took none.

    A contract has a leverage whether the file states one or not: if the file states none, the exchange chooses it.

    Source: create smart trade, published response to a create with leverage on a spot account. Leverage types: the
    retired `custom` is stored as isolated. Assumed: a contract shows the exchange's leverage if none was sent.
    """
    found, wanted = view.live.terms.leverage, spec.leverage
    if wanted is None:
        return None
    if found is None:
        return wanted if _was_leverage_ignored(view, spec) else None
    same_types = {wanted.type, LeverageType.ISOLATED} if wanted.type is LeverageType.CUSTOM else {wanted.type}
    return wanted if found.type in same_types and wanted.value in (None, found.value) else found


def _was_leverage_ignored(view: _View, spec: Terms) -> bool:
    """Return whether the API dropped the leverage of this file when it was applied, as it does on spot markets."""
    marker, ignored = view.live.reading.marker, view.ignored
    if marker is None or spec.leverage is None:
        return False
    as_sent = view.live.terms.with_leverage(spec.leverage)
    return exits_digest(spec, ignored) == marker.exits.target or exits_digest(as_sent, ignored) == marker.exits.applied


def _settle_steps(view: _View, spec: Terms) -> tuple[Step, ...]:
    """Return the live steps; those of the file if they differ only in order or by executed steps that it left out."""
    wanted = list(spec.steps)
    settled: list[Step] = []
    has_extra = False
    for step in view.live.steps:
        if step.is_cancelled:
            continue
        same = _take_same(view, step, wanted)
        has_extra = has_extra or (same is None and not step.is_finished)
        settled.append(same or step.terms)
    return tuple(settled) if wanted or has_extra else spec.steps


def _take_same(view: _View, step: LiveStep, wanted: list[Step]) -> Step | None:
    """Take the wanted step that equals a live one out of the list."""
    same = next((other for other in wanted if _is_same_step(view, step.terms, other)), None)
    if same is not None:
        wanted.remove(same)
    return same


def _is_same_step(view: _View, found: Step, wanted: Step) -> bool:
    return found == wanted or (
        (found.order_type, found.volume_pct, found.trailing_pct)
        == (wanted.order_type, wanted.volume_pct, wanted.trailing_pct)
        and _is_same_level(view, found.level, wanted.level, is_gain=True)
    )


def _settle_stop(view: _View, wanted: StopLoss | None) -> StopLoss | None:
    stop = view.live.terms.stop_loss
    if stop is None or wanted is None or stop == wanted:
        return stop
    if _has_same_distance(view, stop, wanted):
        stop = stop.with_trailing_of(wanted)
    if _is_same_level(view, stop.trigger, wanted.trigger, is_gain=False) or _has_moved(view, stop, wanted):
        stop = replace(stop, trigger=wanted.trigger)
    if (
        stop.limit_price is not None
        and wanted.limit_price is not None
        and _is_rounded(stop.limit_price, wanted.limit_price, view.price_step)
    ):
        stop = replace(stop, limit_price=wanted.limit_price)
    return stop


def _has_same_distance(view: _View, stop: StopLoss, wanted: StopLoss) -> bool:
    """Return whether two trailing stops may have one distance, since one of them does not state its own.

    Source: recorded answers have `percent: null` for a trailing stop that was sent with a percent. So a change of the
    file is seen by the marker's digest only.
    """
    if not stop.is_trailing or not wanted.is_trailing:
        return False
    return wanted.has_unstated_distance or (stop.has_unstated_distance and view.is_distance_as_applied)


def _has_moved(view: _View, stop: StopLoss, wanted: StopLoss) -> bool:
    """Return whether a trailing or breakeven stop was moved by the server in the direction that protects more."""
    found, asked = stop.trigger, wanted.trigger
    if not view.may_have_moved or found.price_type is not asked.price_type or found.value is None:
        return False
    live = view.live
    asked_value = _level_from_percent(live, asked, is_gain=False) if asked.value is None else asked.value
    if asked_value is None:
        return False
    is_better = found.value > asked_value if live.terms.entry.side is Side.BUY else found.value < asked_value
    has_trailed = stop.is_trailing and stop.with_trailing_of(wanted) == stop
    average = live.average_price
    has_broken_even = (
        stop.breakeven
        and wanted.breakeven
        and bool(live.finished_steps)
        and average is not None
        # Averaging moves the average, not the stop that has been put there before.
        and (_has_averaged(live) or is_near(found.value, average, _PERCENT_LEVEL_TOLERANCE))
    )
    return is_better and (has_trailed or has_broken_even)


def _has_averaged(live: LiveTrade) -> bool:
    return live.reading.marker is not None and live.reading.marker.averaging_sent > 0


def _is_same_level(view: _View, found: Level, wanted: Level, *, is_gain: bool) -> bool:
    """Return whether a level is the wanted one, rounded, or computed by the server from the wanted percent."""
    if found.price_type is not wanted.price_type:
        return False
    if found.value is not None and wanted.value is not None:
        return _is_rounded(found.value, wanted.value, view.price_step)
    if found.percent is not None and wanted.percent is not None:
        return found.percent == wanted.percent
    expected = _level_from_percent(view.live, wanted, is_gain=is_gain)
    if found.value is None or expected is None:
        return False
    return abs(found.value - expected) <= view.price_step or is_near(found.value, expected, view.percent_tolerance)


def _level_from_percent(live: LiveTrade, wanted: Level, *, is_gain: bool) -> Decimal | None:
    """Compute the price for a level in percent after the entry. Source: captured entities of trailing entries."""
    if wanted.percent is None or live.average_price is None:
        return None
    is_up = (live.terms.entry.side is Side.BUY) == is_gain
    return live.average_price * (1 + (wanted.percent if is_up else -wanted.percent) / _HUNDRED)


def _is_rounded(found: Decimal, wanted: Decimal, step: Decimal) -> bool:
    return found == wanted or (step > 0 and found == truncate(wanted, step))
