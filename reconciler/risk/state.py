"""The state of a trade as far as its risk depends on it: before an operation, and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase, Prices, Rates
from reconciler.model.terms import Step, StopLoss, Terms
from reconciler.model.unreadable import Unreadable

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """A take-profit step that has not been executed.

    Attributes:
        terms: Its inputs.
        index: Its number in the trade, from 1.
        units: Its size as the API shows it, or None.
    """

    terms: Step
    index: int
    units: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeState:
    """A trade in one state.

    Attributes:
        terms: Its inputs. Steps and stop count only as far as they are named below.
        opened_units: Size of the position before anything of it was closed; 0 while nothing is entered.
        opened_total: Paid or received for that, fees included; None if it is not known.
        closed_units: Closed so far.
        closed_total: Received or paid for that, fees included; None if it is not known.
        waiting_units: Size that is still to be entered.
        steps: Steps that may still act.
        executed: Terms of the steps that were executed.
        stop: Stop that limits the loss, or None.
        adds: Averaging orders that wait or are planned.
        prices: Present prices, or None.
        price_step: Tick size; 0 if it is not known.
        lot_step: Lot size; 0 if it is not known.
        liquidation_price: As the API names it, or None.
        unreadable: Fields of the live trade that cannot be read.
        are_adds_unknown: Whether averaging orders may wait that were not read.
    """

    terms: Terms
    opened_units: Decimal = _ZERO
    opened_total: Decimal | None = _ZERO
    closed_units: Decimal = _ZERO
    closed_total: Decimal | None = _ZERO
    waiting_units: Decimal = _ZERO
    steps: tuple[OpenStep, ...] = ()
    executed: tuple[Step, ...] = ()
    stop: StopLoss | None = None
    adds: tuple[AveragingOrder, ...] = ()
    prices: Prices | None = None
    price_step: Decimal = _ZERO
    lot_step: Decimal = _ZERO
    liquidation_price: Decimal | None = None
    unreadable: tuple[Unreadable, ...] = ()
    are_adds_unknown: bool = False

    @property
    def done_pct(self) -> Decimal:
        """Share of the position that the executed steps had, in percent."""
        return sum((step.volume_pct for step in self.executed), _ZERO)

    @property
    def held_units(self) -> Decimal:
        """Size of the position now."""
        return self.opened_units - self.closed_units

    @property
    def is_held(self) -> bool:
        """Return whether a position is held, at least in part."""
        return self.opened_units > 0

    @property
    def is_filling(self) -> bool:
        """Return whether the entry is filled in part, so that no stop is active yet."""
        return self.is_held and self.waiting_units > 0


def state_of_terms(terms: Terms, adds: Sequence[AveragingOrder] = (), rates: Rates | None = None) -> TradeState:
    """Make the state of a trade that is not opened yet.

    Args:
        terms: The trade.
        adds: Averaging orders that its file plans.
        rates: Prices and grids of its pair, or None if they were not read.
    """
    own = terms.entry.units if terms.skip_enter_step else _ZERO
    return TradeState(
        terms=terms,
        opened_units=own,
        opened_total=terms.market.worth_of(own, terms.entry.price) if own else _ZERO,
        waiting_units=terms.entry.units - own,
        steps=number_steps(terms.steps),
        stop=terms.stop_loss,
        adds=tuple(adds),
        prices=rates.prices if rates else None,
        price_step=rates.price_step if rates else _ZERO,
        lot_step=rates.lot_step if rates else _ZERO,
    )


def state_of_live(
    live: LiveTrade, adds: Sequence[AveragingOrder] | None = (), rates: Rates | None = None
) -> TradeState:
    """Make the state of a live trade.

    A stop that is not active limits nothing, so it does not count once a part of the position is held. While an entry
    is filled in part, the exchange has no stop at all.

    Args:
        live: The trade, on its market.
        adds: Averaging orders that wait or are planned, with what is left of each; None if some may wait that were not
            read.
        rates: Prices and grids of its pair, or None if they were not read; its own prices count then.
    """
    terms = live.terms
    is_waiting = live.phase in (Phase.ENTERING, Phase.FILLING) or (live.phase is Phase.BUSY and not live.entered_units)
    opened = live.opened_units
    return TradeState(
        terms=terms,
        opened_units=opened,
        opened_total=_find_opened_total(live, opened),
        closed_units=live.closed_units,
        closed_total=live.closed_total if live.closed_units else _ZERO,
        waiting_units=max(terms.entry.units - opened, _ZERO) if is_waiting and not terms.skip_enter_step else _ZERO,
        steps=_list_open_steps(live),
        executed=live.executed_terms,
        stop=terms.stop_loss if live.phase is Phase.ENTERING or _has_active_stop(live) else None,
        adds=tuple(adds or ()),
        are_adds_unknown=adds is None,
        prices=rates.prices if rates else live.prices,
        price_step=rates.price_step if rates else _ZERO,
        lot_step=rates.lot_step if rates else _ZERO,
        liquidation_price=live.liquidation_price or None,
        unreadable=live.unreadable,
    )


def number_steps(steps: Sequence[Step], first: int = 1) -> tuple[OpenStep, ...]:
    """Number steps that have no size yet.

    Args:
        steps: In order.
        first: Number of the first one.
    """
    return tuple(OpenStep(terms=step, index=first + place) for place, step in enumerate(steps))


def _has_active_stop(live: LiveTrade) -> bool:
    """Return whether a stop acts on what is held; assumed: none does before the whole entry is filled."""
    return live.phase is not Phase.FILLING and live.is_stop_armed


def _list_open_steps(live: LiveTrade) -> tuple[OpenStep, ...]:
    return tuple(
        OpenStep(terms=step.terms, index=place, units=step.units)
        for place, step in enumerate(live.steps, start=1)
        if not (step.is_finished or step.is_cancelled)
    )


def _find_opened_total(live: LiveTrade, opened: Decimal) -> Decimal | None:
    """Find what a position has cost or brought; own funds count at their own price.

    The API may show nothing entered for own funds or for older trades. The average includes fees then.
    """
    if not opened:
        return Decimal(0)
    if live.entered_units and live.entered_total:
        return live.entered_total
    price = live.average_price or (live.terms.entry.price if live.terms.skip_enter_step else None)
    return live.terms.market.worth_of(opened, price)
