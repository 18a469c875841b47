"""Stage 7b: limits on what one apply may do unless it is acknowledged; they are the same for workspaces of any size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from reconciler.errors import UsageError
from reconciler.model.changed_rules import ChangedRule
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.operations import Cause, Effect, Operation
from reconciler.model.plan import GuardrailFinding, Notice, NoticeKind
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT, RaisedLimit
from reconciler.planning.amounts import in_percent
from reconciler.planning.decisions import notice

# A position closed, or left with less protection, is never routine; a handful of files removed at once may be.
DEFAULT_LIMITS: Mapping[str, int] = {"closes": 0, "unprotects": 0, "omissions": 5}
# No plan has more operations than this.
_COUNT = re.compile("[0-9]{1,9}")


def check_guardrails(operations: Iterable[Operation], limits: Mapping[str, int]) -> tuple[GuardrailFinding, ...]:
    """Find the limits that some operations pass.

    Args:
        operations: What would be done.
        limits: Name to the count that is allowed; missing names have their defaults.
    """
    allowed = {**DEFAULT_LIMITS, **limits}
    return tuple(
        GuardrailFinding(name=name, count=len(trades), limit=allowed[name], trades=tuple(trades))
        for name, trades in _count(operations).items()
        if len(trades) > allowed[name]
    )


def evaluate_counts(operations: Iterable[Operation], limits: Mapping[str, int]) -> tuple[Guardrail, ...]:
    """Evaluate all limits on counts.

    Args:
        operations: What would be done.
        limits: As for `check_guardrails`.
    """
    allowed = {**DEFAULT_LIMITS, **limits}
    return tuple(
        Guardrail(
            name=name,
            value=Decimal(len(trades)),
            limit=Decimal(allowed[name]),
            trades=tuple(trades),
            state=_find_state(len(trades), allowed[name]),
            acknowledge=f"{name}={len(trades)}",
        )
        for name, trades in _count(operations).items()
    )


def _find_state(count: int, limit: int) -> GuardrailState:
    if count > limit:
        return GuardrailState.OVER
    if count == limit and limit:
        return GuardrailState.AT_LIMIT
    return GuardrailState.OK


def find_raised_limits(operations: Iterable[Operation], limits: Mapping[str, int]) -> tuple[RaisedLimit, ...]:
    """Find the limits above the built-in ones that some operations make use of.

    Args:
        operations: What would be done.
        limits: As for `check_guardrails`.
    """
    return tuple(
        RaisedLimit(
            name=name, count=len(trades), limit=limits[name], default=DEFAULT_LIMITS[name], trades=tuple(trades)
        )
        for name, trades in _count(operations).items()
        if trades and limits.get(name, 0) > DEFAULT_LIMITS[name]
    )


def warn_of_price_limit(operations: Iterable[Operation], price_moved_pct: Decimal) -> tuple[Notice, ...]:
    """Warn if some operations execute at market and the price may move further than by default until then.

    Args:
        operations: What would be done.
        price_moved_pct: How far it may move, in percent.
    """
    if price_moved_pct <= DEFAULT_PRICE_MOVED_PCT or not any(operation.executes for operation in operations):
        return ()
    limit, default = in_percent(price_moved_pct), in_percent(DEFAULT_PRICE_MOVED_PCT)
    return (
        notice(NoticeKind.WARNING, "", None, reason(NoticeReason.PRICE_LIMIT_RAISED, limit=limit, default=default)),
    )


def parse_acknowledgements(texts: Iterable[str]) -> dict[str, Decimal]:
    """Read acknowledged counts from `closes=2` and the like.

    Raises:
        UsageError: A text is of another form, names no guardrail, or means all of them.
    """
    known = (*DEFAULT_LIMITS, *ChangedRule)
    counts: dict[str, Decimal] = {}
    for text in texts:
        name, _, count = text.partition("=")
        if name.strip().lower() in ("all", "*"):
            raise UsageError(
                f"--acknowledge {text:.60}: nothing acknowledges all at once; acknowledge each by its name and number,"
                " as the plan says, for example closes=2"
            )
        if name not in known or not _COUNT.fullmatch(count):
            raise UsageError(
                f"--acknowledge {text:.60}: expected NAME=COUNT with one of {', '.join(known)}, for example closes=2"
            )
        counts[name] = Decimal(count)
    return counts


def find_unacknowledged(
    findings: Iterable[GuardrailFinding], acknowledged: Mapping[str, int | Decimal]
) -> tuple[GuardrailFinding, ...]:
    """Find the limits that are passed and not acknowledged by their exact count.

    Args:
        findings: The limits that a plan passes.
        acknowledged: Name to the count that the user acknowledged.
    """
    return tuple(finding for finding in findings if acknowledged.get(finding.name) != finding.count)


def _count(operations: Iterable[Operation]) -> dict[str, list[str]]:
    """Return the trades that count, by name of the guardrail."""
    counted: dict[str, list[str]] = {name: [] for name in DEFAULT_LIMITS}
    for operation in operations:
        for name in _count_as(operation):
            counted[name].append(operation.trade)
    return counted


def _count_as(operation: Operation) -> Iterable[str]:
    if operation.closes:
        yield "closes"
    if Effect.UNPROTECTS in operation.effects:
        yield "unprotects"
    if operation.cause is Cause.OMISSION:
        yield "omissions"
