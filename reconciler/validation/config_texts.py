"""Values of reconciler.yaml whose form a schema can check, but not whether they mean anything."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from decimal import Decimal

from reconciler.codec.instants import read_instant
from reconciler.codec.numbers import plain
from reconciler.model.documents import Document, FieldPath
from reconciler.model.freeze import Allowed
from reconciler.model.problems import Problem
from reconciler.validation.explain import quote


def check_texts(document: Document) -> Iterator[Problem]:
    """Check the end of a freeze, what it allows, limits that limit nothing, and the words of a policy.

    Args:
        document: A reconciler.yaml that follows the schema.
    """
    freeze = document.root.get("freeze")
    until = freeze.get("until") if isinstance(freeze, Mapping) else None
    if isinstance(until, str):
        try:
            read_instant(until)
        except ValueError:
            message = f"found {quote(until)}, expected a date and time that exist, for example 2026-12-01T08:00:00Z"
            yield document.problem(("freeze", "until"), message)
    allow = freeze.get("allow") if isinstance(freeze, Mapping) else None
    if isinstance(allow, list) and Allowed.PROTECTS not in allow:
        message = "found a freeze that holds back what protects, expected protects in the list"
        yield document.problem(("freeze", "allow"), message)
    yield from _check_limits(document)
    policy = document.root.get("policy")
    if isinstance(policy, str):
        try:
            shlex.split(policy)
        except ValueError:
            yield document.problem(("policy",), "found a quotation mark without its end, expected words of a command")


def _check_limits(document: Document) -> Iterator[Problem]:
    """Check limits that no trade, or every trade, would pass."""
    stated = document.root.get("guardrails")
    limits: Mapping[str, object] = stated if isinstance(stated, Mapping) else {}
    warned = limits.get("warn")
    yield from _check_group(document, ("guardrails",), limits)
    yield from _check_group(document, ("guardrails", "warn"), warned if isinstance(warned, Mapping) else {})


def _check_group(document: Document, path: FieldPath, limits: Mapping[str, object]) -> Iterator[Problem]:
    losses, distance = limits.get("loss_realised"), limits.get("stop_distance_pct")
    if isinstance(losses, Mapping) and losses.keys() == {"within"}:
        message = "found no limit beside within, expected an amount such as USDT: 300, or a count"
        yield document.problem((*path, "loss_realised"), message)
    least, most = (distance.get(end) if isinstance(distance, Mapping) else None for end in ("min", "max"))
    if isinstance(least, int | Decimal) and isinstance(most, int | Decimal) and least > most:
        message = (
            f"found a min of {plain(Decimal(least))} above the max of {plain(Decimal(most))}, expected at most that"
        )
        yield document.problem((*path, "stop_distance_pct", "min"), message)
