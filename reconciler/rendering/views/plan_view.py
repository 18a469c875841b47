"""The view of a plan: all that it says to a reader, before any format."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.phrases import Phrase
from reconciler.model.plan import NoticeKind, Plan
from reconciler.model.plan_view import CountsView, PlanView, RiskView
from reconciler.rendering.phrases import phrase
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.views.cards import view_blocked, view_cards
from reconciler.rendering.views.index import view_rows
from reconciler.rendering.views.limits import view_limits
from reconciler.rendering.views.notices import view_notices
from reconciler.rendering.views.risk_sums import view_risk
from reconciler.rendering.views.titles import view_plan_title
from reconciler.rendering.views.verdict import view_freezes, view_rules, view_verdict
from reconciler.rendering.words import count_of
from reconciler.risk.danger import count_dangerous, group_by_danger

NO_CHANGES = "No changes."
NO_CHANGES_TO_APPLY = "No changes to apply."


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
        closing=tuple(_say_closing(plan)),
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


def _say_closing(plan: Plan) -> Iterator[Phrase]:
    if plan.is_empty:
        yield phrase(_describe_nothing(plan))
    if plan.blocked:
        yield phrase(f"Blocked: {count_of(len(plan.blocked), 'trade')}, left unchanged.")
    if plan.attention and not plan.is_empty:
        yield phrase(_describe_attention(plan.attention))
    if plan.unchanged and not plan.is_empty:
        yield phrase(f"Unchanged: {count_of(plan.unchanged, 'trade')}.")
    yield from (phrase(text) for text in (describe_unmanaged(plan.unmanaged), describe_outside(plan.outside)) if text)
    if plan.against is not None:
        return
    needed = f", apply needs about {plan.requests_needed} ({_duration(plan.seconds_needed)})" if plan.operations else ""
    yield phrase(f"Requests: {plan.requests_used} used{needed}.")


def _describe_nothing(plan: Plan) -> str:
    """Say that nothing is applied; say that nothing changes only if no file asks for a change."""
    not_opened = sum(notice.kind is NoticeKind.NOT_OPENED for notice in plan.notices)
    if plan.attention:
        return f"{NO_CHANGES_TO_APPLY} {_describe_attention(plan.attention)}"
    if not_opened:
        return f"{NO_CHANGES_TO_APPLY} {count_of(not_opened, 'trade')} not opened."
    return f"{NO_CHANGES} {count_of(plan.unchanged, 'trade')} {'is' if plan.unchanged == 1 else 'are'} up to date."


def _describe_attention(count: int) -> str:
    return f"{count_of(count, 'trade')} need{'s' if count == 1 else ''} attention."


def _duration(seconds: float) -> str:
    return "under a minute" if seconds < 60 else f"about {round(seconds / 60)} min"
