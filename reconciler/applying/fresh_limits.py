"""Limits that depend on the present: prices right before a write, and losses of trades that ended since the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.applying.endings import end_with
from reconciler.codec.numbers import plain
from reconciler.guardrails.acknowledgements import find_fitting, fits_any, write_acknowledgements
from reconciler.guardrails.counts import enters_at_market
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.past import find_usual, judge_losses
from reconciler.guardrails.trade_changes import commits, gather_facts
from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailName, Limit, PastTrades
from reconciler.model.live import LiveTrade, Prices
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.reasons import Reason, reason
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT
from reconciler.model.risk import WorkspaceRisk
from reconciler.model.terms import Entry, OrderType, Side, Terms
from reconciler.risk.state import state_of_live, state_of_terms
from reconciler.risk.trade_risk import Rules, find_factor, measure

_HUNDRED, _NOTHING = Decimal(100), Decimal(0)
_DECIMALS = 8
_BY_PRICE = frozenset(
    {
        GuardrailName.NOTIONAL_PER_TRADE,
        GuardrailName.COMMITS_PER_PLAN,
        GuardrailName.ENTRY_DISTANCE_PCT,
        GuardrailName.STOP_DISTANCE_PCT,
        GuardrailName.SIZE_MULTIPLE,
    }
)
# Those that a trade may still pass if it was over them before, and is not enlarged.
_OF_SIZE = frozenset({GuardrailName.NOTIONAL_PER_TRADE, GuardrailName.SIZE_MULTIPLE})
# What the value of a limit is measured in, and the largest and the least value that is allowed.
_Measured = tuple[Decimal, str, Decimal | None, Decimal | None]
# Of an order that adds to a position; its own price is reviewed, and its notional needs no other figure.
_NO_FEE = Rules(fee=Decimal(0))


class FreshLimits:
    """Compares what opens a trade, or adds to one, with its limits at the present price.

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
        self._limits = tuple(limit for limit in refusing if limit.name in _BY_PRICE and not _is_unknown(limit, plan))
        self._passed = _find_passed(plan)
        self._plan = plan
        # By how much what was sent is larger than it was reviewed, by currency.
        self._grown: dict[str, Decimal] = {}
        self._past = plan.past

    def note_past(self, past: PastTrades) -> None:
        """Take the earlier trades as they were just read, if any were: they say which size is usual."""
        self._past = past if past.sizes else self._past

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
        terms = operation.after
        measured = (
            (limit, found) for limit in self._limits for found in self._measure(limit, operation, terms, prices)
        )
        is_lowered = _is_lowered(operation, _find_worth(terms, prices))
        why = self._compare(pair for pair in measured if not (is_lowered and pair[0].name in _OF_SIZE))
        if why is None and enters_at_market(operation):
            self._grown[terms.quote] = self._grown.get(terms.quote, _NOTHING) + self._find_growth(operation, prices)
        return why

    def find_passed_order(
        self, operation: Operation, live: LiveTrade, orders: Sequence[SentOrder], prices: Prices
    ) -> Reason | None:
        """Find the limit that an order passes which adds to a position now; None if it passes none.

        Args:
            operation: What would be sent.
            live: The trade, just read.
            orders: Its averaging orders, just read.
            prices: The present prices of its pair.
        """
        if operation.averaging is None or not self._limits:
            return None
        if min(prices.bid, prices.ask, prices.last) <= 0:
            return reason(StaleReason.NO_PRICE_FOR_LIMIT, name=self._limits[0].name.value)
        notional = _find_notional(live, operation.averaging, orders)
        measured = (
            (limit, found)
            for limit in self._limits
            for found in self._measure_order(limit, operation, live.terms.quote, notional, prices)
        )
        return self._compare(measured)

    def _compare(self, measured: Iterable[tuple[Limit, _Measured]]) -> Reason | None:
        return next((why for limit, found in measured for why in self._judge(limit, found)), None)

    def _measure(self, limit: Limit, operation: Operation, terms: Terms, prices: Prices) -> Iterator[_Measured]:
        if limit.name is GuardrailName.COMMITS_PER_PLAN:
            yield from self._measure_commits(limit, operation, terms, prices)
        elif limit.name is GuardrailName.SIZE_MULTIPLE:
            if enters_at_market(operation):
                yield from self._measure_size(limit, terms.quote, _find_worth(terms, prices))
        else:
            yield from _measure(limit, operation, terms, prices)

    def _measure_order(
        self, limit: Limit, operation: Operation, currency: str, notional: Decimal | None, prices: Prices
    ) -> Iterator[_Measured]:
        order, most = operation.averaging, limit.find_amount(currency)
        if limit.name is GuardrailName.SIZE_MULTIPLE:
            yield from self._measure_size(limit, currency, notional)
        if limit.name is GuardrailName.ENTRY_DISTANCE_PCT and order is not None and not enters_at_market(operation):
            yield abs(order.price - prices.last) / prices.last * _HUNDRED, "%", limit.most, None
        # Without a number for the currency the plan was refused, or each notional was acknowledged.
        if limit.name is GuardrailName.NOTIONAL_PER_TRADE and notional is not None and most is not None:
            yield notional, currency, most, None

    def _measure_size(self, limit: Limit, currency: str, notional: Decimal | None) -> Iterator[_Measured]:
        """Yield how many times the usual size it is; without earlier trades that was not known at the plan either."""
        usual = find_usual(self._past.sizes.get(currency, ())) if self._past else None
        if usual and notional is not None:
            yield notional / usual, "", limit.most, None

    def _measure_commits(self, limit: Limit, operation: Operation, terms: Terms, prices: Prices) -> Iterator[_Measured]:
        """Yield the new money of the whole plan, with what entries at market cost more than was reviewed."""
        seen = (each for each in self._plan.guardrails if (each.name, each.unit) == (limit.name, terms.quote))
        value = next((each.value for each in seen), None)
        if value is None or limit.find_amount(terms.quote) is None or not enters_at_market(operation):
            return
        grown = self._grown.get(terms.quote, _NOTHING) + self._find_growth(operation, prices)
        yield value + max(grown, _NOTHING), terms.quote, limit.find_amount(terms.quote), None

    def _find_growth(self, operation: Operation, prices: Prices) -> Decimal:
        """Return by how much an entry at market binds more money now than at its review."""
        terms, reviewed = operation.after, operation.reviewed_prices
        factor = None if terms is None else find_factor(terms)
        if terms is None or reviewed is None or factor is None:
            return _NOTHING
        now, before = _find_worth(terms, prices), _find_worth(terms, reviewed)
        return _NOTHING if now is None or before is None else (now - before) / factor

    def _judge(self, limit: Limit, measured: _Measured) -> Iterator[Reason]:
        value, unit, most, least = measured
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
    return hold_passed(filter(commits, operations), passed[0]) if passed else {}


