"""Limits on totals again, right before the first create, if another run has opened trades since the plan."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.applying.fresh_limits import hold_passed
from reconciler.guardrails.acknowledgements import fits_any
from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.trade_changes import gather_facts
from reconciler.matching.sighting import Index
from reconciler.model.guardrails import Guardrail, GuardrailName
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome
from reconciler.model.plan import Plan
from reconciler.model.risk import WorkspaceRisk
from reconciler.risk.fees import choose_fees
from reconciler.risk.live_risk import measure_lives
from reconciler.risk.plan_risk import Accounts, Seen
from reconciler.settings import Settings

_TOTALS = frozenset(
    {
        GuardrailName.NOTIONAL_PER_PAIR,
        GuardrailName.NOTIONAL_TOTAL,
        GuardrailName.MARGIN_TOTAL,
        GuardrailName.LOSS_AT_STOP_TOTAL,
        GuardrailName.CONCENTRATION_PCT,
        GuardrailName.TRADES_OPEN,
    }
)


def hold_grown(
    settings: Settings, plan: Plan, index: Index, operations: Iterable[Operation]
) -> dict[Operation, Outcome]:
    """Make the outcomes of operations that would pass a limit on a total with what other runs have opened since.

    Args:
        settings: The rules of now.
        plan: What was reviewed, with its risk and with all that is acknowledged.
        index: The live trades of now.
        operations: What would be sent.
    """
    held: dict[Operation, Outcome] = {}
    for passed in find_grown(settings, plan, index):
        named = [each for each in operations if each.trade in passed.holds and each not in held]
        held |= hold_passed(named, passed)
    return held


def find_grown(settings: Settings, plan: Plan, index: Index) -> tuple[Guardrail, ...]:
    """Find the limits on totals that are passed now and were not acknowledged.

    Nothing is found unless a trade of the workspace is newer than the plan: then all others are measured again. If one
    of them cannot be measured, the total is not known, and holds back what adds to it.

    Args:
        settings: The rules of now.
        plan: What was reviewed.
        index: The live trades of now.
    """
    limits = [limit for limit in read_limits(settings.limits) if limit.name in _TOTALS]
    others = _find_others(plan, index)
    if not limits or all(live.id <= plan.newest_id for live in others.values()):
        return ()
    accounts = settings.target.accounts
    fees = choose_fees(accounts, settings.fees_pct, others.values())
    rules = Accounts(ids=accounts, fees=fees, maintenance_pct=settings.maintenance_margin_pct).rules()
    risks = measure_lives(others, Seen(lives=index.by_name), rules, {})
    risk = WorkspaceRisk(operations=plan.risk.operations, trades=risks)
    judged = evaluate(gather_facts(plan.operations, risk, plan.context.accounts), limits)
    return tuple(each for each in judged if each.is_breach and not fits_any(each, plan.acknowledged))


def _find_others(plan: Plan, index: Index) -> dict[str, LiveTrade]:
    """Find the live trades that the plan does not work on, by a name of their own."""
    touched = {each.live_id for each in plan.operations}
    # A trade of a name that the plan opens was opened by an earlier run of the same plan.
    opened = {each.trade for each in plan.operations}
    return {
        name if place == 0 else f"{name} #{live.id}": live
        for name, lives in index.by_name.items()
        if name not in opened
        for place, live in enumerate(lives)
        if live.id not in touched
    }
