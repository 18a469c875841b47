"""`trade cancel`, of one trade or of all."""

from __future__ import annotations

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.options import common_options
from reconciler.cli.trade.all_options import AllOptions, all_options
from reconciler.cli.trade.options import WriteOptions, id_option, select, write_options


@click.command("cancel")
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=complete_first_trade)
@id_option
@all_options
@click.option(
    "--with-positions",
    is_flag=True,
    allow_from_autoenv=False,
    help="With --all: those that hold a position too; the coins stay, without steps and stop.",
)
@write_options
@common_options
def command(
    words: tuple[str, ...], live_id: int | None, every: AllOptions, write: WriteOptions, *, with_positions: bool
) -> int:
    """Cancel the trade.

    What it holds stays in the account, without steps and stop.
    """
    every.check(words, live_id, with_positions=with_positions)
    from reconciler.cli.trade.run_all import run_all
    from reconciler.cli.trade.run_command import run_command
    from reconciler.cli.trade.session import open_writing
    from reconciler.model.operations import Action
    from reconciler.planning.commands import Commands
    from reconciler.workflows.end_all import Scope

    selector = None if every.is_all else select(words, live_id)[0]
    with open_writing(write, is_emergency=True) as trades:
        if selector is None:
            scope = Scope(action=Action.CANCEL, account=every.account, pair=every.pair, has_positions=with_positions)
            return run_all(trades, scope)
        return run_command(trades, selector, lambda live: Commands(live, trades.workspaces).cancel())
