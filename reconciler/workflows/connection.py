"""The connection to the API of a target."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.clock import Clock
from reconciler.errors import ReconcilerError, WorkspaceError
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget, SharedPace
from reconciler.live.signing import Credentials
from reconciler.output_files import PRIVATE_MODE
from reconciler.session import ReadTime, Report
from reconciler.settings import Settings, read_allowed_hosts, read_credentials

if TYPE_CHECKING:
    from reconciler.sandbox.exchange.exchange import Sandbox

SANDBOX_FILE = "sandbox.sqlite"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST_REPORTED_WAIT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection to a target.

    Attributes:
        api: Where requests go.
        read_time: Reads the clock of a target that has its own; None if that is the machine's.
    """

    api: SmartTradeApi
    read_time: ReadTime | None = None


@contextmanager
def open_api(
    settings: Settings,
    clock: Clock,
    report: Report,
    on_request: Callable[[str, str], None] | None = None,
    make_pace: Callable[[str], SharedPace] | None = None,
    is_shown: Callable[[], bool] = lambda: False,
) -> Iterator[Connection]:
    """Connect to the API of the target: 3Commas, or the embedded sandbox of the workspace.

    Args:
        settings: Which target.
        clock: Paces the requests.
        report: Takes warnings, and says why the run waits.
        on_request: Gets the method and the path of every request.
        make_pace: API key to the pace that is shared with other processes; None if it is not shared.
        is_shown: Returns whether progress is shown in another way.
    """
    limit = settings.target.requests_per_minute
    if not settings.target.is_sandbox:
        credentials = read_credentials(os.environ)
        waiting = _Waiting(report, limit)
        shared = make_pace(credentials.api_key) if make_pace else None
        session = ApiSession(
            settings.target.base_url,
            credentials,
            mode=settings.target.mode,
            budget=RequestBudget(limit, clock, waiting.report_wait, shared, waiting.report_alone),
            clock=clock,
            options=SessionOptions(
                allowed_hosts=read_allowed_hosts(os.environ), on_request=on_request, on_wait=report, is_shown=is_shown
            ),
        )
        with session:
            yield Connection(api=SmartTradeApi(session))
        return

    from reconciler.live.wsgi import WsgiAdapter
    from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET
    from reconciler.sandbox.wire.app import create_app

    with open_sandbox(make_own_folder(settings.root) / SANDBOX_FILE) as sandbox:
        for alias, account_id in settings.target.accounts.items():
            sandbox.ensure_account(account_id, name=alias)
        session = ApiSession(
            settings.target.base_url,
            Credentials(api_key=DEFAULT_API_KEY, api_secret=DEFAULT_API_SECRET),
            mode=settings.target.mode,
            budget=RequestBudget(limit, clock),
            clock=clock,
            options=SessionOptions(
                adapter=WsgiAdapter(create_app(sandbox)), on_request=on_request, on_wait=report, is_shown=is_shown
            ),
        )
        with session:
            yield Connection(
                api=SmartTradeApi(session), read_time=lambda: _EPOCH + timedelta(milliseconds=sandbox.now_ms)
            )


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Reports why a run waits."""

    report: Report
    limit: int

    def report_wait(self, wait_s: float) -> None:
        """Report a wait that is long enough to be noticed."""
        if wait_s >= _SHORTEST_REPORTED_WAIT_S:
            self.report(f"Waiting {wait_s:.0f} s: {self.limit} requests a minute are allowed.")

    def report_alone(self, reason: str) -> None:
        """Report that other processes do not see the requests of this one any more."""
        self.report(f"Warning: the pace is no longer shared with other processes: {reason}.")


@contextmanager
def open_sandbox(path: Path) -> Iterator[Sandbox]:
    """Open the sandbox that is stored in a file, which is made if it is missing.

    Raises:
        ReconcilerError: The file cannot be used, or what is asked of it is impossible.
    """
    from reconciler.sandbox.exchange.exchange import Sandbox
    from reconciler.sandbox.values.errors import SandboxError

    # Made here, so that it is readable for the user alone from the beginning; an existing one stays as it is.
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_MODE))
    try:
        with Sandbox(path) as sandbox:
            yield sandbox
    except SandboxError as error:
        raise ReconcilerError(str(error)) from error


def make_own_folder(root: Path) -> Path:
    """Make the folder of the tool's own files, which git ignores.

    Raises:
        WorkspaceError: It cannot be written.
    """
    folder = root / ".reconciler"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            # It may be of another user who shares it.
            with suppress(OSError):
                folder.chmod(0o700)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written: {error.strerror}") from error
    return folder
