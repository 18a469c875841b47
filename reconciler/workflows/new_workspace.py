"""A first workspace: reconciler.yaml and a plan file."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from reconciler.codec.note import WORKSPACE_PATTERN
from reconciler.errors import WorkspaceError
from reconciler.loading.file_kinds import CONFIG_FILE, find_real_path
from reconciler.output_files import write_new

_CONFIG = """\
# A workspace of reconciler. Its name is part of every trade's identity: never give two repositories the same one.
version: 1
workspace: {workspace}
target: sandbox
targets:
  sandbox: {{kind: sandbox, accounts: {{main: 1}}}}
  # A 3Commas account; the key comes from THREE_COMMAS_API_KEY and THREE_COMMAS_API_SECRET in the environment.
  # paper: {{kind: api, mode: paper, accounts: {{main: 12345678}}}}
"""
# The plan file that `init` writes, and with which the demo begins.
FIRST_PLAN = """\
version: 1
account: main
trades:
  btc-dip:
    pair: USDT_BTC
    position: {type: buy, order_type: limit, units: 0.01, price: 60000}
    take_profit:
      - {order_type: limit, price: 63000, volume: 50}
      - {order_type: limit, price: 66000, volume: 50}
    stop_loss: {order_type: market, conditional: {price: 58500}}
    note: weekly support retest
"""
_NAME_CHARS = 18


def write_workspace(root: Path) -> tuple[Path, Path]:
    """Write reconciler.yaml and a first plan file.

    Args:
        root: The folder, which is made if it is missing.

    Returns:
        Both files.

    Raises:
        WorkspaceError: One of them exists, or cannot be written; nothing was written.
    """
    config, plan = root / CONFIG_FILE, root / "btc-dip.yaml"
    for path in (config, plan):
        if os.path.lexists(path):
            raise WorkspaceError(f"{path} exists already; nothing was written")
    try:
        root.mkdir(parents=True, exist_ok=True)
        _write_both(config, plan)
    except OSError as error:
        raise WorkspaceError(f"{root} cannot be written: {error.strerror or error}") from error
    return config, plan


def _write_both(config: Path, plan: Path) -> None:
    """Write both files or none: a plan file alone would stop the next attempt."""
    write_new(plan, FIRST_PLAN)
    try:
        write_new(config, _CONFIG.format(workspace=_make_name(config.parent)))
    except OSError:
        plan.unlink()
        raise


def _make_name(root: Path) -> str:
    """Make a name from that of the folder, with a random suffix so that a copy elsewhere is another workspace."""
    words = re.sub(r"[^a-z0-9._-]+", "-", find_real_path(root).name.lower()).strip("-._")[:_NAME_CHARS]
    name = f"{words or 'trades'}-{secrets.token_hex(2)}"
    if re.fullmatch(WORKSPACE_PATTERN, name) is None:
        raise AssertionError(f"{name} is not a workspace name")
    return name
