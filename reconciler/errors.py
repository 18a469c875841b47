"""The error tree: every error this program raises on purpose.

ReconcilerError
├── UsageError               the command line or the environment asks for something impossible
│   └── BaseUnreadable       the base of a review cannot be read
├── WorkspaceError           the workspace or its reconciler.yaml cannot be used
├── InvalidPlanFiles         plan files have problems, carried as values
├── SavedPlanError           a saved plan cannot be used
│   └── StalePlanError       the live trades have changed, or the plan is too old
├── GuardrailError           a limit was exceeded and not acknowledged, or something is blocked
│   ├── Frozen               a freeze is in force, and the operation does not lower risk
│   └── PolicyRefused        a rule of the user's own refuses the plan, or gave no verdict
├── CommandRefused           a trade does not allow a command in its current status
├── JournalError             the journal cannot be read or written
│   └── JournalDamaged       its file is damaged, or is not a journal
├── Locked                   another run is in progress, or has taken over from this one
└── ApiError                 a request did not give a usable answer
    ├── RequestRefused       4xx: the API understood and refused
    │   ├── NotFound         the trade does not exist for this key and mode
    │   └── AccessRefused    401, 403, a wrong mode, a host that may not get credentials
    ├── NotSent              no connection was opened: the request had no effect
    ├── RateLimited          429 or 418: nothing more may be sent for some time
    ├── Interrupted          the run was asked to stop while it waited; nothing was sent
    ├── UnreadableAnswer     an answer that is not JSON, or not a readable entity
    │   └── AnswerTooLarge   an answer that is larger than any real answer
    └── AnswerLost           time-out, reset or 5xx: the request may or may not have had an effect

A finding about user input is a `model.Problem`, never an exception. No message contains a secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.problems import Problem


class ReconcilerError(Exception):
    """Root of all errors raised on purpose. Its text can be shown to the user.

    Args:
        message: What was found, what was expected and what to do next.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(ReconcilerError):
    """The command line or the environment asks for something impossible."""


class BaseUnreadable(UsageError):
    """The base of a review cannot be read, so it is not known which of its rules a change touches."""


class WorkspaceError(ReconcilerError):
    """The workspace or its reconciler.yaml cannot be used."""


class InvalidPlanFiles(ReconcilerError):
    """Plan files, or reconciler.yaml, have problems.

    Args:
        problems: All problems of all files, at least one of them an error.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the plan files")
        self.problems = tuple(problems)


class SavedPlanError(ReconcilerError):
    """A saved plan cannot be used: damaged, tampered with, or made for something else."""


class StalePlanError(SavedPlanError):
    """The live trades have changed since the plan was made, or the plan is too old."""


class GuardrailError(ReconcilerError):
    """A guardrail was exceeded and not acknowledged, or a part of the plan is blocked."""


class Frozen(GuardrailError):
    """A freeze is in force, and the operation does not lower risk; the operation was not sent."""


class PolicyRefused(GuardrailError):
    """A policy of the user does not accept a plan, or ended without a verdict; nothing was sent."""


class CommandRefused(ReconcilerError):
    """The live trade does not allow the command in its current status; nothing was sent."""


class JournalError(ReconcilerError):
    """The journal cannot be read or written, so nothing may be sent."""


class JournalDamaged(JournalError):
    """The file of the journal is damaged, or is not a database at all."""


class Locked(ReconcilerError):
    """Another run has the lock of the target or of one of its accounts, or has taken it over from this run."""


class ApiError(ReconcilerError):
    """A request did not give a usable answer.

    Args:
        message: What was asked and what came back, without credentials.
        status: HTTP status code, or None if no answer came.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RequestRefused(ApiError):
    """The API understood the request and refused it (4xx).

    Args:
        message: What was asked and what came back.
        status: HTTP status code.
        code: The `error` value of the body.
        attributes: `error_attributes` of the body: field key to messages.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        attributes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message, status=status)
        self.code = code
        self.attributes = dict(attributes or {})


class NotFound(RequestRefused):
    """The trade does not exist for this key and mode (400 or 404 with "Not found")."""


class AccessRefused(RequestRefused):
    """The key, its permissions, the mode or the host does not allow the request."""


class NotSent(ApiError):
    """The connection was never opened, so the request had no effect."""


class RateLimited(ApiError):
    """The API answered 429 or 418: nothing more may be sent for some time.

    Args:
        message: What was asked and what came back.
        status: 429 or 418.
        is_permanent: True if the subscription plan does not include the request at all.
    """

    def __init__(self, message: str, *, status: int | None = None, is_permanent: bool = False) -> None:
        super().__init__(message, status=status)
        self.is_permanent = is_permanent


class Interrupted(ApiError):
    """The run was asked to stop while it waited. Requests that were sent before may not be confirmed."""


class UnreadableAnswer(ApiError):
    """The answer is not JSON, or is not an entity that can be read."""


class AnswerTooLarge(UnreadableAnswer):
    """The answer to a read has more bytes or values than any real answer, so reading again does not help."""


class AnswerLost(ApiError):
    """Time-out, reset or 5xx: it is unknown whether the request had an effect."""
