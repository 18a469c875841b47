"""`reconciler init`: a first workspace."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

import click

from reconciler.cli.console import print_message
from reconciler.cli.options import common_options, find_common
from reconciler.cli.paths import PathType
from reconciler.codec.note import WORKSPACE_PATTERN
from reconciler.errors import WorkspaceError
from reconciler.loading.file_kinds import find_real_path
from reconciler.loading.workspace_folder import find_current_folder
from reconciler.output_files import write_new
from reconciler.settings import CONFIG_NAME

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


@click.command("init")
@click.argument("folder", type=PathType(kind="folder"), required=False)
@common_options
def command(folder: Path | None) -> int:
    """Write reconciler.yaml and a first plan file into FOLDER, by default the current one."""
    root = folder or find_common().workspace or find_current_folder()
    config, plan = root / CONFIG_NAME, root / "btc-dip.yaml"
    for path in (config, plan):
        if os.path.lexists(path):
            raise WorkspaceError(f"{path} exists already; nothing was written")
    try:
        root.mkdir(parents=True, exist_ok=True)
        _write_both(config, plan)
    except OSError as error:
        raise WorkspaceError(f"{root} cannot be written: {error.strerror or error}") from error
    print_message(f"Wrote {config} and {plan}. Next: reconciler plan --workspace {root}")
    return 0


def _write_both(config: Path, plan: Path) -> None:
    """Both files or none: a plan file alone would be in the way of the next attempt."""
    write_new(plan, FIRST_PLAN)
    try:
        write_new(config, _CONFIG.format(workspace=_make_name(config.parent)))
    except OSError:
        plan.unlink()
        raise


def _make_name(root: Path) -> str:
    """A workspace name from the folder's, with a random suffix so that a copy elsewhere is another workspace."""
    words = re.sub(r"[^a-z0-9._-]+", "-", find_real_path(root).name.lower()).strip("-._")[:_NAME_CHARS]
    name = f"{words or 'trades'}-{secrets.token_hex(2)}"
    if re.fullmatch(WORKSPACE_PATTERN, name) is None:
        raise AssertionError(f"{name} is no workspace name")
    return name
