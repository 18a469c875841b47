"""The title of a view."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reconciler.model.plan import Plan, PlanContext
from reconciler.model.targets import Mode, TargetKind
from reconciler.model.views import TitleView

_SHOWN_DIGITS = 8
# What `git.commit.find_commit` adds to the id.
_DIRTY = "+dirty"


def view_title(
    context: PlanContext, *, seen_at: datetime | None = None, expires_at: datetime | None = None, digest: str = ""
) -> TitleView:
    """Make a title.

    Args:
        context: Workspace, target and commit.
        seen_at: When the oldest of the prices was read; by default the time of the context.
        expires_at: From when on it is stale, or None.
        digest: Whole digest of a plan; empty without.
    """
    commit = context.git_commit or ""
    return TitleView(
        workspace=context.workspace,
        target=context.target,
        mode=str(context.mode),
        is_real=context.mode is Mode.REAL and context.target_kind is TargetKind.API,
        commit=commit.removesuffix(_DIRTY)[:_SHOWN_DIGITS],
        is_dirty=commit.endswith(_DIRTY),
        seen_at=seen_at or context.made_at,
        expires_at=expires_at,
        digest=digest,
    )


def view_plan_title(plan: Plan, digest: str = "") -> TitleView:
    """Make the title of a plan."""
    seen_at = min(plan.seen_at.values(), default=None)
    if plan.against is not None:
        return replace(view_title(plan.context), against=plan.against)
    return view_title(plan.context, seen_at=seen_at, expires_at=plan.context.expires_at, digest=digest)
