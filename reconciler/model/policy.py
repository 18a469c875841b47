"""Policies: rules of the user's own, as a command that accepts or refuses a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PolicySource(StrEnum):
    """Origin of a policy.

    Attributes:
        CONFIG: `policy` in reconciler.yaml.
        BASE: `policy` in reconciler.yaml at the base of the review, with the files of the workspace there.
        OPTION: The option `--policy`.
    """

    CONFIG = "config"
    BASE = "base"
    OPTION = "option"


class PolicyResult(StrEnum):
    """Result of a policy; all but `PASSED` refuse the plan.

    Attributes:
        NOT_RUN: The command may be that of a pull request.
    """

    PASSED = "passed"
    REFUSED = "refused"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVerdict:
    """Verdict of one policy on a plan.

    Attributes:
        source: Where the policy comes from.
        command: The program and its arguments.
        result: How it ended.
        exit_code: Its exit code, or the negative number of the signal that ended it; None if it gave none.
        output: What it printed, without secrets and cut to a limit.
    """

    source: PolicySource
    command: tuple[str, ...]
    result: PolicyResult
    exit_code: int | None = None
    output: str = ""

    @property
    def has_passed(self) -> bool:
        """Return whether the plan may be carried out."""
        return self.result is PolicyResult.PASSED
