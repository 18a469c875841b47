"""Live trades as they would be if files that are compared with had been applied: assumed, never read.

A trade whose entry changes, or that is in no file any more, is taken as waiting for its entry. Every other is taken as
held, since then a change of its exits shows what it does to protection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from reconciler.codec.body import write_body
from reconciler.codec.note import read_note, write_note
from reconciler.model.averaging import AveragingReading, SentOrder
from reconciler.model.live import Flags, LiveStep, LiveTrade, Phase
from reconciler.model.specs import DesiredState, TradeSpec, map_renames
from reconciler.model.statuses import OrderStatus, TradeStatus
from reconciler.model.terms import Side, Terms
from reconciler.planning.forecasts import expected_entry_price
from reconciler.planning.operations import wanted_marker

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedTrade:
    """A trade that stands for one that may be live.

    Attributes:
        live: The trade, with a number of its own in place of an id.
        averaging: Its averaging orders.
    """

    live: LiveTrade
    averaging: AveragingReading


def assume_trades(
    before: Sequence[TradeSpec],
    after: Sequence[TradeSpec],
    *,
    workspace: str,
    now: datetime,
    fees: Mapping[int, Decimal],
) -> tuple[AssumedTrade, ...]:
    """Assume the live trades that the former files have led to.

    Args:
        before: Trades of the former files.
        after: Trades of the files of now.
        workspace: Name of the workspace.
        now: The present.
        fees: Account id to the share of the amount that an entry costs.
    """
    renames, present = map_renames(after), {spec.name: spec for spec in after}
    assumed: list[AssumedTrade] = []
    for number, spec in enumerate(before, start=1):
        new = present.get(renames.get(spec.name, spec.name))
        if spec.state is DesiredState.OPEN and (new is None or new.generation == spec.generation):
            fee = fees.get(spec.terms.account_id, _ZERO)
            assumed.append(_assume(spec, number, workspace, now, fee, is_held=_is_held(spec, new)))
    return tuple(assumed)


def _assume(
    spec: TradeSpec, number: int, workspace: str, now: datetime, fee: Decimal, *, is_held: bool
) -> AssumedTrade:
    terms = spec.terms
    # Of an entry at market it is not known.
    price = expected_entry_price(terms) or None
    entered = terms.entry.units if is_held and not terms.skip_enter_step else _ZERO
    sent = spec.averaging if is_held else ()
    note = write_note(replace(wanted_marker(workspace, spec), averaging_sent=len(sent)), spec.note)
    live = LiveTrade(
        id=number,
        status=TradeStatus.WAITING_TARGETS if is_held else TradeStatus.WAITING_POSITION,
        error="",
        phase=Phase.OPEN if is_held else Phase.ENTERING,
        terms=terms,
        steps=tuple(
            LiveStep(
                id=place,
                terms=step,
                status=OrderStatus.ORDER_PLACED if is_held else OrderStatus.IDLE,
                cancelable=True,
            )
            for place, step in enumerate(terms.steps, start=1)
        ),
        stop_status="" if terms.stop_loss is None else OrderStatus.TO_PROCESS if is_held else OrderStatus.IDLE,
        note=note,
        reading=read_note(note),
        flags=Flags(editable=True, cancel=True, close=is_held, add_funds=is_held),
        entered_units=entered,
        entered_total=_find_cost(terms, entered, price, fee),
        closed_units=_ZERO,
        average_price=price if is_held else None,
        profit=None,
        profit_pct=None,
        prices=None,
        created_at=now,
        entity={"id": number, **write_body(terms)},
    )
    orders = tuple(
        SentOrder(id=place, order=order, status=OrderStatus.ORDER_PLACED, filled_units=_ZERO, cancelable=True)
        for place, order in enumerate(sent, start=1)
    )
    return AssumedTrade(live=live, averaging=AveragingReading(orders=orders))


def _find_cost(terms: Terms, units: Decimal, price: Decimal | None, fee: Decimal) -> Decimal:
    """Return what an entry has paid or brought, with its fee; zero if that is not known, as the API shows it then."""
    worth = terms.market.worth_of(units, price)
    sign = 1 if terms.entry.side is Side.BUY else -1
    return _ZERO if worth is None else worth * (1 + sign * fee)


def _is_held(spec: TradeSpec, new: TradeSpec | None) -> bool:
    """Return whether a trade is taken as held."""
    if spec.terms.skip_enter_step:
        return True
    if new is None:
        return False
    if new.state is not DesiredState.OPEN:
        return True
    former, present = spec.terms, new.terms
    before = (former.account_id, former.pair, former.instant, former.skip_enter_step, former.entry)
    return before == (present.account_id, present.pair, present.instant, present.skip_enter_step, present.entry)
