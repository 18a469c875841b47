"""What a workspace of the library is opened with, and the switch that freezes its target."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.clock import SystemClock
from reconciler.errors import WorkspaceError
from reconciler.model.freeze import Freeze
from reconciler.session import Report
from reconciler.settings import Settings, load_settings
from reconciler.workflows.freeze import check_switch, freeze, unfreeze
from reconciler.workflows.open_session import Listeners


class OpenedWorkspace:
    """A workspace that is open until it is closed, and the freezes of its target.

    Args:
        root: Its folder.
        target: Target of reconciler.yaml; None for its default.
        report: Takes progress and warnings, one line each.
    """

    def __init__(self, root: Path, target: str | None, report: Report) -> None:
        self.root = root
        self.target = target
        self._listeners = Listeners(report=report)
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Refuse all later calls."""
        self._is_closed = True

    def freeze(self, reason: str, *, until: datetime | None = None) -> tuple[Freeze, ...]:
        """Hold back all that does not lower risk, on all accounts of the target, until `unfreeze`.

        Args:
            reason: Why, for everybody whom it holds back.
            until: When it ends by itself, with a time zone; None for never.

        Returns:
            All freezes of the journal that are in force.

        Raises:
            UsageError: The reason is empty or too long, or the time is not in the future.
            JournalError: The journal cannot be opened or written.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     [freeze.reason for freeze in workspace.freeze("exchange is down")]
            ['exchange is down']
        """
        settings, clock = self._load_settings(), SystemClock()
        check_switch(reason, until, clock.now())
        return freeze(settings, clock, self._listeners.report, reason=reason.strip(), until=until)

    def unfreeze(self, reason: str) -> tuple[Freeze, ...]:
        """End the freezes of the target's accounts in the journal, those of a guardrail too.

        Args:
            reason: Why it is safe to go on; kept in the journal.

        Returns:
            The freezes that are still in force, by reconciler.yaml or the environment.

        Raises:
            UsageError: The reason is empty or too long.
            JournalError: The journal cannot be opened or written.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     workspace.unfreeze("checked by hand")
            ()
        """
        settings, clock = self._load_settings(), SystemClock()
        check_switch(reason, None, clock.now())
        return unfreeze(settings, clock, self._listeners.report, reason=reason.strip())[1]

    def _load_settings(self, *, is_live: bool = True) -> Settings:
        if self._is_closed:
            raise WorkspaceError(f"workspace {self.root} is closed")
        return load_settings(self.root, self.target, os.environ, is_live=is_live)
