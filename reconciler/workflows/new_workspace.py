"""A first workspace: reconciler.yaml and a plan file."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reconciler.codec.note import WORKSPACE_PATTERN
from reconciler.errors import WorkspaceError
from reconciler.loading.file_kinds import CONFIG_FILE, find_real_path
from reconciler.model.targets import Mode
from reconciler.output_files import write_new
from reconciler.workflows.editor_schemas import CONFIG_SCHEMA, MODELINE, PLAN_SCHEMA, write_editor_schemas

_CONFIG = """\
# A workspace of reconciler. Its name is part of every trade's identity: never give two repositories the same one.
version: 1
workspace: {workspace}
target: {default}
targets:
  sandbox: {{kind: sandbox, accounts: {sandbox}}}
  # 3Commas accounts; the key comes from THREE_COMMAS_API_KEY and THREE_COMMAS_API_SECRET in the environment.
  # `reconciler accounts --mode paper` lists them.
  {api}
# In a pipeline: name the target (--target), and give it `lock: external` or set RECONCILER_JOURNAL_URL.
# In a fresh clone `reconciler schema plan --vscode` writes the schemas that an editor uses.
"""
_EXAMPLE = "# paper: {kind: api, mode: paper, accounts: {main: 12345678}}"
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
_MAIN = "main"
# Source: config schema, the pattern of an alias.
_ALIAS = "[A-Za-z][A-Za-z0-9._-]{0,47}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTarget:
    """A target of 3Commas beside the sandbox.

    Attributes:
        mode: Its mode, also its name.
        accounts: Alias to account id; the plan file uses the first.
        base_url: Address of the API; None for that of 3Commas.
    """

    mode: Mode
    accounts: Mapping[str, int]
    base_url: str | None = None


def is_alias(text: str) -> bool:
    """Return whether a text may name an account."""
    return re.fullmatch(_ALIAS, text) is not None


def refuse_existing(root: Path) -> None:
    """Refuse a folder that has one of the files already.

    Raises:
        WorkspaceError: Naming the file.
    """
    for path in _list_files(root):
        if os.path.lexists(path):
            raise WorkspaceError(f"{path} exists already; nothing was written")


def write_workspace(root: Path, target: ApiTarget | None = None) -> tuple[Path, Path]:
    """Write reconciler.yaml and a first plan file.

    Args:
        root: The folder, which is made if it is missing.
        target: A target of 3Commas, or None for the sandbox alone.

    Returns:
        Both files.

    Raises:
        WorkspaceError: One of them exists, or cannot be written; nothing was written.
    """
    refuse_existing(root)
    config, plan = _list_files(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        _write_both(config, plan, target)
    except OSError as error:
        raise WorkspaceError(f"{root} cannot be written: {error.strerror or error}") from error
    # Without them only an editor misses something.
    with suppress(WorkspaceError):
        write_editor_schemas(root)
    return config, plan


def _list_files(root: Path) -> tuple[Path, Path]:
    return root / CONFIG_FILE, root / "btc-dip.yaml"


def _write_both(config: Path, plan: Path, target: ApiTarget | None) -> None:
    """Write both files or none: a plan file alone would stop the next attempt."""
    aliases = list(target.accounts) if target else [_MAIN]
    write_new(plan, MODELINE.format(PLAN_SCHEMA) + FIRST_PLAN.replace(f"account: {_MAIN}", f"account: {aliases[0]}"))
    try:
        write_new(config, _write_config(_make_name(config.parent), aliases, target))
    except OSError:
        plan.unlink()
        raise


def _write_config(workspace: str, aliases: Sequence[str], target: ApiTarget | None) -> str:
    """Write reconciler.yaml; the sandbox has an account for each alias, so that plan files fit both targets."""
    return MODELINE.format(CONFIG_SCHEMA) + _CONFIG.format(
        workspace=workspace,
        # Real money is named each time.
        default=target.mode if target is not None and target.mode is Mode.PAPER else "sandbox",
        sandbox=_write_accounts({alias: number for number, alias in enumerate(aliases, start=1)}),
        api=_EXAMPLE if target is None else _write_target(target),
    )


def _write_target(target: ApiTarget) -> str:
    address = f", base_url: {json.dumps(target.base_url)}" if target.base_url else ""
    return f"{target.mode}: {{kind: api, mode: {target.mode}, accounts: {_write_accounts(target.accounts)}{address}}}"


def _write_accounts(accounts: Mapping[str, int]) -> str:
    return "{" + ", ".join(f"{alias}: {number}" for alias, number in accounts.items()) + "}"


def _make_name(root: Path) -> str:
    """Make a name from that of the folder, with a random suffix so that a copy elsewhere is another workspace."""
    words = re.sub(r"[^a-z0-9._-]+", "-", find_real_path(root).name.lower()).strip("-._")[:_NAME_CHARS]
    name = f"{words or 'trades'}-{secrets.token_hex(2)}"
    if re.fullmatch(WORKSPACE_PATTERN, name) is None:
        raise AssertionError(f"{name} is not a workspace name")
    return name
