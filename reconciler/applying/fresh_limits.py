"""Limits that depend on the present: prices right before a write, and losses of trades that ended since the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.applying.endings import end_with
from reconciler.codec.numbers import plain
from reconciler.guardrails.acknowledgements import find_fitting, fits_any, write_acknowledgements
from reconciler.guardrails.counts import enters_at_market
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.past import judge_losses
from reconciler.guardrails.trade_changes import commits, gather_facts
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailName, Limit, PastTrades
from reconciler.model.live import Prices
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.reasons import Reason, reason
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT
from reconciler.model.risk import WorkspaceRisk
from reconciler.model.terms import Entry, OrderType, Side, Terms

_HUNDRED = Decimal(100)
_DECIMALS = 8
_BY_PRICE = frozenset(
    {GuardrailName.NOTIONAL_PER_TRADE, GuardrailName.ENTRY_DISTANCE_PCT, GuardrailName.STOP_DISTANCE_PCT}
)


class FreshLimits:
    """Compares what opens a trade with its limits at the present price.

    Args:
        plan: What was reviewed, with all that is acknowledged: what passed then passes again up to the same value.
        stated: The `guardrails` of a valid reconciler.yaml; empty if there are none.
        price_moved_pct: How far a price may have moved since the review, in percent, by the rules of now.
    """

    def __init__(
        self, plan: Plan, stated: Mapping[str, object], price_moved_pct: Decimal = DEFAULT_PRICE_MOVED_PCT
    ) -> None:
        # A larger distance holds only once it is at the base.
        self.price_moved_pct = min(price_moved_pct, plan.base.price_moved_pct) if plan.base else price_moved_pct
        refusing = (limit for limit in read_limits(stated) if limit.level is GuardrailLevel.LIMIT)
        self._limits = tuple(limit for limit in refusing if limit.name in _BY_PRICE)
        self._passed = _find_passed(plan)

    def find_passed(self, operation: Operation, prices: Prices | None) -> Reason | None:
        """Find the limit that a trade passes which is opened now; None if it passes none.

        Args:
            operation: What would be sent.
            prices: The present prices of its pair, or None if there are none: then it is refused.
        """
        if not operation.opens or operation.after is None or operation.after.skip_enter_step or not self._limits:
            return None
        if prices is None or min(prices.bid, prices.ask, prices.last) <= 0:
            return reason(StaleReason.NO_PRICE_FOR_LIMIT, name=self._limits[0].name.value)
        found = (why for limit in self._limits for why in self._judge(limit, operation, operation.after, prices))
        return next(found, None)

    def _judge(self, limit: Limit, operation: Operation, terms: Terms, prices: Prices) -> Iterator[Reason]:
        for value, unit, most, least in _measure(limit, operation, terms, prices):
            bounds = self._passed.get((limit.name.value, unit), ())
            is_over = most is not None and value > max((most, *bounds))
            is_under = least is not None and value < min((least, *bounds))
            if is_over or is_under:
                bound = most if is_over else least
                yield _describe(StaleReason.LIMIT_PASSED_NOW, limit.name, value, unit, bound)


def find_lossy(plan: Plan, stated: Mapping[str, object], past: PastTrades) -> tuple[Guardrail, ...]:
    """Find the limits on realised losses that are passed now and were not acknowledged.

    Args:
        plan: What would be sent, with all that is acknowledged.
        stated: The `guardrails` of a valid reconciler.yaml; empty if there are none.
        past: Earlier trades as they were just read; unless all were read, nothing more is known than at the plan.
    """
    if not past.is_whole:
        return ()
    facts = gather_facts(plan.operations, WorkspaceRisk(), plan.context.accounts, past)
    limits = [limit for limit in read_limits(stated) if limit.name is GuardrailName.LOSS_REALISED]
    judged = write_acknowledgements([each for limit in limits for each in judge_losses(limit, facts)])
    return tuple(each for each in judged if each.is_breach and not fits_any(each, plan.acknowledged))


def hold_lossy(operations: Iterable[Operation], passed: Sequence[Guardrail]) -> dict[Operation, Outcome]:
    """Make the outcomes of operations that bind money while a limit on realised losses is passed."""
    if not passed:
        return {}
    first = passed[0]
    found = _describe(StaleReason.LIMIT_PASSED_NOW, first.name, first.value, first.unit, first.limit)
    return {each: end_with(each, OutcomeKind.STALE, each.live_id, found) for each in operations if commits(each)}


def _measure(
    limit: Limit, operation: Operation, terms: Terms, prices: Prices
) -> Iterator[tuple[Decimal, str, Decimal | None, Decimal | None]]:
    """Yield the value of a limit with its unit, and the largest and the least that is allowed."""
    now = prices.ask if terms.entry.side is Side.BUY else prices.bid
    if limit.name is GuardrailName.ENTRY_DISTANCE_PCT:
        price = _find_order_price(terms.entry)
        if price is not None and not enters_at_market(operation):
            yield abs(price - prices.last) / prices.last * _HUNDRED, "%", limit.most, None
    elif not enters_at_market(operation):
        # The price of a waiting entry is its own, and was reviewed.
        return
    elif limit.name is GuardrailName.NOTIONAL_PER_TRADE:
        worth = terms.market.worth_of(terms.entry.units, now)
        # Without a number for the currency the plan was refused, or each notional was acknowledged.
        if worth is not None and limit.find_amount(terms.quote) is not None:
            yield worth, terms.quote, limit.find_amount(terms.quote), None
    elif terms.stop_loss is not None and terms.stop_loss.trigger.value is not None:
        yield abs(now - terms.stop_loss.trigger.value) / now * _HUNDRED, "%", limit.most, limit.least


def _find_order_price(entry: Entry) -> Decimal | None:
    if entry.order_type is OrderType.CONDITIONAL and entry.condition is not None:
        return entry.condition.price
    return entry.price


def _find_passed(plan: Plan) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    """Find the values that passed limits at the plan, and up to which they were acknowledged."""
    found: dict[tuple[str, str], tuple[Decimal, ...]] = {}
    for each in plan.guardrails:
        if each.is_passed and each.level is GuardrailLevel.LIMIT and each.value is not None:
            bounds = find_fitting(each, plan.acknowledged)
            found[each.name, each.unit] = (*found.get((each.name, each.unit), ()), *bounds)
    return found


def _describe(code: StaleReason, name: str, value: Decimal | None, unit: str, bound: Decimal | None) -> Reason:
    texts = ["not known" if each is None else plain(round(each, _DECIMALS).normalize()) for each in (value, bound)]
    now, limit = (f"{text} {unit}".strip() for text in texts)
    return reason(code, name=str(name), now=now, limit=limit)
