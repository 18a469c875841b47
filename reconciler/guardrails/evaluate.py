"""Stage 7b: all limits in use, with what a plan makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

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
from reconciler.guardrails.limits import DEFAULT_LIMITS
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
_STATES = tuple(GuardrailState)


def evaluate(facts: Facts, limits: Iterable[Limit]) -> tuple[Guardrail, ...]:
    """Judge a plan by some limits; breaches come first, then passed warnings.

    Args:
        facts: The plan, and what is known beside it.
        limits: The limits in use.
    """
    found = [judged for limit in limits for judged in JUDGES[limit.name](limit, facts)]
    return write_acknowledgements(sorted(found, key=_rank))


def evaluate_again(plan: Plan, limits: Iterable[Limit]) -> tuple[Guardrail, ...]:
    """Judge a plan that was made before by the limits of now; breaches come first.

    What its operations say is counted again. All else is what the reviewer saw, compared with the limits of now. A
    limit that was not in use then is unknown, so that it holds back all that does not only lower risk.

    Args:
        plan: The plan.
        limits: The limits in use now.
    """
    facts = gather_facts(plan.operations, WorkspaceRisk(), plan.context.accounts)
    before = {_key(each): each for each in plan.guardrails}
    found: list[Guardrail] = []
    for limit in limits:
        if limit.name in BY_OPERATIONS:
            found += [_keep_marks(each, before.get(_key(each))) for each in JUDGES[limit.name](limit, facts)]
        else:
            found += _compare_again(limit, plan)
    return write_acknowledgements(sorted(found, key=_rank))


def _compare_again(limit: Limit, plan: Plan) -> Iterator[Guardrail]:
    """Compare what the reviewer saw with the limit of now."""
    seen = {_key(each)[:-1]: each for each in plan.guardrails if each.name == limit.name}
    held = [each.trade for each in plan.operations if not lowers_risk(each)]
    if not seen and held and not limit.is_default:
        yield Guardrail(
            name=limit.name,
            level=limit.level,
            value=None,
            limit=limit.most if limit.most is not None else limit.least,
            holds=tuple(dict.fromkeys(held)),
            state=GuardrailState.UNKNOWN,
            reason=reason(GuardrailReason.NOT_REVIEWED),
        )
    for each in seen.values():
        bound = _find_bound(limit, each)
        is_raising = each.before is None or each.value is None or (each.value - each.before) * _sign(each) > 0
        state = _judge_again(each, bound) if is_raising or not each.holds else each.state
        yield replace(each, level=limit.level, limit=bound, state=state)


def _judge_again(seen: Guardrail, bound: object) -> GuardrailState:
    raise NotImplementedError


def _sign(_: Guardrail) -> int:
    raise NotImplementedError


def _find_bound(limit: Limit, seen: Guardrail) -> None:
    raise NotImplementedError
