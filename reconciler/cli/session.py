"""The settings and the session of the running command."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from reconciler.cli.console import print_message
from reconciler.cli.meter import METER
from reconciler.cli.options import find_common
from reconciler.loading.workspace_folder import find_workspace
from reconciler.settings import Settings, load_settings

if TYPE_CHECKING:
    from reconciler.session import Session


def find_settings(*, is_live: bool = True) -> Settings:
    """Load the settings of the running command.

    Args:
        is_live: Whether the command talks to the target.
    """
    common = find_common()
    root = find_workspace(common.workspace, os.environ)
    return load_settings(root, common.target, os.environ, is_live=is_live)


def open_command(settings: Settings, *, writes: bool, is_emergency: bool = False) -> AbstractContextManager[Session]:
    """Open the session of the running command; what it reports is printed on standard error.

    Args:
        settings: From `find_settings`.
        writes: Whether the command sends writes.
        is_emergency: Whether it goes on without a journal that fails.

    Raises:
        JournalError: There must be a journal and it cannot be opened.
        UsageError: The environment has no key, or not the address of a journal.
    """
    from reconciler.workflows.open_session import Listeners, open_session

    if find_common().is_verbose:
        listeners = Listeners(report=print_message, trace=_print_request, progress=METER)
    else:
        listeners = Listeners(report=print_message, progress=METER)
    return open_session(settings, listeners, writes=writes, is_emergency=is_emergency)


def _print_request(method: str, path: str) -> None:
    print_message(f"{method} {path}")
