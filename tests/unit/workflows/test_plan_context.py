"""A plan says what it is made for, and how long it may be used."""

from __future__ import annotations

from datetime import timedelta

from reconciler.workflows.plan_context import describe_context
from tests.support.world import START_AT, World


def test_the_context_is_that_of_the_settings_and_ends_after_a_day() -> None:
    with World() as world:
        context = describe_context(world.settings, START_AT)
    target = world.settings.target
    assert (context.workspace, context.target, context.mode) == ("test", "sandbox", target.mode)
    assert (context.base_url, context.accounts) == (target.base_url, {"main": 1})
    assert (context.made_at, context.expires_at) == (START_AT, START_AT + timedelta(hours=24))
    assert context.git_commit is None
