"""Averaging orders of a file against those that were sent: what to send, what to cancel, what to leave alone.

An order is sent at most once: what was counted in the marker and cannot be found is not sent again, and one that was
cancelled or that failed stays history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reconciler.codec.averaging import write_order_text
from reconciler.codec.numbers import plain
from reconciler.diffing.averaging_orders import OrderComparison, compare_orders, find_sent
from reconciler.diffing.firing import is_order_reached, is_stop_reached
from reconciler.matching.sighting import owned_marker
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.operations import Action, Cause, Effect, FieldChange, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.specs import TradeSpec
from reconciler.planning import forecasts
from reconciler.planning.decisions import Decision
from reconciler.planning.market_limits import find_unfit_order
from reconciler.planning.operations import Subject, precondition_of


def needs_rates(spec: TradeSpec, reading: AveragingReading) -> bool:
    """Whether an order of the file is not listed just as it stands there, so that grids and prices decide."""
    return any(not find_sent(order, reading.orders) for order in spec.averaging)


def foretell_averaging(spec: TradeSpec, live: LiveTrade | None, rates: Rates | None) -> tuple[Notice, ...]:
    """What will be sent once the position is open, and what of it the exchange would refuse.

    Args:
        spec: What the file wants.
        live: The trade that waits for its entry, or None.
        rates: Prices and limits of its pair, or None where they were not read.
    """
    if not spec.averaging or (live is not None and owned_marker(live).averaging_sent):
        # What is counted before the entry has filled was placed by hand and adopted.
        return ()
    count = f"{len(spec.averaging)} averaging order{'s' if len(spec.averaging) > 1 else ''}"
    listed = ", ".join(map(write_order_text, spec.averaging))
    money = forecasts.describe_orders(spec.averaging, spec.terms)
    text = f"{count} ({listed}; {money}) can be sent once the position is open; a plan made then shows them"
    unfit = _find_unfit(spec, range(len(spec.averaging)), rates)
    told = [(NoticeKind.LATER, text), *([(NoticeKind.WARNING, unfit)] if unfit else [])]
    live_id = live.id if live else None
    return tuple(Notice(kind=kind, trade=spec.name, live_id=live_id, text=words) for kind, words in told)


def hold_averaging(subject: Subject, reading: AveragingReading) -> tuple[Notice, ...]:
    """What is said of averaging orders while something else about their trade is blocked: nothing is done to them."""
    held = plan_averaging(subject, reading)
    if held.is_empty:
        return held.notices
    text = "its averaging orders are left as they are while something else about it is blocked"
    notice = Notice(kind=NoticeKind.WARNING, trade=subject.spec.name, live_id=subject.live.id, text=text)
    return (*held.notices, notice)


def plan_averaging(subject: Subject, reading: AveragingReading) -> Decision:
    """Decide about the averaging orders of a trade whose position is held.

    Args:
        subject: The trade.
        reading: What was sent before; nothing where the marker counts nothing.
    """
    compared = compare_orders(subject.spec, subject.live, reading, subject.rates)
    cancels: tuple[Operation, ...] = ()
    sends: tuple[Operation, ...] = ()
    blocked = _find_obstacle(subject, reading, compared)
    if not (reading.doubt or compared.foreign):
        cancels = _cancel(subject, compared.surplus)
    if blocked is None:
        sends = tuple(_send(subject, place) for place in compared.unsent)
    return Decision(
        operations=(*cancels, *sends),
        blocked=() if blocked is None else (blocked,),
        notices=tuple(_notice_lost(subject, sent) for sent in compared.lost),
    )


def _find_obstacle(subject: Subject, reading: AveragingReading, compared: OrderComparison) -> Blocked | None:
    """Why orders of the file cannot be sent, or surplus ones not cancelled."""
    live = subject.live
    if not (reading.doubt or compared.unsent or (compared.surplus and compared.foreign)):
        return None
    reason, hint = "", "plan again later"
    if reading.doubt:
        reason, hint = reading.doubt, "plan again; if it stays so, look at the trade in 3Commas"
    elif compared.foreign:
        reason, hint = _describe_foreign(subject.spec.name, compared)
    elif compared.missing:
        reason, hint = _describe_missing(live, compared)
    elif not live.flags.add_funds:
        reason = f"3Commas does not offer to add funds while {live.status}"
    elif subject.prices is not None and is_stop_reached(live.terms, subject.prices):
        reason = f"the price has passed the stop: nothing is added at {plain(subject.prices.last)}"
    else:
        reason, hint = _find_unfit(subject.spec, compared.unsent, subject.rates), "correct the file"
    return _block(subject, compared, reason, hint) if reason else None


def _describe_foreign(name: str, compared: OrderComparison) -> tuple[str, str]:
    count = compared.foreign
    reason = f"the trade has {count} averaging order{'s' if count > 1 else ''} more than were sent from here"
    return (
        reason,
        f"list those that wait in the file, too, then `reconciler import --update {name} --adopt` counts them",
    )


def _describe_missing(live: LiveTrade, compared: OrderComparison) -> tuple[str, str]:
    counted = owned_marker(live).averaging_sent
    left = counted - compared.missing
    reason = (
        f"its note counts {counted} averaging order{'s' if counted > 1 else ''} and 3Commas lists {left}:"
        " one may have been sent and not be visible, so none is sent again"
    )
    becomes = f"to ` a{left}]`" if left else "out"
    hint = f"look at its orders in 3Commas; if it was not sent, change ` a{counted}]` in the note {becomes}"
    return reason, hint if left else f"{hint}: leave `]`"


def _find_unfit(spec: TradeSpec, places: Iterable[int], rates: Rates | None) -> str:
    """What the exchange would refuse, or empty."""
    if rates is None:
        return ""
    problems = [
        problem
        for place in places
        for problem in find_unfit_order(spec.averaging[place], f"averaging[{place}]", spec.terms, rates)
    ]
    return f"the exchange would refuse it: {'; '.join(problems)}" if problems else ""


def _block(subject: Subject, compared: OrderComparison, reason: str, hint: str) -> Blocked:
    wanted = [
        FieldChange(path=f"averaging[{place}]", before=None, after=write_order_text(subject.spec.averaging[place]))
        for place in compared.unsent
    ]
    unwanted = (
        [FieldChange(path="averaging", before=write_order_text(sent.order), after=None) for sent in compared.surplus]
        if compared.foreign
        else []
    )
    return Blocked(
        trade=subject.spec.name, live_id=subject.live.id, reason=reason, hint=hint, changes=(*unwanted, *wanted)
    )


def _cancel(subject: Subject, surplus: Sequence[SentOrder]) -> tuple[Operation, ...]:
    copies = Counter(sent.order for sent in surplus)
    cancels: list[Operation] = []
    for sent in surplus:
        copies[sent.order] -= 1
        effect, money = forecasts.describe_cancel_averaging(sent, subject.live.terms)
        cancels.append(_operation(subject, Action.CANCEL_AVERAGING, sent.order, effect, money, copies[sent.order]))
    return tuple(cancels)


def _send(subject: Subject, place: int) -> Operation:
    order, terms = subject.spec.averaging[place], subject.live.terms
    is_reached = subject.prices is not None and is_order_reached(order, terms.entry.side, subject.prices)
    effect, money = forecasts.describe_add_funds(order, terms, is_reached=is_reached)
    operation = _operation(subject, Action.ADD_FUNDS, order, effect, money)
    return replace(operation, fires=(AVERAGING_FIRES,), reviewed_prices=subject.prices) if is_reached else operation


def _operation(
    subject: Subject, action: Action, order: AveragingOrder, effect: Effect, money: str, copies_left: int = 0
) -> Operation:
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
    text = (
        f"averaging order {write_order_text(sent.order)} is {sent.status} and is not sent a second time;"
        " to have one again state another price or size"
    )
    return Notice(kind=NoticeKind.WARNING, trade=subject.spec.name, live_id=subject.live.id, text=text)
