"""Make the rows of `status` from live trades and prices; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.codec.body import DEFAULT_ENTRY_PRICE_TYPE
from reconciler.codec.numbers import round_to
from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.news import News
from reconciler.model.risk import TradeRisk
from reconciler.model.specs import TradeSpec
from reconciler.model.status import NextEvent, StatusRow, Total, UnmanagedTrade
from reconciler.model.terms import Level, PriceType, Side
from reconciler.model.unreadable import Part
from reconciler.risk.live_risk import find_r_now

_HUNDRED = Decimal(100)
# Percentages are for reading: two digits are enough.
_PERCENT_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class _DistantPrice:
    """A price and its distance from the present one.

    Attributes:
        price: In quote currency, or None if there is none.
        distance_pct: From the watched price, in percent of it, or None.
    """

    price: Decimal | None = None
    distance_pct: Decimal | None = None


_NO_EVENT: tuple[None, _DistantPrice] = (None, _DistantPrice())


def make_row(
    name: str,
    spec: TradeSpec | None,
    live: LiveTrade | None,
    prices: Prices | None,
    news: Sequence[News] = (),
    risk: TradeRisk | None = None,
) -> StatusRow:
    """Make the row of one trade.

    Args:
        name: Its name.
        spec: The trade in its file, or None if no file names it; then there is a live trade, or there is news.
        live: The trade as the API reports it, or None if it was never opened.
        prices: Of its pair, or None if they are not known.
        news: Bad news about it.
        risk: Its money at risk, or None if it is not active.
    """
    terms = live.terms if live else spec.terms if spec else None
    row = StatusRow(
        trade=name,
        is_in_file=spec is not None,
        pair=terms.pair if terms else "",
        price=prices.last if prices else None,
        attention=tuple(dict.fromkeys(each.topic for each in news)),
        side=terms.entry.side if terms else None,
        is_own_funds=terms.skip_enter_step if terms else False,
        account_id=terms.account_id if terms else None,
        risk=risk,
        r_now=find_r_now(risk) if risk else None,
    )
    return row if live is None else _add_levels(_add_live(row, spec, live), live, prices)


def describe_unmanaged(live: LiveTrade) -> UnmanagedTrade:
    """Make the line of a live trade that nothing manages."""
    return UnmanagedTrade(
        live_id=live.id,
        pair=live.terms.pair,
        held_units=_find_held(live),
        unit=live.terms.unit,
        has_stop=live.terms.stop_loss is not None if live.phase is Phase.ENTERING else live.is_stop_armed,
    )


def sum_profits(trades: Iterable[StatusRow]) -> Mapping[str, Total]:
    """Profit by quote currency, of open and of ended trades."""
    totals: dict[str, Total] = {}
    for trade in trades:
        if trade.profit is None:
            continue
        known = totals.get(trade.quote, Total(open=Decimal(0), ended=Decimal(0)))
        if trade.phase is Phase.ENDED:
            totals[trade.quote] = Total(open=known.open, ended=known.ended + trade.profit)
        else:
            totals[trade.quote] = Total(open=known.open + trade.profit, ended=known.ended)
    return totals


def _add_live(row: StatusRow, spec: TradeSpec | None, live: LiveTrade) -> StatusRow:
    """Add the values that the API reports for its trade to a row."""
    is_open = live.phase is Phase.OPEN
    held = _find_held(live)
    return replace(
        row,
        has_marker=live.reading.marker is not None,
        live_id=live.id,
        phase=live.phase,
        status=live.status,
        entered_units=live.entered_units,
        entered_pct=_find_entered(spec, live),
        steps_hit=len(live.finished_steps),
        steps=sum(not step.is_cancelled for step in live.steps),
        profit=live.profit,
        profit_pct=live.profit_pct,
        stop_status=live.stop_status,
        is_stop_lost=is_open and live.lacks_active_stop,
        ended_at=live.closed_at if live.phase is Phase.ENDED else None,
        unreadable=tuple(each.problem for each in live.unreadable),
        created_at=live.created_at,
        unit=live.terms.unit,
        held_units=held,
        is_unprotected=held > 0 and live.phase in (Phase.OPEN, Phase.FILLING) and not live.is_stop_armed,
        is_stop_known=live.find_unreadable({Part.STOP}) is None,
    )


def _find_held(live: LiveTrade) -> Decimal:
    """Return what a position holds; what has ended holds nothing that a stop could protect."""
    return Decimal(0) if live.phase is Phase.ENDED else max(Decimal(0), live.held_units)


def _add_levels(row: StatusRow, live: LiveTrade, prices: Prices | None) -> StatusRow:
    """Add the prices at which its trade acts, and their distances, to a row."""
    stop = _find_stop(live, prices) if live.phase is Phase.OPEN else _DistantPrice()
    event, nearest = _find_next(live, prices)
    return replace(
        row,
        stop=stop.price,
        stop_distance_pct=stop.distance_pct,
        is_stop_passed=_is_passed(live.terms.entry.side, stop),
        next=event,
        next_price=nearest.price,
        next_distance_pct=nearest.distance_pct,
    )


def _find_entered(spec: TradeSpec | None, live: LiveTrade) -> Decimal | None:
    """Return the filled part of the entry in percent; an open position is filled in full."""
    if live.terms.skip_enter_step:
        return None
    if live.phase is Phase.OPEN:
        return _HUNDRED
    asked = spec.terms.entry.units if spec else live.terms.entry.units
    return min(_HUNDRED, _round(live.entered_units / asked * _HUNDRED)) if asked else None


def _find_stop(live: LiveTrade, prices: Prices | None) -> _DistantPrice:
    stop = live.terms.stop_loss
    return _DistantPrice() if stop is None else _locate(stop.trigger, prices)


def _is_passed(side: Side, stop: _DistantPrice) -> bool:
    """Return whether the price is beyond a stop: below that of a bought position, above that of a sold one."""
    distance = stop.distance_pct or Decimal(0)
    return distance > 0 if side is Side.BUY else distance < 0


def _find_next(live: LiveTrade, prices: Prices | None) -> tuple[NextEvent | None, _DistantPrice]:
    """Find the event that is nearest to the present price."""
    if live.phase in (Phase.ENTERING, Phase.FILLING):
        entry = live.terms.entry
        watched = entry.condition.price_type if entry.condition else DEFAULT_ENTRY_PRICE_TYPE[entry.side]
        price = entry.condition.price if entry.condition else entry.price
        return _NO_EVENT if price is None else (NextEvent.ENTRY, _measure(price, watched, prices))
    steps = list(_locate_steps(live, prices))
    if live.phase is not Phase.OPEN or not steps:
        return _NO_EVENT
    return NextEvent.STEP, min(steps, key=lambda step: abs(step.distance_pct or Decimal(0)))


def _locate_steps(live: LiveTrade, prices: Prices | None) -> Iterator[_DistantPrice]:
    for step in live.open_steps:
        located = _locate(step.terms.level, prices)
        if located.price is not None:
            yield located


def _locate(level: Level, prices: Prices | None) -> _DistantPrice:
    return _DistantPrice() if level.value is None else _measure(level.value, level.price_type, prices)


def _measure(price: Decimal, watched: PriceType, prices: Prices | None) -> _DistantPrice:
    if prices is None:
        return _DistantPrice(price=price)
    now = {PriceType.BID: prices.bid, PriceType.ASK: prices.ask, PriceType.LAST: prices.last}[watched]
    return _DistantPrice(price=price, distance_pct=_round((price - now) / now * _HUNDRED) if now else None)


def _round(number: Decimal) -> Decimal:
    return round_to(number, _PERCENT_STEP)
