"""Changed rules of a workspace, for a review: compared with the base of a pull request, or with the last commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.errors import BaseUnreadable
from reconciler.guardrails.acknowledgements import write_acknowledgements
from reconciler.guardrails.base_rules import BaseRules, find_loosened
from reconciler.guardrails.change_trades import name_trades
from reconciler.guardrails.config_changes import compare_config, compare_folder, compare_prevent
from reconciler.guardrails.evaluate import evaluate_plan
from reconciler.guardrails.limits import limit_age
from reconciler.guardrails.raised import mark_raised
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import Reason
from reconciler.model.reasons import reason as make_reason
from reconciler.model.review import ReviewBase
from reconciler.model.risk import WorkspaceRisk
from reconciler.settings import Settings
from reconciler.workflows.base_commit import find_base
from reconciler.workflows.base_figures import find_figures
from reconciler.workflows.base_rules import FoundBase, read_base
from reconciler.workflows.plan_files import PlanFiles
from reconciler.workflows.plan_risk import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """Rules that are new in a change under review, and what a plan would be without them.

    Attributes:
        ids: The SmartTrade ids that are new under `foreign`.
        limits: Guardrails of each workspace at the base.
        figures: Fees and margins of each workspace at the base.
        opening: Takes each trade that would not be opened without some of the ids, with these.
        risks: Takes the money at risk by each of the figures.
    """

    ids: frozenset[int] = frozenset()
    limits: tuple[Mapping[str, object], ...] = ()
    figures: tuple[Figures, ...] = ()
    opening: dict[str, tuple[int, ...]] = field(default_factory=dict)
    risks: list[WorkspaceRisk] = field(default_factory=list)


def find_review_base(
    settings: Settings, files: PlanFiles, environment: Mapping[str, str], given: str | None = None
) -> FoundBase | Reason | None:
    """Find the base of a review, and read its rules from the store of git.

    The base is the given one, else that of the pull request in CI, else the last commit.

    Args:
        settings: The workspace of now.
        files: Its plan files.
        environment: Names the base in CI.
        given: From `--base`, or None.

    Returns:
        The base; why the last commit cannot be read; None if nothing is to be compared.

    Raises:
        BaseUnreadable: A base is named, and it cannot be read.
    """
    base = find_base(settings.root, given, environment)
    if base is None:
        return None
    try:
        found = read_base(base, settings, files)
    except BaseUnreadable as error:
        if base.is_named:
            raise
        return make_reason(NoticeReason.BASE_UNREADABLE, problem=error.message)
    # The last commit has no such workspace: there is nothing to compare with.
    return found if found.workspaces or base.is_named else None


def find_doubted(settings: Settings, found: FoundBase | Reason | None) -> Doubted:
    """Find the rules of now that a named base does not have, as far as a plan must be made to know their effect."""
    if not isinstance(found, FoundBase) or not found.base.is_named:
        return Doubted()
    return Doubted(
        ids=settings.foreign - frozenset.intersection(*(rules.foreign for rules in found.rules)),
        limits=tuple(rules.limits for rules in found.rules),
        figures=find_figures(found, settings),
    )


def add_review(
    plan: Plan, settings: Settings, files: PlanFiles, found: FoundBase | Reason | None, doubted: Doubted
) -> Plan:
    """Add to a plan the rules that differ from those at the base of its review.

    If the base is named, by the user or a pull request, the plan must pass its rules as well.

    Args:
        plan: The plan.
        settings: The workspace of now.
        files: Its plan files.
        found: The base.
        doubted: What the plan would be by the rules of the base.
    """
    if found is None:
        return plan
    if isinstance(found, Reason):
        return _warn(plan, found)
    if found.unread:
        problem = f"{found.base.label}: {', '.join(found.unread)} cannot be read there"
        plan = _warn(plan, make_reason(NoticeReason.BASE_UNREADABLE, problem=problem))
    present = {} if settings.document is None else settings.document.root
    own = next(iter(found.workspaces), None)
    changes = compare_folder(None if own is None else own.folder, found.base.folder)
    for workspace in found.workspaces:
        changes += compare_config(workspace.config, present)
    if own is None:
        changes += compare_config({}, present)
    changes += compare_prevent(found.specs, files.specs)
    git = None if plan.git is None else replace(plan.git, base_commit=found.base.commit)
    plan = replace(plan, config_base=found.base.label, config_changes=tuple(dict.fromkeys(changes)), git=git)
    return _hold(plan, settings, found, doubted) if found.base.is_named else plan


def _hold(plan: Plan, settings: Settings, found: FoundBase, doubted: Doubted) -> Plan:
    """Evaluate a plan by the rules of the base, too."""
    bases = [
        evaluate_plan(_reckon(plan, risk, rules, settings), rules.limits)
        for risk, rules in zip(doubted.risks, found.rules, strict=True)
    ]
    loosened = find_loosened(plan.operations, settings, _find_present(plan, found), doubted.opening)
    base = ReviewBase(
        name=found.base.name,
        commit=found.base.commit,
        folders=tuple(each.folder for each in found.workspaces),
        price_moved_pct=min(rules.price_moved_pct for rules in found.rules),
    )
    context = plan.context
    for rules in found.rules:
        # A longer time holds only once it is at the base.
        context = limit_age(context, rules.limits)
    # A limit of now and one of the base may be passed in two currencies, each with a word of its own.
    guardrails = write_acknowledgements((*loosened, *mark_raised(plan.guardrails, bases)))
    changes = name_trades(plan.config_changes, guardrails)
    return replace(plan, context=context, base=base, guardrails=guardrails, config_changes=changes)


def _reckon(plan: Plan, risk: WorkspaceRisk, rules: BaseRules, settings: Settings) -> Plan:
    """Return a plan by the numbers and by the names of accounts of the base: a change can give an alias to another."""
    context = replace(plan.context, accounts=rules.find_aliases(settings.target))
    return replace(plan, risk=risk, context=context)


def _find_present(plan: Plan, found: FoundBase) -> list[BaseRules]:
    """Find the rules of the base, without freezes that have ended by themselves."""
    now = plan.context.made_at
    return [replace(rules, freezes=[each for each in rules.freezes if not each.is_over(now)]) for rules in found.rules]


def _warn(plan: Plan, found: Reason) -> Plan:
    notice = Notice(kind=NoticeKind.WARNING, trade="", live_id=None, reason=found)
    return replace(plan, notices=(notice, *plan.notices))
