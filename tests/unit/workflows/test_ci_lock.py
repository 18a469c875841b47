"""In CI nothing is opened behind a lock that other machines do not see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import UsageError
from reconciler.model.plan import Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.targets import TargetKind
from reconciler.session import Session
from reconciler.workflows.ci_lock import refuse_unlocked, refuse_unlocked_plan, warn_unlocked
from tests.support.world import World, trade

CI = {"CI": "true"}


@pytest.fixture
def session() -> Session:
    with World() as world:
        settings = world.settings
        return replace(world.session, settings=replace(settings, target=replace(settings.target, kind=TargetKind.API)))


@pytest.fixture
def plan() -> Plan:
    with World() as world:
        return world.plan(trade())


def test_a_create_is_refused_and_the_message_says_both_remedies(session: Session, plan: Plan) -> None:
    with pytest.raises(UsageError, match=r"RECONCILER_JOURNAL_URL .*`lock: external`.*nothing was sent"):
        refuse_unlocked_plan(session, plan, CI)
    with pytest.raises(UsageError):
        refuse_unlocked(session, CI)


def test_a_shared_lock_an_external_one_or_no_ci_is_enough(session: Session, plan: Plan) -> None:
    target = replace(session.settings.target, is_locked_outside=True)
    refuse_unlocked_plan(replace(session, is_lock_shared=True), plan, CI)
    refuse_unlocked_plan(replace(session, settings=replace(session.settings, target=target)), plan, CI)
    refuse_unlocked_plan(session, plan, {})
    refuse_unlocked_plan(session, plan, {"CI": "false"})


def test_the_sandbox_and_what_opens_nothing_are_free(session: Session, plan: Plan) -> None:
    refuse_unlocked_plan(session, replace(plan, operations=()), CI)
    with World() as world:
        refuse_unlocked_plan(world.session, plan, CI)


def test_a_plan_warns_that_an_apply_like_it_would_be_refused(session: Session, plan: Plan) -> None:
    warned = warn_unlocked(session, plan, CI)
    assert [each.reason.code for each in warned.notices] == [NoticeReason.LOCK_IN_CI]
    assert warned.is_applicable
    assert warn_unlocked(replace(session, is_lock_shared=True), plan, CI) == plan
    assert warn_unlocked(session, replace(plan, operations=()), CI).notices == ()
    assert warn_unlocked(session, plan, {}) == plan
