"""The gate of a run: right before each write it is read whether a freeze holds the operation back."""

from __future__ import annotations

from reconciler.errors import Frozen
from reconciler.guardrails.freeze import can_be_held_back
from reconciler.model.journal import Write, WriteKind
from reconciler.model.operations import Action, Operation
from reconciler.rendering.freeze_text import describe_held
from reconciler.session import Session


class FreezeGate:
    """Holds back writes of operations that do not lower risk, while a freeze is in force.

    The freezes are read from the journal for each write, as the lock is, since another process may set one at any time.
    What protects, and what is ended by hand, passes without reading: a damaged journal cannot hold it up.

    Args:
        session: Where freezes are found.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._operation: Operation | None = None
        self._has_sent = False

    def begin(self, operation: Operation) -> None:
        """Take the operation whose writes come next."""
        self._operation = operation
        self._has_sent = False

    def check(self, write: Write) -> None:
        """Check that no freeze holds a write back.

        Raises:
            Frozen: One does.
            JournalError: The journal cannot be read.
        """
        if not self._must_finish(write):
            refuse_frozen(self._session, self._operation)
        self._has_sent = True

    def _must_finish(self, write: Write) -> bool:
        """Return whether a write completes what was begun before a freeze.

        A note says what was done. A close that has cancelled an entry would leave coins without a stop.
        """
        is_close = self._operation is not None and self._operation.action is Action.CLOSE
        return self._has_sent and (is_close or write.kind is WriteKind.SET_NOTE)


def refuse_frozen(session: Session, operation: Operation | None) -> None:
    """Refuse an operation that a freeze holds back now.

    Raises:
        Frozen: A freeze does; nothing was sent.
        JournalError: The journal cannot be read.
    """
    if operation is None or not can_be_held_back(operation):
        return
    freezes = session.find_freezes()
    if any(freeze.holds_back(operation) for freeze in freezes):
        raise Frozen(f"{describe_held([operation], freezes)}; it was not sent")
