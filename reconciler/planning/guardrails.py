"""Stage 7b: limits on what one apply may do unasked; they count at any size of the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.errors import GuardrailError, UsageError
from reconciler.model.operations import Cause, Effect, Operation
from reconciler.model.plan import GuardrailFinding, Notice, NoticeKind
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT, RaisedLimit

# A position closed, or left with less protection, is never routine; a handful of files removed at once may be.
DEFAULT_LIMITS: Mapping[str, int] = {"closes": 0, "unprotects": 0, "omissions": 5}
# More operations than this no plan has.
_COUNT = re.compile("[0-9]{1,9}")


def check_guardrails(operations: Iterable[Operation], limits: Mapping[str, int]) -> tuple[GuardrailFinding, ...]:
    """The limits that some operations pass.

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


def find_raised_limits(operations: Iterable[Operation], limits: Mapping[str, int]) -> tuple[RaisedLimit, ...]:
    """The limits above the built-in ones that some operations make use of.

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
    """A warning where some operations execute at market and the price may move further than by default until then.

    Args:
        operations: What would be done.
        price_moved_pct: How far it may move, in percent.
    """
    if price_moved_pct <= DEFAULT_PRICE_MOVED_PCT or not any(operation.executes for operation in operations):
        return ()
    allowed = f"{plain(price_moved_pct)} % (default {plain(DEFAULT_PRICE_MOVED_PCT)})"
    text = f"what executes at market is sent until the price has moved by more than price_moved_pct: {allowed}"
    return (Notice(kind=NoticeKind.WARNING, trade="", live_id=None, text=text),)


def parse_acknowledgements(texts: Iterable[str]) -> dict[str, int]:
    """Acknowledged counts from `closes=2` and the like.

    Raises:
        UsageError: A text is of another form or names no guardrail.
    """
    counts: dict[str, int] = {}
    for text in texts:
        name, _, count = text.partition("=")
        if name not in DEFAULT_LIMITS or not _COUNT.fullmatch(count):
            names = ", ".join(DEFAULT_LIMITS)
            raise UsageError(f"--acknowledge {text:.60}: expected NAME=COUNT with one of {names}, for example closes=2")
        counts[name] = int(count)
    return counts


def describe_finding(finding: GuardrailFinding) -> str:
    """What was counted, the limit, and the remedy."""
    return (
        f"{finding.name}: {finding.count}, over the limit of {finding.limit} ({', '.join(finding.trades)}). "
        f"If that is meant: --acknowledge {finding.name}={finding.count}"
    )


def describe_raised(raised: RaisedLimit) -> str:
    """What was counted, and the limit beside the built-in one."""
    return (
        f"{raised.name}: {raised.count} ({', '.join(raised.trades)}), limit {raised.limit} (default {raised.default})"
    )


def refuse_unacknowledged(findings: Iterable[GuardrailFinding], acknowledged: Mapping[str, int]) -> None:
    """Stop where a limit is passed and not acknowledged by its exact count.

    Raises:
        GuardrailError: With each such limit, its count and the remedy.
    """
    open_findings = [finding for finding in findings if acknowledged.get(finding.name) != finding.count]
    if open_findings:
        raise GuardrailError("Guardrail: " + "; ".join(describe_finding(finding) for finding in open_findings))


def _count(operations: Iterable[Operation]) -> dict[str, list[str]]:
    """Name of each guardrail to the trades that count."""
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
