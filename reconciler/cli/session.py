"""What most commands begin with: the settings, the clock and the API of the running command."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from reconciler.cli.console import print_message
from reconciler.cli.options import find_common
from reconciler.loading.workspace_folder import find_workspace
from reconciler.settings import Settings, load_settings

if TYPE_CHECKING:
    from reconciler.journal.protocol import Journal


def find_settings(*, is_live: bool = True) -> Settings:
    """The settings of the running command.

    Args:
        is_live: Whether the command talks to the target.
    """
    common = find_common()
    root = find_workspace(common.workspace, os.environ)
    return load_settings(root, common.target, os.environ, is_live=is_live)


def watch_requests(journal: Journal) -> Callable[[str, str], None]:
    """What is told of every request: the run is alive, and with `--verbose` the screen shows it."""
    tracer = find_tracer()

    def tell(method: str, path: str) -> None:
        journal.heartbeat()
        if tracer is not None:
            tracer(method, path)

    return tell


def find_tracer() -> Callable[[str, str], None] | None:
    """With `--verbose`, what prints each request."""
    if not find_common().is_verbose:
        return None
    return lambda method, path: print_message(f"{method} {path}")
