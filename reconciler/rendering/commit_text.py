"""The commit of a plan, for its head."""

from __future__ import annotations

from reconciler.model.plan import PlanContext

_SHOWN_DIGITS = 8
# What `git.commit.find_commit` adds to the id.
_DIRTY = "+dirty"


def describe_commit(context: PlanContext) -> str:
    """Describe at which commit a plan was made, and whether files differed from it; empty outside git."""
    if context.git_commit is None:
        return ""
    commit = context.git_commit.removesuffix(_DIRTY)[:_SHOWN_DIGITS]
    return f", commit {commit}" + (" with uncommitted changes" if context.git_commit.endswith(_DIRTY) else "")
