"""The rule that in CI nothing is opened if the lock keeps out no other machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.errors import UsageError
from reconciler.model.operations import Action
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import reason as make_reason
from reconciler.session import Session
from reconciler.settings import is_ci


def warn_unlocked(session: Session, plan: Plan, environment: Mapping[str, str]) -> Plan:
    """Warn in a plan that an apply in the same environment would be refused, because the target has no lock.

    It is only a warning, since the apply may run in another environment, which names the journal.
    """
    if not (_opens(plan) and is_unlocked(session, environment)):
        return plan
    reason = make_reason(NoticeReason.LOCK_IN_CI, target=session.settings.target.name)
    notice = Notice(kind=NoticeKind.WARNING, trade="", live_id=None, reason=reason)
    return replace(plan, notices=(*plan.notices, notice))


def refuse_unlocked_plan(session: Session, plan: Plan, environment: Mapping[str, str]) -> None:
    """Refuse creates and averaging orders in CI if two jobs on two machines could send them at the same time.

    Raises:
        UsageError: The journal is not shared, and the target does not say that something else locks.
    """
    if _opens(plan):
        refuse_unlocked(session, environment)


def refuse_unlocked(session: Session, environment: Mapping[str, str]) -> None:
    """Refuse in CI what commits money if two jobs on two machines could send it at the same time.

    Raises:
        UsageError: The journal is not shared, and the target does not say that something else locks.
    """
    if is_unlocked(session, environment):
        raise UsageError(
            "with CI set, a lock in a file keeps out no other machine, so nothing is opened or added to on target"
            f" {session.settings.target.name}: set RECONCILER_JOURNAL_URL to a PostgreSQL database, or, if the pipeline"
            " runs one apply at a time, say `lock: external` in the target; nothing was sent"
        )


def is_unlocked(session: Session, environment: Mapping[str, str]) -> bool:
    """Return whether a pipeline runs the program and no lock keeps out other machines."""
    target = session.settings.target
    return is_ci(environment) and not (target.is_sandbox or target.is_locked_outside or session.is_lock_shared)


def _opens(plan: Plan) -> bool:
    return any(operation.opens or operation.action is Action.ADD_FUNDS for operation in plan.operations)
