"""The rule that in CI nothing is opened if the lock keeps out no other machine."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import UsageError
from reconciler.model.operations import Action
from reconciler.model.plan import Plan
from reconciler.session import Session
from reconciler.settings import is_ci


def refuse_unlocked_plan(session: Session, plan: Plan, environment: Mapping[str, str]) -> None:
    """Refuse creates and averaging orders in CI if two jobs on two machines could send them at the same time.

    Raises:
        UsageError: The journal is not shared, and the target does not say that something else locks.
    """
    if any(operation.opens or operation.action is Action.ADD_FUNDS for operation in plan.operations):
        refuse_unlocked(session, environment)


def refuse_unlocked(session: Session, environment: Mapping[str, str]) -> None:
    """Refuse in CI what commits money if two jobs on two machines could send it at the same time.

    Raises:
        UsageError: The journal is not shared, and the target does not say that something else locks.
    """
    target = session.settings.target
    if is_ci(environment) and not (target.is_sandbox or target.is_locked_outside or session.is_lock_shared):
        raise UsageError(
            "with CI set, a lock in a file keeps out no other machine, so nothing is opened or added to on target"
            f" {target.name}: set RECONCILER_JOURNAL_URL to a PostgreSQL database, or, if the pipeline runs one"
            " apply at a time, say `lock: external` in the target; nothing was sent"
        )
