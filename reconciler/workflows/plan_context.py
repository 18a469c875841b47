"""The context of a plan: the workspace and target that it is made for, and how long it may be used."""

from __future__ import annotations

from datetime import datetime, timedelta

from reconciler.git.commit import DIRTY, find_commit
from reconciler.git.objects import find_tree
from reconciler.git.repository import find_repository
from reconciler.guardrails.limits import read_plan_age
from reconciler.model.plan import PlanContext
from reconciler.model.review import GitState
from reconciler.settings import Settings


def describe_context(settings: Settings, made_at: datetime) -> PlanContext:
    """Describe what a plan of this workspace is made for."""
    target = settings.target
    return PlanContext(
        workspace=settings.workspace,
        target=target.name,
        target_kind=target.kind,
        base_url=target.base_url,
        mode=target.mode,
        accounts=target.accounts,
        git_commit=find_commit(settings.root),
        made_at=made_at,
        expires_at=made_at + timedelta(seconds=read_plan_age(settings.limits)),
    )


def describe_git(settings: Settings, git_commit: str | None) -> GitState | None:
    """Describe the commit of a workspace.

    Args:
        settings: The workspace.
        git_commit: Its commit, with a mark if files differ from it, or None outside git.
    """
    if git_commit is None:
        return None
    commit = git_commit.removesuffix(DIRTY)
    repository = find_repository(settings.root)
    tree = None if repository is None else find_tree(repository, commit)
    return GitState(commit=commit, tree=tree, is_dirty=git_commit != commit)
