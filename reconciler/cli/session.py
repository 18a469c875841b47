"""What most commands begin with: the settings, the clock and the API of the running command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from reconciler.cli.console import print_message
from reconciler.cli.options import find_common
from reconciler.settings import Settings, find_workspace, load_settings


def find_settings() -> Settings:
    """The settings of the running command."""
    common = find_common()
    return load_settings(find_workspace(common.workspace, Path.cwd()), common.target, os.environ)


def find_tracer() -> Callable[[str, str], None] | None:
    """With `--verbose`, what prints each request."""
    if not find_common().is_verbose:
        return None
    return lambda method, path: print_message(f"{method} {path}")
