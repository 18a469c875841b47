"""The part of a new plan that was reviewed: what a saved plan does, planned again."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from reconciler.errors import StalePlanError
from reconciler.git.commit import DIRTY, find_commit
from reconciler.guardrails.acknowledged import acknowledge
from reconciler.guardrails.acknowledgements import fits_any
from reconciler.guardrails.evaluate import evaluate_plan
from reconciler.model.guardrails import Guardrail
from reconciler.model.operations import Operation
from reconciler.model.plan import Plan
from reconciler.model.risk import TradeRisk, WorkspaceRisk
from reconciler.risk.totals import add_totals, subtract_totals, sum_risks
from reconciler.saved_plan.files import check_origin
from reconciler.saved_plan.operations_digest import identify
from reconciler.session import Session
from reconciler.workflows.applying import Applied, ApplyOptions, apply_plan
from reconciler.workflows.plan_context import describe_context
from reconciler.workflows.plan_files import PlanFiles, Selection, read_plan_files, select_trades
from reconciler.workflows.planning import make_reviewed_plan
from reconciler.workflows.policies import judge_plan, refuse_by_policy

_SHOWN_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgain:
    """A new plan beside a reviewed one.

    Attributes:
        plan: The new plan, with those of its operations that were reviewed.
        refused: Its other operations, which must not be sent.
    """

    plan: Plan
    refused: tuple[Operation, ...]


def plan_again(session: Session, selection: Selection, reviewed: Plan, policy: Sequence[str] = ()) -> PlanAgain:
    """Plan again, and find what of the new plan was reviewed; sends no write.

    The reviewed plan may have expired, and live trades may have changed since: only what it says is compared.

    Args:
        session: The workspace, and where to read.
        selection: The trades to plan.
        reviewed: The saved plan that somebody has reviewed.
        policy: Command of `--policy`; empty without.

    Raises:
        SavedPlanError: It was made for another workspace, target, mode or account.
        ApiError: The live trades cannot be read.
    """
    check_origin(reviewed, describe_context(session.settings, session.clock.now()))
    plan = make_reviewed_plan(session, selection, waits_for_busy=True, is_judged=False)
    again = compare_plans(plan, reviewed, session.settings.limits)
    return replace(again, plan=judge_plan(again.plan, session.settings, os.environ, option=policy))


def apply_again(
    session: Session, reviewed: Plan, acknowledged: Mapping[str, Decimal], options: ApplyOptions
) -> Applied:
    """Plan again, and carry out what of the new plan was reviewed; never asks for approval.

    Args:
        session: The workspace; its journal is written.
        reviewed: The plan that somebody has reviewed; it may have expired.
        acknowledged: Guardrail to what is acknowledged beside what the reviewed plan holds.
        options: How.

    Raises:
        StalePlanError: The new plan has operations, and none of them was reviewed; nothing was sent.
        ReconcilerError: As `plan_again` and `apply_plan`; nothing was sent.
    """
    selection = select_reviewed(read_plan_files(session.settings), session, reviewed)
    again = plan_again(session, selection, reviewed, options.policy)
    refuse_unreviewed(again)
    refuse_by_policy(again.plan)
    return apply_plan(session, again.plan, acknowledged, replace(options, not_reviewed=again.refused))


def compare_plans(plan: Plan, reviewed: Plan, limits: Mapping[str, object]) -> PlanAgain:
    """Find what of a new plan was reviewed.

    Args:
        plan: The new plan.
        reviewed: The reviewed one.
        limits: Guardrails of reconciler.yaml.
    """
    known: dict[str, list[Operation]] = defaultdict(list)
    for operation in reviewed.operations:
        known[identify(operation)].append(operation)
    found = [_take(known[identify(operation)], operation) for operation in plan.operations]
    # Operations of one trade follow each other: without one of them the others are not what was reviewed.
    strange = {each.trade for each, same in zip(plan.operations, found, strict=True) if same is None}
    places = [place for place, each in enumerate(plan.operations) if each.trade not in strange]
    kept = [same for place in places if (same := found[place]) is not None]
    narrowed = _narrow(plan, reviewed, kept, places)
    guardrails = evaluate_plan(narrowed, limits)
    raised = tuple(each for each in reviewed.guardrails if each.is_raised)
    still_raised = tuple(each for each in plan.guardrails if each.is_raised)
    held = replace(narrowed, guardrails=tuple(dict.fromkeys((*guardrails, *raised, *still_raised))))
    return PlanAgain(
        plan=acknowledge(held, _find_fitting(held.guardrails, reviewed)),
        refused=tuple(each for each in plan.operations if each.trade in strange),
    )


def _take(same: list[Operation], operation: Operation) -> Operation | None:
    """Return an operation as it was reviewed, None if it was not; each reviewed one is taken once.

    What executes at market is held against the prices that the reviewer saw.
    """
    return replace(operation, reviewed_prices=same.pop().reviewed_prices) if same else None


def select_reviewed(files: PlanFiles, session: Session, reviewed: Plan) -> Selection:
    """Select the trades that a reviewed plan is about: all of the workspace, or those of its operations.

    Raises:
        StalePlanError: The files have none of them any more.
    """
    if reviewed.is_whole:
        return select_trades(files, session.settings, (), ())
    names = {each.trade for each in reviewed.operations} & files.names
    if not names:
        raise StalePlanError("The files have no trade of the reviewed plan any more; nothing was sent.")
    return select_trades(files, session.settings, (), names)


def require_commit(root: Path, plan: Plan | None) -> None:
    """Refuse a plan that was made at another commit, or while files differ from their commit.

    Args:
        root: The folder of the workspace.
        plan: What is to be carried out, as it was reviewed; None for one that is made now.

    Raises:
        StalePlanError: The commits differ, files are changed, or there is no commit.
    """
    present = find_commit(root)
    made = present if plan is None else plan.context.git_commit
    if made is None or present is None:
        is_here = present is None
        where = "this folder is in no git repository, or has no commit" if is_here else "the plan was made outside git"
        raise StalePlanError(f"--require-commit: {where}; nothing was sent.")
    for what, commit in (("here are", present), ("the plan was made with", made)):
        if commit.endswith(DIRTY):
            raise StalePlanError(
                f"--require-commit: {what} uncommitted changes at {commit[:_SHOWN_DIGITS]}; nothing was sent."
            )
    if made != present:
        raise StalePlanError(
            f"--require-commit: the plan was made at commit {made[:_SHOWN_DIGITS]}, here is {present[:_SHOWN_DIGITS]};"
            " nothing was sent."
        )


def refuse_unreviewed(again: PlanAgain) -> None:
    """Refuse a new plan of which nothing was reviewed.

    Raises:
        StalePlanError: It has operations, and none of them was reviewed.
    """
    if again.refused and not again.plan.operations:
        names = ", ".join(f"{each.trade} ({each.action.value})" for each in again.refused)
        raise StalePlanError(f"Not part of the reviewed plan: {names}. Nothing was sent; review a new plan.")


def _narrow(plan: Plan, reviewed: Plan, kept: Sequence[Operation], places: Sequence[int]) -> Plan:
    """Return a plan with some of its operations only, held by the base by which the reviewed one was held, too."""
    return replace(
        plan,
        operations=tuple(kept),
        risk=_narrow_risk(plan.risk, places) if plan.risk.operations else plan.risk,
        base=plan.base or reviewed.base,
        is_whole=plan.is_whole and reviewed.is_whole,
    )


def _narrow_risk(risk: WorkspaceRisk, places: Sequence[int]) -> WorkspaceRisk:
    """Return the risk of a plan without some operations: their trades stay as they are."""
    left = [each for place, each in enumerate(risk.operations) if place not in set(places)]
    first: dict[str, TradeRisk] = {}
    for each in left:
        if each.before is not None:
            first.setdefault(each.trade, each.before)
    before = sum_risks(each.before for each in left if each.before is not None)
    after = sum_risks(each.after for each in left if each.after is not None)
    totals = add_totals(subtract_totals(risk.after, after), before)
    return replace(
        risk,
        after=totals,
        change=subtract_totals(totals, risk.before),
        operations=tuple(risk.operations[place] for place in places),
        trades={**risk.trades, **first},
    )


def _find_fitting(now: Sequence[Guardrail], reviewed: Plan) -> dict[str, Decimal]:
    """Find the acknowledgements of the reviewed plan that fit now: counts exactly, amounts as an upper bound.

    Prices move, so an amount may be another one. What passes a limit now must have passed it at the review, too.
    """
    known = {_key(each) for each in reviewed.guardrails if each.is_passed or each.acknowledged}
    passed: dict[str, list[bool]] = defaultdict(list)
    for each in now:
        if each.is_passed:
            passed[each.name].append(_key(each) in known and fits_any(each, reviewed.acknowledged))
    return {
        name: number
        for name, number in reviewed.acknowledged.items()
        if (found := passed.get(name.partition(".")[0])) and all(found)
    }


def _key(guardrail: Guardrail) -> tuple[str, str, str]:
    return guardrail.name, guardrail.unit, guardrail.scope
