"""The view of a plan: all that it says to a reader, before any format."""

from __future__ import annotations

from reconciler.model.plan import Plan
from reconciler.model.plan_view import CountsView, PlanView, RiskView
from reconciler.rendering.views.cards import view_blocked, view_cards
from reconciler.rendering.views.closing import say_closing
from reconciler.rendering.views.index import view_rows
from reconciler.rendering.views.limits import view_limits
from reconciler.rendering.views.notices import view_notices
from reconciler.rendering.views.risk_sums import view_risk
from reconciler.rendering.views.titles import view_plan_title
from reconciler.rendering.views.verdict import view_freezes, view_rules, view_verdict
from reconciler.risk.danger import count_dangerous, group_by_danger


def view_plan(plan: Plan, digest: str = "") -> PlanView:
    """Make the view of a plan.

    Args:
        plan: The plan.
        digest: Its whole digest, which formats show that are read apart from the plan; empty without.
    """
    groups = group_by_danger(plan)
    cards = view_cards(plan, groups)
    blocked = view_blocked(plan)
    rows = view_rows(plan, groups, {card.row.trade: card.row for card in cards}, [each.row for each in blocked])
    return PlanView(
        title=view_plan_title(plan, digest),
        freezes=view_freezes(plan),
        verdict=view_verdict(plan),
        rules=view_rules(plan),
        rows=rows,
        risk=view_risk(plan.risk) if plan.operations else RiskView(),
        limits=view_limits(plan),
        notices=view_notices(plan),
        cards=cards,
        blocked=blocked,
        counts=_count(plan),
        summary=summarize(plan),
        closing=tuple(say_closing(plan)),
    )


def summarize(plan: Plan) -> str:
    """Write the summary line, in the form that tools of the field parse."""
    added, changed, destroyed = plan.count_changes()
    return f"Plan: {added} to add, {changed} to change, {destroyed} to destroy."


def _count(plan: Plan) -> CountsView:
    added, changed, destroyed = plan.count_changes()
    return CountsView(
        add=added,
        change=changed,
        destroy=destroyed,
        blocked=len(plan.blocked),
        unchanged=plan.unchanged,
        attention=plan.attention,
        dangerous=count_dangerous(plan),
    )
