"""Plan the averaging orders of a trade: which to send, which to cancel, which to leave unchanged.

An order is sent at most once. An order that is counted in the marker and cannot be found is not sent again. One that
was cancelled or that failed stays history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reconciler.codec.averaging import write_order_text
from reconciler.diffing.averaging_orders import OrderComparison, compare_orders, find_sent
from reconciler.diffing.firing import is_order_reached, is_stop_reached
from reconciler.matching.sighting import owned_marker
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.operations import Action, Cause, FieldChange, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from reconciler.planning import forecasts
from reconciler.planning.amounts import in_base, in_quote
from reconciler.planning.decisions import PLAN_LATER, Decision, notice
from reconciler.planning.market_limits import describe_unfit, find_doubtful_order, find_unfit_order
from reconciler.planning.operations import Subject, precondition_of


def needs_rates(spec: TradeSpec, reading: AveragingReading) -> bool:
    """Return whether an order of the file is not listed with exactly its values, so that rates are needed."""
    return any(not find_sent(order, reading.orders) for order in spec.averaging)


def announce_averaging(spec: TradeSpec, live: LiveTrade | None, rates: Rates | None) -> tuple[Notice, ...]:
    """Say what will be sent once the position is open, and what of it the exchange would or may refuse.

    Args:
        spec: What the file wants.
        live: The trade that waits for its entry, or None.
        rates: Prices and limits of its pair, or None if they were not read.
    """
    if not spec.averaging or (live is not None and owned_marker(live).averaging_sent):
        # What is counted before the entry has filled was placed by hand and adopted.
        return ()
    later = reason(
        NoticeReason.AVERAGING_LATER,
        count=len(spec.averaging),
        orders=tuple(_name_order(order, spec.terms) for order in spec.averaging),
        total=forecasts.total_of_orders(spec.averaging, spec.terms),
    )
    problems = _find_unfit(spec, range(len(spec.averaging)), rates)
    warnings = [describe_unfit(problems)] if problems else []
    doubts = _find_doubts(spec, range(len(spec.averaging)), rates)
    warnings += [reason(NoticeReason.MAY_BE_REFUSED, problems=doubts)] if doubts else []
    return (
        notice(NoticeKind.LATER, spec.name, live, later),
        *(notice(NoticeKind.WARNING, spec.name, live, each) for each in warnings),
    )


def hold_averaging(subject: Subject, reading: AveragingReading) -> tuple[Notice, ...]:
    """Say that averaging orders are left unchanged while something else about their trade is blocked."""
    held = plan_averaging(subject, reading)
    if held.is_empty:
        return held.notices
    unchanged = reason(NoticeReason.AVERAGING_HELD)
    return (*held.notices, notice(NoticeKind.WARNING, subject.spec.name, subject.live, unchanged))


def plan_averaging(subject: Subject, reading: AveragingReading) -> Decision:
    """Decide about the averaging orders of a trade whose position is held.

    Args:
        subject: The trade.
        reading: Orders that were sent before; empty if the marker counts none.
    """
    compared = compare_orders(subject.spec, subject.live, reading, subject.rates)
    cancels: tuple[Operation, ...] = ()
    sends: tuple[Operation, ...] = ()
    blocked = _find_obstacle(subject, reading, compared)
    if not (reading.doubt or compared.foreign):
        cancels = _cancel(subject, compared.surplus)
    if blocked is None:
        sends = tuple(_send(subject, place) for place in compared.unsent)
    doubts = _find_doubts(subject.spec, compared.unsent if sends else (), subject.rates)
    return Decision(
        operations=(*cancels, *sends),
        blocked=() if blocked is None else (blocked,),
        notices=(*(_notice_lost(subject, sent) for sent in compared.lost), *_warn_of(subject, doubts)),
    )


def _find_obstacle(subject: Subject, reading: AveragingReading, compared: OrderComparison) -> Blocked | None:
    """Find why orders of the file cannot be sent, or surplus ones not cancelled."""
    if not (reading.doubt or compared.unsent or (compared.surplus and compared.foreign)):
        return None
    found = _find_doubt(subject, reading, compared) or _find_refusal(subject, compared)
    return None if found is None else _block(subject, compared, *found)


def _find_doubt(subject: Subject, reading: AveragingReading, compared: OrderComparison) -> tuple[Reason, Reason] | None:
    """Find why it is not certain which orders were sent, and what the user can do."""
    if reading.doubt:
        return reason(BlockReason.AVERAGING_UNCERTAIN, doubt=reading.doubt), reason(BlockHint.CHECK_TRADE)
    if compared.foreign:
        found = reason(BlockReason.AVERAGING_ADDED_BY_HAND, count=compared.foreign)
        return found, reason(BlockHint.LIST_AVERAGING, name=subject.spec.name)
    if not compared.missing:
        return None
    counted = owned_marker(subject.live).averaging_sent
    listed = counted - compared.missing
    found = reason(BlockReason.AVERAGING_MISSING, counted=counted, listed=listed)
    if listed:
        return found, reason(BlockHint.LOWER_COUNT, counted=counted, listed=listed)
    return found, reason(BlockHint.REMOVE_COUNT, counted=counted)


def _find_refusal(subject: Subject, compared: OrderComparison) -> tuple[Reason, Reason] | None:
    """Find why 3Commas or the exchange would refuse orders, and what the user can do."""
    live, prices = subject.live, subject.prices
    if not live.flags.add_funds:
        return reason(BlockReason.ADD_FUNDS_NOT_OFFERED, status=live.status), PLAN_LATER
    if prices is not None and is_stop_reached(live.terms, prices):
        return reason(BlockReason.STOP_PASSED, price=in_quote(prices.last, live.terms)), PLAN_LATER
    problems = _find_unfit(subject.spec, compared.unsent, subject.rates)
    if not problems:
        return None
    return describe_unfit(problems), reason(BlockHint.CORRECT_FILE)


def _find_unfit(spec: TradeSpec, places: Iterable[int], rates: Rates | None) -> tuple[Reason, ...]:
    """Find what the exchange would refuse of some orders of a file, by their places in it."""
    if rates is None:
        return ()
    return tuple(
        problem
        for place in places
        for problem in find_unfit_order(spec.averaging[place], f"averaging[{place}]", spec.terms, rates)
    )


def _find_doubts(spec: TradeSpec, places: Iterable[int], rates: Rates | None) -> tuple[Reason, ...]:
    """Find what the exchange may refuse of some orders of a file, by their places in it."""
    if rates is None:
        return ()
    return tuple(
        doubt
        for place in places
        for doubt in find_doubtful_order(spec.averaging[place], f"averaging[{place}]", spec.terms, rates)
    )


def _warn_of(subject: Subject, doubts: tuple[Reason, ...]) -> tuple[Notice, ...]:
    if not doubts:
        return ()
    found = reason(NoticeReason.MAY_BE_REFUSED, problems=doubts)
    return (notice(NoticeKind.WARNING, subject.spec.name, subject.live, found),)


def _name_order(order: AveragingOrder, terms: Terms) -> Reason:
    return reason(NoticeReason.AVERAGING_ORDER, units=in_base(order.units, terms), price=in_quote(order.price, terms))


def _block(subject: Subject, compared: OrderComparison, found: Reason, hint: Reason) -> Blocked:
    wanted = [
        FieldChange(path=f"averaging[{place}]", live=None, wanted=write_order_text(subject.spec.averaging[place]))
        for place in compared.unsent
    ]
    unwanted = (
        [FieldChange(path="averaging", live=write_order_text(sent.order), wanted=None) for sent in compared.surplus]
        if compared.foreign
        else []
    )
    return Blocked(
        trade=subject.spec.name, live_id=subject.live.id, reason=found, hint=hint, changes=(*unwanted, *wanted)
    )


def _cancel(subject: Subject, surplus: Sequence[SentOrder]) -> tuple[Operation, ...]:
    copies = Counter(sent.order for sent in surplus)
    cancels: list[Operation] = []
    for sent in surplus:
        copies[sent.order] -= 1
        found = forecasts.forecast_cancel_averaging(sent, subject.live.terms)
        cancels.append(_operation(subject, Action.CANCEL_AVERAGING, sent.order, found, copies[sent.order]))
    return tuple(cancels)


def _send(subject: Subject, place: int) -> Operation:
    order, terms = subject.spec.averaging[place], subject.live.terms
    is_reached = subject.prices is not None and is_order_reached(order, terms.entry.side, subject.prices)
    found = forecasts.forecast_add_funds(order, terms, is_reached=is_reached)
    operation = _operation(subject, Action.ADD_FUNDS, order, found)
    return replace(operation, fires=(AVERAGING_FIRES,), reviewed_prices=subject.prices) if is_reached else operation


def _operation(
    subject: Subject, action: Action, order: AveragingOrder, found: forecasts.Forecasts, copies_left: int = 0
) -> Operation:
    effect, money = found
    return Operation(
        action=action,
        trade=subject.spec.name,
        generation=subject.spec.generation,
        cause=Cause.FILE,
        effect=effect,
        money=money,
        averaging=order,
        copies_left=copies_left,
        precondition=precondition_of(subject.live),
    )


def _notice_lost(subject: Subject, sent: SentOrder) -> Notice:
    order = _name_order(sent.order, subject.live.terms)
    lost = reason(NoticeReason.AVERAGING_LOST, order=order, status=sent.status)
    return notice(NoticeKind.WARNING, subject.spec.name, subject.live, lost)
