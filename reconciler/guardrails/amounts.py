"""Stage 7b: limits on amounts of money, by currency; amounts of two currencies are never added."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.counts import find_market_worth
from reconciler.guardrails.measures import Subject, find_state, judge_sum, judge_worst
from reconciler.guardrails.trade_changes import Facts, TradeChange, commits, may_raise_loss
from reconciler.model.guardrails import ANY_CURRENCY, Guardrail, GuardrailName, GuardrailState, Limit
from reconciler.model.operations import Operation
from reconciler.model.risk import TradeRisk

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)
_PASSED = frozenset({GuardrailState.OVER, GuardrailState.OVER_BEFORE, GuardrailState.UNKNOWN})
_PART: Mapping[GuardrailName, str] = {
    GuardrailName.NOTIONAL_PER_TRADE: "notional",
    GuardrailName.NOTIONAL_PER_PAIR: "notional",
    GuardrailName.NOTIONAL_TOTAL: "notional",
    GuardrailName.COMMITS_PER_PLAN: "margin",
    GuardrailName.MARGIN_TOTAL: "margin",
    GuardrailName.LOSS_AT_STOP_PER_TRADE: "loss_at_stop",
    GuardrailName.LOSS_AT_STOP_TOTAL: "loss_at_stop",
    GuardrailName.LOSS_AT_STOP_INCREASE: "loss_at_stop",
    GuardrailName.CONCENTRATION_PCT: "notional",
}


def judge_totals(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the sum over all trades, for each currency."""
    for currency, subjects in _by_currency(limit, facts).items():
        yield judge_sum(limit, subjects, limit.find_amount(currency), unit=currency)


def judge_trades(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the trade with the largest amount, for each currency."""
    for currency, subjects in _by_currency(limit, facts).items():
        if subjects:
            yield judge_worst(limit, subjects, limit.find_amount(currency), unit=currency)


def judge_pairs(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the sum over the trades of each pair; of the pairs that keep the limit only the largest is shown."""
    for currency, by_pair in _by_pair(limit, facts).items():
        most = limit.find_amount(currency)
        yield from _select(
            [judge_sum(limit, found, most, unit=currency, scope=pair) for pair, found in by_pair.items()]
        )


def judge_commits(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the money that the plan binds anew, for each currency; what it frees elsewhere does not count."""
    for currency, subjects in _by_currency(limit, facts).items():
        yield judge_sum(limit, _rises(subjects), limit.find_amount(currency), unit=currency)


def judge_increase(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge by how much the plan raises a total, for each currency."""
    for currency, subjects in _by_currency(limit, facts).items():
        changed = [replace(each, before=_NOTHING, after=_find_change(each)) for each in subjects]
        judged = judge_sum(limit, changed, limit.find_amount(currency), unit=currency)
        yield replace(judged, value=None if judged.value is None else max(judged.value, _NOTHING))


def judge_concentration(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the share of each pair in the notional of all trades of a currency; only the largest that fits is shown."""
    for by_pair in _by_pair(limit, facts).values():
        sums = {pair: judge_sum(limit, found, limit.most, unit="%", scope=pair) for pair, found in by_pair.items()}
        after = _sum([each.value for each in sums.values()])
        before = _sum([each.before for each in sums.values()])
        yield from _select([_judge_share(limit, each, before, after) for each in sums.values()])


def _judge_share(limit: Limit, pair: Guardrail, before: Decimal | None, after: Decimal | None) -> Guardrail:
    value, earlier = _share(pair.value, after), _share(pair.before, before)
    # A share also grows if others shrink: that is no operation to hold back.
    return replace(
        pair,
        value=value,
        before=earlier,
        limit=limit.most,
        state=find_state(value, earlier if pair.holds else value, limit.most),
        reason=None if value is not None else pair.reason,
    )


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or whole is None:
        return None
    return part * _HUNDRED / whole if whole else _NOTHING


def _by_currency(limit: Limit, facts: Facts) -> dict[str, list[Subject]]:
    """Return the trades of each currency that is stated or used."""
    found: dict[str, list[Subject]] = {currency: [] for currency in limit.amounts if currency != ANY_CURRENCY}
    for change in facts.changes:
        found.setdefault(change.currency, []).append(_measure(limit, change))
    return found


def _by_pair(limit: Limit, facts: Facts) -> dict[str, dict[str, list[Subject]]]:
    """Return the trades of each pair, by currency."""
    found: dict[str, dict[str, list[Subject]]] = {}
    for change in facts.changes:
        found.setdefault(change.currency, {}).setdefault(change.pair, []).append(_measure(limit, change))
    return found


def _measure(limit: Limit, change: TradeChange) -> Subject:
    part = _PART[limit.name]
    if limit.name is GuardrailName.MARGIN_TOTAL:
        change = replace(change, before=_only_leveraged(change.before), after=_only_leveraged(change.after))
    can_raise: Callable[[Operation], bool] = may_raise_loss if part == "loss_at_stop" else commits
    after = change.amount_after(part)
    if limit.name is GuardrailName.NOTIONAL_PER_TRADE and after is not None:
        after = max(after, find_market_worth(change.operations) or after)
    return Subject(
        trade=change.name,
        before=change.amount_before(part),
        after=after,
        can_raise=any(map(can_raise, change.operations)),
        unit=change.currency,
    )


def _only_leveraged(risk: TradeRisk | None) -> TradeRisk | None:
    """Return the risk of a trade if it has a margin; on spot there is none."""
    return None if risk is None or (risk.leverage == 1 and not risk.is_contract) else risk


def _rises(subjects: Sequence[Subject]) -> list[Subject]:
    """Return what operations add to an amount, without what they take away."""
    return [replace(each, before=_NOTHING, after=_rise(each)) for each in subjects if each.can_raise]


def _rise(subject: Subject) -> Decimal | None:
    if subject.before is None or subject.after is None:
        return None
    return max(subject.after - subject.before, _NOTHING)


def _find_change(subject: Subject) -> Decimal | None:
    """Return by how much an amount changes; what only lowers it counts as nothing if it is not known."""
    if subject.before is None or subject.after is None:
        return None if subject.can_raise else _NOTHING
    return subject.after - subject.before


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, _NOTHING) if len(known) == len(values) else None


def _select(judged: Sequence[Guardrail]) -> Iterator[Guardrail]:
    """Return those that are passed, or else the one with the largest value; and the largest one that the plan raises.

    The last one stands for all that the plan raises within the limit: if the limit is lower when the plan is applied,
    it holds back their trades, too.
    """
    passed = [each for each in judged if each.state in _PASSED]
    kept = sorted((each for each in judged if each.state not in _PASSED), key=_value_of, reverse=True)
    raised = [each for each in kept if each.holds and _value_of(each) > (each.before or _NOTHING)]
    yield from passed
    if kept and not passed and kept[0] not in raised:
        yield kept[0]
    if raised:
        yield replace(raised[0], holds=tuple(trade for each in raised for trade in each.holds))


def _value_of(guardrail: Guardrail) -> Decimal:
    return guardrail.value or _NOTHING
