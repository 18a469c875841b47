"""Stage 7b: all limits in use, with what a plan makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.acknowledgements import write_acknowledgements
from reconciler.guardrails.allowed import judge_allowed
from reconciler.guardrails.amounts import (
    judge_commits,
    judge_concentration,
    judge_increase,
    judge_pairs,
    judge_totals,
    judge_trades,
)
from reconciler.guardrails.counts import COUNTED, count_open_trades, count_operations, count_without_stop
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.measures import find_state
from reconciler.guardrails.past import judge_losses, judge_sizes
from reconciler.guardrails.shapes import (
    judge_entry_distance,
    judge_leverage,
    judge_liquidation,
    judge_reward,
    judge_stop_distance,
)
from reconciler.guardrails.trade_changes import Facts, gather_facts, lowers_risk
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailName, GuardrailReason, GuardrailState, Limit
from reconciler.model.plan import Plan
from reconciler.model.reasons import reason
from reconciler.model.risk import WorkspaceRisk

Judge = Callable[[Limit, Facts], Iterator[Guardrail]]

# How each limit is measured.
JUDGES: Mapping[GuardrailName, Judge] = {
    **dict.fromkeys(COUNTED, count_operations),
    GuardrailName.NOTIONAL_PER_TRADE: judge_trades,
    GuardrailName.NOTIONAL_PER_PAIR: judge_pairs,
    GuardrailName.NOTIONAL_TOTAL: judge_totals,
    GuardrailName.COMMITS_PER_PLAN: judge_commits,
    GuardrailName.MARGIN_TOTAL: judge_totals,
    GuardrailName.LOSS_AT_STOP_PER_TRADE: judge_trades,
    GuardrailName.LOSS_AT_STOP_TOTAL: judge_totals,
    GuardrailName.LOSS_AT_STOP_INCREASE: judge_increase,
    GuardrailName.LOSS_REALISED: judge_losses,
    GuardrailName.REWARD_RISK: judge_reward,
    GuardrailName.LEVERAGE: judge_leverage,
    GuardrailName.LIQUIDATION_BUFFER_PCT: judge_liquidation,
    GuardrailName.ENTRY_DISTANCE_PCT: judge_entry_distance,
    GuardrailName.STOP_DISTANCE_PCT: judge_stop_distance,
    GuardrailName.STOP_REQUIRED: count_without_stop,
    GuardrailName.CONCENTRATION_PCT: judge_concentration,
    GuardrailName.TRADES_OPEN: count_open_trades,
    GuardrailName.SIZE_MULTIPLE: judge_sizes,
    GuardrailName.ACCOUNTS: judge_allowed,
    GuardrailName.PAIRS: judge_allowed,
    GuardrailName.SIDES: judge_allowed,
}
# What the operations alone say, so that a saved plan is judged from them and not from what was written down.
BY_OPERATIONS = frozenset(
    {
        *COUNTED,
        GuardrailName.LEVERAGE,
        GuardrailName.ACCOUNTS,
        GuardrailName.PAIRS,
        GuardrailName.SIDES,
    }
)


# The worst of some trades: which trade that is depends on the limit.
_WORST = frozenset(
    {
        GuardrailName.NOTIONAL_PER_TRADE,
        GuardrailName.LOSS_AT_STOP_PER_TRADE,
        GuardrailName.REWARD_RISK,
        GuardrailName.LIQUIDATION_BUFFER_PCT,
        GuardrailName.ENTRY_DISTANCE_PCT,
        GuardrailName.STOP_DISTANCE_PCT,
        GuardrailName.SIZE_MULTIPLE,
    }
)
_NO_CURRENCY = ("", "%", "x")
_STATES = (
    GuardrailState.UNKNOWN,
    GuardrailState.OVER,
    GuardrailState.OVER_BEFORE,
    GuardrailState.AT_LIMIT,
    GuardrailState.NEAR,
    GuardrailState.OK,
)
Key = tuple[str, GuardrailLevel, str, str, bool]


def evaluate(facts: Facts, limits: Iterable[Limit]) -> tuple[Guardrail, ...]:
    """Judge a plan by some limits; breaches come first, then passed warnings.

    Args:
        facts: The plan, and what is known beside it.
        limits: The limits in use.
    """
    pairs = ((limit, judged) for limit in limits for judged in JUDGES[limit.name](limit, facts))
    return _arrange(judged for limit, judged in pairs if _matters(limit, judged))


def evaluate_plan(plan: Plan, stated: Mapping[str, object]) -> tuple[Guardrail, ...]:
    """Judge a plan that was just made; breaches come first.

    Args:
        plan: The plan, with its risk and with the earlier trades that were read for it.
        stated: The `guardrails` of a valid reconciler.yaml; empty if there are none.
    """
    return evaluate(gather_facts(plan.operations, plan.risk, plan.context.accounts, plan.past), read_limits(stated))


def evaluate_again(plan: Plan, stated: Mapping[str, object]) -> tuple[Guardrail, ...]:
    """Judge a plan that was made before by the limits of now; breaches come first.

    What its operations say is counted again. All else is what the reviewer saw, compared with the limits of now. A
    limit that was not in use then is unknown, so that it holds back all that does not only lower risk.

    Args:
        plan: The plan.
        stated: The `guardrails` of a valid reconciler.yaml; empty if there are none.
    """
    facts = gather_facts(plan.operations, WorkspaceRisk(), plan.context.accounts)
    found: list[Guardrail] = []
    for limit in read_limits(stated):
        if limit.name in BY_OPERATIONS:
            found += JUDGES[limit.name](limit, facts)
        else:
            found += _compare_again(limit, plan)
    return _arrange(found)


def _compare_again(limit: Limit, plan: Plan) -> Iterator[Guardrail]:
    """Compare what the reviewer saw with the limit of now."""
    seen = {_key(each)[2:]: each for each in plan.guardrails if each.name == limit.name}
    held = tuple(dict.fromkeys(each.trade for each in plan.operations if not lowers_risk(each)))
    if not seen and held and not limit.is_default and _has_subject(limit, plan):
        why = reason(GuardrailReason.NOT_REVIEWED)
        state = GuardrailState.UNKNOWN
        yield Guardrail(
            name=limit.name, level=limit.level, value=None, limit=limit.most, holds=held, state=state, reason=why
        )
    for each in seen.values():
        bound = _find_bound(limit, each)
        if bound == each.limit:
            yield replace(each, level=limit.level, acknowledged=False, is_raised=False)
        elif bound is not None or each.unit not in _NO_CURRENCY:
            state = _compare_bound(each, bound)
            yield replace(each, level=limit.level, limit=bound, state=state, acknowledged=False, is_raised=False)


def _has_subject(limit: Limit, plan: Plan) -> bool:
    """Return whether a plan has something that a limit is about, or may have it."""
    facts = gather_facts(plan.operations, WorkspaceRisk(), plan.context.accounts)
    return any(each.holds for each in JUDGES[limit.name](replace(limit, is_default=False), facts))


def _compare_bound(seen: Guardrail, bound: Decimal | None) -> GuardrailState:
    before = None if seen.name in _WORST and seen.holds else seen.before
    if seen.is_least:
        value = None if seen.value is None else -seen.value
        state = find_state(value, None if before is None else -before, None if bound is None else -bound)
        return GuardrailState.OK if state is GuardrailState.NEAR else state
    return find_state(seen.value, before, bound)


def _find_bound(limit: Limit, seen: Guardrail) -> Decimal | None:
    if seen.unit not in _NO_CURRENCY:
        return limit.find_amount(seen.unit)
    return limit.least if seen.is_least else limit.most


def _matters(limit: Limit, judged: Guardrail) -> bool:
    """Return whether a judgement is shown: a warning that nobody asked for says nothing about what is not known."""
    is_unasked = limit.is_default and limit.level is GuardrailLevel.WARN
    return not (is_unasked and judged.state is GuardrailState.UNKNOWN)


def _arrange(found: Iterable[Guardrail]) -> tuple[Guardrail, ...]:
    return write_acknowledgements(sorted(map(_release, found), key=_rank))


def _release(guardrail: Guardrail) -> Guardrail:
    """Return a limit that only operations pass which lower risk otherwise as one that is no breach."""
    if guardrail.state is GuardrailState.OVER and not guardrail.holds:
        return replace(guardrail, state=GuardrailState.OVER_BEFORE)
    return guardrail


def _rank(guardrail: Guardrail) -> tuple[bool, bool, int]:
    return not guardrail.is_breach, not guardrail.is_passed, _STATES.index(guardrail.state)


def _key(guardrail: Guardrail) -> Key:
    return guardrail.name, guardrail.level, guardrail.unit, guardrail.scope, guardrail.is_least
