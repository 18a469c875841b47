"""Verdicts of policies as text."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.rendering.style import printable

MOST_LINES = 40
_RESULTS = {
    PolicyResult.PASSED: "passed",
    PolicyResult.REFUSED: "refused the plan",
    PolicyResult.CRASHED: "crashed",
    PolicyResult.TIMED_OUT: "did not end in time",
    PolicyResult.MISSING: "could not be started",
    PolicyResult.UNREADABLE: "could not be read at the base",
    PolicyResult.NOT_RUN: (
        "was not run, since this pipeline does not say whether the files are those of a pull request; name the commit"
        " that is trusted with plan --base REF, and apply that plan"
    ),
}
_SOURCES = {
    PolicySource.CONFIG: "reconciler.yaml",
    PolicySource.BASE: "reconciler.yaml of the base",
    PolicySource.OPTION: "--policy",
}


def describe_refusal(verdict: PolicyVerdict) -> str:
    """Describe why a policy keeps a plan from being carried out: one line, and one for each line of its output."""
    head = f"{describe_verdict(verdict)}: {printable(shlex.join(verdict.command))}; nothing was sent"
    return "\n".join([head, *(f"  | {line}" for line in _list_output(verdict))])


def describe_verdict(verdict: PolicyVerdict) -> str:
    """Describe in a few words how a policy ended."""
    number = verdict.exit_code or 0
    code = f" (exit code {number})" if number > 0 else f" (signal {-number})" if number < 0 else ""
    return f"Policy of {_SOURCES[verdict.source]} {_RESULTS[verdict.result]}{code}"


def _list_output(verdict: PolicyVerdict) -> Iterator[str]:
    lines = verdict.output.splitlines()
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"... and {len(lines) - MOST_LINES} lines more"
