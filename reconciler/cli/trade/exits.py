"""`trade close` and `trade cancel`, of one trade or of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from reconciler.cli.options import common_options
from reconciler.cli.trade.options import id_option, select, write_options
from reconciler.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")


def _all_options(function: Callable[P, R]) -> Callable[P, R]:
    everything = click.option(
        "--all", "is_all", is_flag=True, allow_from_autoenv=False, help="All trades of this workspace instead of NAME."
    )
    account = click.option("--account", metavar="ALIAS", help="With --all: of this account only, by alias or id.")
    pair = click.option("--pair", metavar="PAIR", help="With --all: of this pair only, for example USDT_BTC.")
    return everything(account(pair(function)))


@click.command("close")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@_all_options
@write_options
@common_options
def close(
    words: tuple[str, ...],
    live_id: int | None,
    account: str | None,
    pair: str | None,
    lock_timeout: float,
    *,
    is_all: bool,
    auto_approve: bool,
) -> int:
    """Close the position at market (close_by_market)."""
    _check_all(words, live_id, (account, pair), is_all=is_all)
    from reconciler.cli.trade.bulk import Scope, run_all
    from reconciler.cli.trade.run import run_command
    from reconciler.model.commands import CommandKind
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    selector = None if is_all else select(words, live_id)[0]
    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout, is_emergency=True) as session:
        if selector is None:
            return run_all(session, Scope(kind=CommandKind.CLOSE, account=account, pair=pair))
        return run_command(session, selector, lambda live: Commands(live, session.settings.workspaces).close())


@click.command("cancel")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@_all_options
@click.option(
    "--with-positions",
    is_flag=True,
    allow_from_autoenv=False,
    help="With --all: those that hold a position too; the coins stay, without steps and stop.",
)
@write_options
@common_options
def cancel(
    words: tuple[str, ...],
    live_id: int | None,
    account: str | None,
    pair: str | None,
    lock_timeout: float,
    *,
    is_all: bool,
    with_positions: bool,
    auto_approve: bool,
) -> int:
    """Cancel the trade.

    What it holds stays in the account, without steps and stop.
    """
    _check_all(words, live_id, (account, pair, with_positions), is_all=is_all)
    from reconciler.cli.trade.bulk import Scope, run_all
    from reconciler.cli.trade.run import run_command
    from reconciler.model.commands import CommandKind
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    selector = None if is_all else select(words, live_id)[0]
    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout, is_emergency=True) as session:
        if selector is None:
            scope = Scope(kind=CommandKind.CANCEL, account=account, pair=pair, has_positions=with_positions)
            return run_all(session, scope)
        return run_command(session, selector, lambda live: Commands(live, session.settings.workspaces).cancel())


def _check_all(words: tuple[str, ...], live_id: int | None, narrowing: tuple[object, ...], *, is_all: bool) -> None:
    if is_all and (words or live_id is not None):
        raise UsageError("--all means every trade of the workspace: give it, or NAME, or --id")
    if not is_all and any(narrowing):
        raise UsageError("--account, --pair and --with-positions go with --all")


COMMANDS = (close, cancel)
