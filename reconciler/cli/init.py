"""`reconciler init`: write a first workspace."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.approval import can_ask, read_answer
from reconciler.cli.console import find_table_width, print_message, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.numbers import read_id
from reconciler.cli.options import common_options, find_common
from reconciler.cli.paths import PathType
from reconciler.cli.session import open_command
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.live import Account
    from reconciler.model.targets import Mode

_ALL = "all"


@click.command("init")
@click.argument("folder", type=PathType(kind="folder"), required=False)
@click.option(
    "--account",
    "given",
    multiple=True,
    metavar="ALIAS=ID",
    help="With --target paper or real: an account of the key; may be repeated. Default: asks at a terminal.",
)
@click.option("--base-url", metavar="URL", help="With --target paper or real: another address of the API.")
@common_options
def command(folder: Path | None, given: tuple[str, ...], base_url: str | None) -> int:
    """Write reconciler.yaml and a first plan file into FOLDER, by default the current one.

    With --target paper or --target real it has that target beside the sandbox, with the accounts that you choose from
    those of the key. `reconciler accounts --mode paper` lists them.
    """
    from reconciler.loading.workspace_folder import find_current_folder
    from reconciler.workflows.new_workspace import ApiTarget, refuse_existing, write_workspace

    root = folder or find_common().workspace or find_current_folder()
    refuse_existing(root)
    mode = _find_mode()
    if mode is None:
        if given or base_url:
            raise UsageError("--account and --base-url go with --target paper or --target real")
        config, plan = write_workspace(root)
    else:
        accounts = _read_accounts(given) or _ask_for_accounts(root, mode, base_url)
        config, plan = write_workspace(root, ApiTarget(mode=mode, accounts=accounts, base_url=base_url))
    print_message(f"Wrote {config} and {plan}. Next: {_name_next(root, mode)}")
    return ExitCode.DONE


def _find_mode() -> Mode | None:
    """Find the mode that was typed as the target; None for the sandbox alone.

    Raises:
        UsageError: It is another word.
    """
    from reconciler.model.targets import Mode

    common = find_common()
    if "target" not in common.typed or common.target == "sandbox":
        return None
    if common.target not in tuple(Mode):
        raise UsageError(f"init --target {common.target}: expected sandbox, paper or real")
    return Mode(common.target)


def _read_accounts(given: Sequence[str]) -> dict[str, int]:
    """Read the accounts of the command line.

    Raises:
        UsageError: One is not an alias and an id, or an alias is given twice.
    """
    from reconciler.workflows.new_workspace import is_alias

    accounts: dict[str, int] = {}
    for text in given:
        alias, _, number = text.partition("=")
        account_id = read_id(number)
        if not account_id or not is_alias(alias):
            raise UsageError(f"--account {text}: expected an alias and an id, such as main=12345678")
        if alias in accounts:
            raise UsageError(f"--account {text}: the alias {alias} is given twice")
        accounts[alias] = account_id
    return accounts


def _ask_for_accounts(root: Path, mode: Mode, base_url: str | None) -> Mapping[str, int]:
    """Show the accounts of the key, and ask which the workspace may use.

    Raises:
        UsageError: There is no terminal, or the answer names no account.
    """
    from reconciler.rendering.accounts_text import render_accounts
    from reconciler.rendering.style import Style
    from reconciler.workflows.key_accounts import list_accounts, make_key_settings, name_accounts

    if not can_ask():
        raise UsageError(
            f"init --target {mode} asks for the accounts and there is no terminal: add --account main=ID;"
            f" reconciler accounts --mode {mode} lists them"
        )
    with open_command(make_key_settings(root, mode, base_url), writes=False) as session:
        accounts = list_accounts(session)
    if not accounts:
        raise UsageError(f"the key has no account in mode {mode}; nothing was written")
    suggested = name_accounts(accounts, {})
    print_message(
        render_accounts(accounts, suggested, suggested, mode, style=Style(use_color()), width=find_table_width())
    )
    print_message(f"\nWhich accounts may this workspace use? Give their ids with blanks between, or '{_ALL}'.")
    return name_accounts(_choose(accounts, read_answer("Enter ids: ")), {})


def _choose(accounts: Sequence[Account], answer: str) -> list[Account]:
    words = answer.replace(",", " ").split()
    if words == [_ALL]:
        return list(accounts)
    by_id = {str(account.id): account for account in accounts}
    unknown = [word for word in words if word not in by_id]
    if unknown or not words:
        found = f"found {unknown[0]:.60}" if unknown else "found no answer"
        raise UsageError(f"{found}, expected {', '.join(by_id)} or {_ALL}; nothing was written")
    return [by_id[word] for word in dict.fromkeys(words)]


def _is_current(root: Path) -> bool:
    """Return whether a folder is the current one, which may have been removed."""
    try:
        return root.samefile(".")
    except OSError:
        return False


def _name_next(root: Path, mode: Mode | None) -> str:
    """Name the command that comes next, as it can be pasted."""
    words = ["reconciler", "plan"]
    if not _is_current(root):
        words += ["--workspace", str(root)]
    if mode is not None:
        words += ["--target", mode]
    return shlex.join(words)
