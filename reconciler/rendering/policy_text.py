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
}
_SOURCES = {
    PolicySource.CONFIG: "reconciler.yaml",
    PolicySource.BASE: "reconciler.yaml of the base",
    PolicySource.OPTION: "--policy",
}


def describe_refusal(verdict: PolicyVerdict) -> str:
    """Describe in several lines why a policy keeps a plan from being carried out."""
    command = printable(shlex.join(verdict.command))
    return "\n".join([f"{describe_verdict(verdict)}: {command}; nothing was sent", *_output_lines(verdict)])


def describe_verdict(verdict: PolicyVerdict) -> str:
    """Describe in a few words how a policy ended."""
    code = f" (exit code {verdict.exit_code})" if verdict.exit_code else ""
    return f"Policy of {_SOURCES[verdict.source]} {_RESULTS[verdict.result]}{code}"


def _output_lines(verdict: PolicyVerdict) -> Iterator[str]:
    lines = verdict.output.splitlines()
    yield from (f"    | {printable(line)}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"    | ... and {len(lines) - MOST_LINES} lines more"
