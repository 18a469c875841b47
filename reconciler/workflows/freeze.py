"""Set and lift freezes of a target's accounts in the journal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.clock import Clock
from reconciler.codec.numbers import plain, to_decimal
from reconciler.errors import UsageError
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.freeze_codes import LONGEST_REASON_CHARS
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.session import Report, Session
from reconciler.settings import Settings, find_passwords, find_secrets
from reconciler.workflows.journal import open_database, scope_of

if TYPE_CHECKING:
    from reconciler.journal.sql_journal import SqlJournal

# The guardrail that sets a freeze by itself. Source: design, section 9: automatic to trip, manual to clear.
TRIPPING = "loss_realised"


def freeze(
    settings: Settings, clock: Clock, report: Report, *, reason: str, until: datetime | None = None
) -> tuple[Freeze, ...]:
    """Write a freeze of the target's accounts to the journal.

    Args:
        settings: The workspace and the target.
        clock: The present.
        report: Takes warnings.
        reason: Why, in the words of the user.
        until: When it ends by itself, or None.

    Returns:
        All freezes of the journal that are in force.

    Raises:
        JournalError: The journal cannot be opened or written.
        UsageError: There is no journal.
    """
    with _open(settings, clock, report) as journal:
        journal.freeze(Freeze(source=FreezeSource.COMMAND, reason=reason, until=until))
        return journal.find_freezes()


def unfreeze(
    settings: Settings, clock: Clock, report: Report, *, reason: str
) -> tuple[tuple[Freeze, ...], tuple[Freeze, ...]]:
    """End the freezes of the target's accounts in the journal.

    Args:
        settings: The workspace and the target.
        clock: The present.
        report: Takes warnings.
        reason: Why, in the words of the user.

    Returns:
        The freezes that were ended, and those that are still in force, by reconciler.yaml or the environment.

    Raises:
        JournalError: The journal cannot be opened or written.
        UsageError: There is no journal.
    """
    with _open(settings, clock, report) as journal:
        lifted = journal.unfreeze(reason)
    return lifted, tuple(each for each in settings.freezes if not each.is_over(clock.now()))


def check_switch(reason: str, until: datetime | None, now: datetime) -> None:
    """Check what a program gives for a freeze or for the end of one.

    Args:
        reason: Why.
        until: When a freeze ends by itself, or None.
        now: The present.

    Raises:
        UsageError: The reason is empty or too long, or the time has no zone or is not in the future.
    """
    count = len(reason.strip())
    if not 0 < count <= LONGEST_REASON_CHARS:
        raise UsageError(f"found {count} characters, expected a reason of 1 to {LONGEST_REASON_CHARS}")
    if until is not None and (until.tzinfo is None or until <= now):
        raise UsageError(f"found {until.isoformat()}, expected a time in the future, with a time zone")


def trip_freeze(session: Session, guardrails: Iterable[Guardrail]) -> None:
    """Set a freeze if the realised loss passes its limit; a person has to lift it.

    A loss for which a freeze was lifted sets none again before it has grown.

    Args:
        session: Its journal is written.
        guardrails: Limits of a plan, evaluated.

    Raises:
        JournalError: The journal cannot be read or written.
    """
    for guardrail in guardrails:
        measured = _measure(guardrail)
        if measured is not None and not _is_known(session, guardrail):
            text = f"{guardrail.name} {_describe_limit(guardrail)}"
            found = Freeze(source=FreezeSource.GUARDRAIL, reason=text, measured=measured)
            session.journal.freeze(found)
            session.report(f"Frozen: {text}. `reconciler unfreeze --reason TEXT` ends it.")


def _measure(guardrail: Guardrail) -> str | None:
    """Write what a guardrail has measured, if that sets a freeze; an acknowledged or unknown loss does not."""
    # A plan does not raise what was lost before it.
    is_passed = guardrail.state in (GuardrailState.OVER, GuardrailState.OVER_BEFORE)
    is_over = is_passed and guardrail.level is GuardrailLevel.LIMIT
    if guardrail.name != TRIPPING or not is_over or guardrail.acknowledged or guardrail.value is None:
        return None
    return f"{_name(guardrail)}={plain(guardrail.value)}"


def _name(guardrail: Guardrail) -> str:
    return " ".join(filter(None, (guardrail.name, guardrail.scope, guardrail.unit)))


def _is_known(session: Session, guardrail: Guardrail) -> bool:
    """Return whether a freeze was set for a loss that was as large as this one."""
    name, value = f"{_name(guardrail)}=", guardrail.value
    known = [each.removeprefix(name) for each in session.journal.find_measured() if each.startswith(name)]
    return value is not None and any(_read_number(each) >= value for each in known)


def _read_number(text: str) -> Decimal:
    """Read a number of the journal; a damaged one is smaller than all others, so that a freeze is set."""
    try:
        return to_decimal(text)
    except ValueError:
        return Decimal("-Infinity")


def _describe_limit(guardrail: Guardrail) -> str:
    numbers = [plain(each) for each in (guardrail.value, guardrail.limit) if each is not None]
    return f"{', over the limit of '.join(numbers)} {guardrail.unit}".strip()


@contextmanager
def _open(settings: Settings, clock: Clock, report: Report) -> Iterator[SqlJournal]:
    from reconciler.journal.json_texts import Redactor
    from reconciler.journal.sql_journal import SqlJournal

    secrets = (*find_secrets(os.environ), *find_passwords(os.environ))
    with open_database(settings, report=report) as database:
        yield SqlJournal(database, scope_of(settings), clock, redactor=Redactor(secrets))
