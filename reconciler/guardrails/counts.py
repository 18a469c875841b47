"""Stage 7b: limits on the number of operations and trades; they are the same for workspaces of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.measures import Subject, judge_sum
from reconciler.guardrails.trade_changes import Facts
from reconciler.model.fires import AVERAGING_FIRES, ENTRY_FIRES
from reconciler.model.guardrails import Guardrail, GuardrailName, GuardrailState, Limit
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT
from reconciler.model.terms import OrderType, Side
from reconciler.planning.amounts import in_percent
from reconciler.planning.decisions import notice

_ONE, _NOTHING = Decimal(1), Decimal(0)


def enters_at_market(operation: Operation) -> bool:
    """Return whether an operation buys or sells at once to enter a position or to add to one."""
    if operation.action is Action.ADD_FUNDS:
        return AVERAGING_FIRES in operation.fires or operation.executes
    if ENTRY_FIRES in operation.fires or operation.action is Action.START:
        return True
    terms = operation.after
    is_new = operation.opens and terms is not None and not terms.skip_enter_step
    return is_new and terms is not None and terms.entry.order_type is OrderType.MARKET


def find_market_worth(operations: Iterable[Operation]) -> Decimal | None:
    """Find the worth of an entry at the reviewed price at which it is executed at once; None if none of them enters so.

    A limit order that the price has passed is executed at the price of the market, not at its own.
    """
    for operation in operations:
        terms, prices = operation.after, operation.reviewed_prices
        if terms is not None and prices is not None and operation.opens and enters_at_market(operation):
            price = prices.ask if terms.entry.side is Side.BUY else prices.bid
            return terms.market.worth_of(terms.entry.units, price)
    return None


# Which operations a limit counts; a breach holds back exactly these.
COUNTED: Mapping[GuardrailName, Callable[[Operation], bool]] = {
    GuardrailName.CLOSES: lambda operation: operation.closes,
    GuardrailName.UNPROTECTS: lambda operation: Effect.UNPROTECTS in operation.effects,
    GuardrailName.OMISSIONS: lambda operation: operation.cause is Cause.OMISSION,
    GuardrailName.CREATES: lambda operation: operation.opens,
    GuardrailName.AT_MARKET: enters_at_market,
}


def count_operations(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Count the operations of one kind."""
    is_counted = COUNTED[limit.name]
    counted = [each for each in facts.operations if is_counted(each)]
    subjects = [Subject(trade=each.trade, before=_NOTHING, after=_ONE, can_raise=True) for each in counted]
    yield judge_sum(limit, subjects, limit.most)


def count_open_trades(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Count the trades that wait for their entry or hold a position."""
    subjects = [
        Subject(
            trade=each.name,
            before=_NOTHING if each.is_known and each.before is None else _ONE,
            after=_NOTHING if each.is_known and each.after is None else _ONE,
            can_raise=any(operation.opens for operation in each.operations),
        )
        for each in facts.changes
    ]
    yield judge_sum(limit, subjects, limit.most)


def count_without_stop(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Count the trades that have no stop; a breach holds back what opens one, or takes its stop away."""
    subjects = [
        Subject(
            trade=each.name,
            before=_lacks_stop(each.before is not None and not each.before.has_stop) if each.is_known else None,
            after=_lacks_stop(each.after is not None and not each.after.has_stop) if each.is_known else None,
            can_raise=any(is_opening_or_unprotecting(operation) for operation in each.operations),
        )
        for each in facts.changes
    ]
    judged = judge_sum(limit, subjects, limit.most)
    if judged.state is GuardrailState.OVER_BEFORE and judged.holds:
        # Each trade needs a stop: that another one without a stop ends does not make up for it.
        judged = replace(judged, state=GuardrailState.OVER)
    yield judged


def is_opening_or_unprotecting(operation: Operation) -> bool:
    """Return whether an operation opens a trade, or leaves it with less protection."""
    return operation.opens or Effect.UNPROTECTS in operation.effects


def warn_of_price_limit(operations: Iterable[Operation], price_moved_pct: Decimal) -> tuple[Notice, ...]:
    """Warn if some operations execute at market and the price may move further than by default until then.

    Args:
        operations: What would be done.
        price_moved_pct: How far it may move, in percent.
    """
    if price_moved_pct <= DEFAULT_PRICE_MOVED_PCT or not any(operation.executes for operation in operations):
        return ()
    limit, default = in_percent(price_moved_pct), in_percent(DEFAULT_PRICE_MOVED_PCT)
    return (
        notice(NoticeKind.WARNING, "", None, reason(NoticeReason.PRICE_LIMIT_RAISED, limit=limit, default=default)),
    )


def _lacks_stop(is_missing: bool) -> Decimal:  # noqa: FBT001 -- a truth value is its only input
    return _ONE if is_missing else _NOTHING
