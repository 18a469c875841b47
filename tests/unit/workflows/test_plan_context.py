"""A plan says what it is made for, and how long it may be used."""

from __future__ import annotations

from datetime import timedelta

from reconciler.model.review import GitState
from reconciler.workflows.plan_context import describe_context, describe_git
from tests.support.world import START_AT, World


def test_the_context_is_that_of_the_settings_and_ends_after_a_day() -> None:
    with World() as world:
        context = describe_context(world.settings, START_AT)
    target = world.settings.target
    assert (context.workspace, context.target, context.mode) == ("test", "sandbox", target.mode)
    assert (context.base_url, context.accounts) == (target.base_url, {"main": 1})
    assert (context.made_at, context.expires_at) == (START_AT, START_AT + timedelta(hours=24))
    assert context.git_commit is None


def test_outside_git_there_is_no_commit_and_a_dirty_one_is_marked() -> None:
    with World() as world:
        assert describe_git(world.settings, None) is None
        state = describe_git(world.settings, f"{'a' * 40}+dirty")
    assert state == GitState(commit="a" * 40, tree=None, is_dirty=True)
