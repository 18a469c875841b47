"""`reconciler import`: plan files from live trades, and live edits into plan files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.approval import require_approver
from reconciler.cli.console import expect_reader
from reconciler.cli.numbers import ID, read_id, read_wait
from reconciler.cli.options import common_options
from reconciler.cli.paths import PATH
from reconciler.cli.session import find_settings, watch_requests
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.settings import Settings

# As that of apply.
DEFAULT_LOCK_TIMEOUT_S = 10.0


@click.command("import")
@click.argument("ids", nargs=-1, type=ID, metavar="[ID...]")
@click.option("--all", "is_all", is_flag=True, help="All active trades that no file names.")
@click.option("--account", metavar="ALIAS|ID", help="With --all: only those of this account.")
@click.option("--pair", metavar="PAIR", help="With --all: only those of this pair, for example USDT_BTC.")
@click.option("--name", metavar="NAME", help="Name of the trade; for one ID.")
@click.option("--into", type=PATH, metavar="FILE", help="Plan file; default: imported.yaml.")
@click.option("--stdout", "is_printed", is_flag=True, help="Print the plan file instead of writing it.")
@click.option("--adopt", is_flag=True, help="Take charge: write the marker into the notes of the live trades.")
@click.option(
    "--update", "updates", multiple=True, metavar="NAME", help="Take a live edit of this trade into its file."
)
@click.option("--auto-approve", is_flag=True, allow_from_autoenv=False, help="With --adopt: do not ask for approval.")
@click.option(
    "--lock-timeout",
    type=read_wait,
    default=DEFAULT_LOCK_TIMEOUT_S,
    show_default=True,
    metavar="SECONDS",
    help="With --adopt: how long to wait for another apply to the same accounts to end.",
)
@common_options
def command(
    ids: tuple[int, ...],
    account: str | None,
    pair: str | None,
    name: str | None,
    into: Path | None,
    updates: tuple[str, ...],
    lock_timeout: float,
    *,
    is_all: bool,
    is_printed: bool,
    adopt: bool,
    auto_approve: bool,
) -> int:
    """Write live trades into a plan file, or with --update what was edited outside.

    Nothing is sent to 3Commas without --adopt, which asks first and then writes the marker of this workspace behind
    which your note stays. A file is never overwritten: trades are added, comments stay.
    """
    from reconciler.clock import SystemClock
    from reconciler.workflows.connection import open_api
    from reconciler.workflows.file_edits import read_files
    from reconciler.workflows.import_reading import Asked
    from reconciler.workflows.importing import ImportRun
    from reconciler.workflows.journal import open_journal

    _check_usage(
        ids, updates, name, into, is_all=is_all, filters=bool(account or pair), is_printed=is_printed, adopt=adopt
    )
    if is_printed:
        expect_reader()
    require_approver("--adopt", "add --auto-approve", is_approved=auto_approve or not adopt)
    settings = find_settings()
    clock = SystemClock()
    workspace = read_files(settings)
    with (
        open_journal(settings, clock, writes=adopt) as opened,
        open_api(settings, clock, watch_requests(opened.journal), opened.make_pace) as api,
    ):
        run = ImportRun(settings, api, clock, workspace, opened, lock_timeout, adopts=adopt, asks=not auto_approve)
        if updates:
            return run.update(updates)
        asked = Asked(ids=ids, account_id=_find_account(settings, account), pair=pair, name=name)
        return run.import_trades(asked, into, is_printed=is_printed)


def _check_usage(
    ids: Sequence[int],
    updates: Sequence[str],
    name: str | None,
    into: Path | None,
    *,
    is_all: bool,
    filters: bool,
    is_printed: bool,
    adopt: bool,
) -> None:
    import re

    from reconciler.codec.note import NAME_PATTERN

    if bool(ids) + is_all + bool(updates) != 1:
        raise UsageError("import needs the ids of live trades, or --all, or --update NAME")
    if filters and not is_all:
        raise UsageError("--account and --pair narrow --all")
    if name is not None and len(set(ids)) != 1:
        raise UsageError("--name names one trade: give one id")
    if name is not None and re.fullmatch(NAME_PATTERN, name) is None:
        raise UsageError(f"--name {name!r}: expected small letters, digits and .-_ in a name of up to 48 characters")
    if is_printed and (adopt or into is not None or updates):
        raise UsageError("--stdout writes no file, so --adopt, --into and --update do not go with it")
    if updates and into is not None:
        raise UsageError("--update changes the file that names the trade, so --into does not go with it")


def _find_account(settings: Settings, given: str | None) -> int | None:
    if given is None or given in settings.target.accounts:
        return None if given is None else settings.target.accounts[given]
    account_id = read_id(given)
    if account_id is None:
        known = ", ".join(settings.target.accounts) or "none"
        raise UsageError(f"--account {given}: expected an id or an alias of target {settings.target.name} ({known})")
    return account_id