def hold_passed(operations: Iterable[Operation], passed: Guardrail) -> dict[Operation, Outcome]:
    """Make the outcomes of operations that a limit holds back which is passed only now."""
    found = _describe(StaleReason.LIMIT_PASSED_NOW, passed.name, passed.value, passed.unit, passed.limit)
    return {each: end_with(each, OutcomeKind.STALE, each.live_id, found) for each in operations}


def _measure(limit: Limit, operation: Operation, terms: Terms, prices: Prices) -> Iterator[_Measured]:
    """Yield the value of a limit with its unit, and the largest and the least that is allowed."""
    now = _find_market(terms, prices)
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
    elif terms.stop_loss is not None:
        trigger = terms.stop_loss.trigger
        distance = trigger.percent if trigger.value is None else abs(now - trigger.value) / now * _HUNDRED
        if distance is not None:
            yield distance, "%", limit.most, limit.least


def _is_lowered(operation: Operation, worth: Decimal | None) -> bool:
    """Return whether a trade is replaced by one that is not larger: what was over a limit before may be lowered."""
    replaced = operation.precondition
    before = measure(state_of_terms(replaced.terms), _NO_FEE).risk.notional if replaced else None
    return before is not None and worth is not None and worth <= before


def _find_market(terms: Terms, prices: Prices) -> Decimal:
    """Return the price at which an entry is executed at once."""
    return prices.ask if terms.entry.side is Side.BUY else prices.bid


def _find_worth(terms: Terms, prices: Prices) -> Decimal | None:
    """Return the worth of an entry at the market; None if it is not known."""
    return terms.market.worth_of(terms.entry.units, _find_market(terms, prices))


def _find_notional(live: LiveTrade, order: AveragingOrder, orders: Sequence[SentOrder]) -> Decimal | None:
    """Return the notional of a position, with all orders that add to it counted as filled, and one more."""
    waiting = (
        AveragingOrder(price=each.order.price, units=each.order.units - each.filled_units)
        for each in orders
        if each.is_pending and each.filled_units < each.order.units
    )
    return measure(state_of_live(live, (*waiting, order)), _NO_FEE).risk.notional


def _is_unknown(limit: Limit, plan: Plan) -> bool:
    """Return whether it was acknowledged that the value of a limit is not known."""
    return any(key.partition(".")[0] == limit.name and key.endswith(".unknown") for key in plan.acknowledged)


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
