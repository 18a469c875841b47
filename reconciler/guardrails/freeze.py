"""Stage 7b, too: what a freeze holds back, and the freeze that a guardrail sets by itself."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.codec.instants import write_instant
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.freeze_codes import FreezeReason
from reconciler.model.operations import Operation
from reconciler.model.reasons import Reason, reason

# Nothing could be narrower: what passes it passes every freeze, so that no journal must be read for it.
_NARROWEST = Freeze(source=FreezeSource.COMMAND, reason="", allow=frozenset())
_CODES = {
    FreezeSource.CONFIG: FreezeReason.CONFIG,
    FreezeSource.VARIABLE: FreezeReason.VARIABLE,
    FreezeSource.COMMAND: FreezeReason.COMMAND,
    FreezeSource.GUARDRAIL: FreezeReason.GUARDRAIL,
}


def can_be_held_back(operation: Operation) -> bool:
    """Return whether any freeze could hold an operation back; none does so with what protects, or ends by hand."""
    return _NARROWEST.holds_back(operation)


def explain_freeze(freeze: Freeze) -> Reason:
    """Make the reason that names a freeze: where it comes from, since when, until when and why."""
    return reason(
        _CODES[freeze.source],
        text=freeze.reason,
        who=freeze.who or "unknown",
        since=None if freeze.set_at is None else write_instant(freeze.set_at),
        until=None if freeze.until is None else write_instant(freeze.until),
    )


def explain_freezes(freezes: Iterable[Freeze], operation: Operation | None = None) -> tuple[Reason, ...]:
    """Make the reasons of several freezes; with an operation only of those that hold it back."""
    return tuple(explain_freeze(each) for each in freezes if operation is None or each.holds_back(operation))
