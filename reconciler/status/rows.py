"""How each trade stands: from a live trade and prices to what `status` shows; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import round_to
from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.news import News
from reconciler.model.specs import TradeSpec
from reconciler.model.status import StatusRow, Total
from reconciler.model.terms import Level, PriceType, Side

_HUNDRED = Decimal(100)
# Enough to tell two trades apart at a glance.
_PERCENT_STEP = Decimal("0.01")
_DEFAULT_ENTRY_TYPES = {Side.BUY: PriceType.ASK, Side.SELL: PriceType.BID}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Somewhere that a price may reach.

    Attributes:
        price: In quote currency.
        distance_pct: From the watched price, in percent of it.
    """

    price: Decimal | None = None
    distance_pct: Decimal | None = None


def describe_trade(
    name: str,
    spec: TradeSpec | None,
    live: LiveTrade | None,
    prices: Prices | None,
    news: Sequence[News] = (),
) -> StatusRow:
    """How one trade stands.

    Args:
        name: Its name.
        spec: What the file says, or None where no file names it; one of `spec` and `live` is there, or there is news.
        live: What the API has, or None where it was never opened.
        prices: Of its pair, or None where they are not known.
        news: Bad news about it.
    """
    terms = live.terms if live else spec.terms if spec else None
    is_held = live is not None and live.phase is Phase.OPEN
    is_at_work = live is not None and live.phase is not Phase.ENDED
    stop = _find_stop(live, prices) if live and is_held else _Place()
    kind, nearest = _find_next(live, prices) if live and is_at_work else ("", _Place())
    return StatusRow(
        trade=name,
        is_in_file=spec is not None,
        has_marker=live is None or live.reading.marker is not None,
        pair=terms.pair if terms else "",
        live_id=live.id if live else None,
        phase=live.phase if live else None,
        status=live.status if live else "",
        entered_units=live.entered_units if live else Decimal(0),
        entered_pct=_find_entered(spec, live) if live else None,
        steps_hit=len(live.finished_steps) if live else 0,
        steps=sum(not step.is_cancelled for step in live.steps) if live else 0,
        profit=live.profit if live else None,
        profit_pct=live.profit_pct if live else None,
        price=prices.last if prices else None,
        stop=stop.price,
        stop_distance_pct=stop.distance_pct,
        stop_status=live.stop_status if live else "",
        is_stop_lost=live is not None and is_held and live.terms.stop_loss is not None and not live.is_stop_armed,
        next=kind,
        next_price=nearest.price,
        next_distance_pct=nearest.distance_pct,
        ended_at=live.closed_at if live and live.phase is Phase.ENDED else None,
        attention=tuple(dict.fromkeys(each.topic.value for each in news)),
    )


def sum_profits(trades: Iterable[StatusRow]) -> Mapping[str, Total]:
    """Profit by quote currency, of what is open and of what has ended."""
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


def _find_entered(spec: TradeSpec | None, live: LiveTrade) -> Decimal | None:
    """How much of the entry is filled; what an open position holds is all there was to fill."""
    if live.terms.skip_enter_step:
        return None
    if live.phase is Phase.OPEN:
        return _HUNDRED
    asked = spec.terms.entry.units if spec else live.terms.entry.units
    return min(_HUNDRED, _round(live.entered_units / asked * _HUNDRED)) if asked else None


def _find_stop(live: LiveTrade, prices: Prices | None) -> _Place:
    stop = live.terms.stop_loss
    return _Place() if stop is None else _locate(stop.trigger, prices)


def _find_next(live: LiveTrade, prices: Prices | None) -> tuple[str, _Place]:
    """What waits nearest to the present price."""
    if live.phase in (Phase.ENTERING, Phase.FILLING):
        entry = live.terms.entry
        watched = entry.condition.price_type if entry.condition else _DEFAULT_ENTRY_TYPES[entry.side]
        price = entry.condition.price if entry.condition else entry.price
        return ("", _Place()) if price is None else ("entry", _measure(price, watched, prices))
    places = list(_locate_steps(live, prices))
    if live.phase is not Phase.OPEN or not places:
        return "", _Place()
    return "step", min(places, key=lambda place: abs(place.distance_pct or Decimal(0)))


def _locate_steps(live: LiveTrade, prices: Prices | None) -> Iterator[_Place]:
    for step in live.open_steps:
        place = _locate(step.terms.level, prices)
        if place.price is not None:
            yield place


def _locate(level: Level, prices: Prices | None) -> _Place:
    return _Place() if level.value is None else _measure(level.value, level.price_type, prices)


def _measure(price: Decimal, watched: PriceType, prices: Prices | None) -> _Place:
    if prices is None:
        return _Place(price=price)
    now = {PriceType.BID: prices.bid, PriceType.ASK: prices.ask, PriceType.LAST: prices.last}[watched]
    return _Place(price=price, distance_pct=_round((price - now) / now * _HUNDRED) if now else None)


def _round(number: Decimal) -> Decimal:
    return round_to(number, _PERCENT_STEP)
