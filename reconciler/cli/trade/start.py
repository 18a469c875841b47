"""`trade start`."""

from __future__ import annotations

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.options import common_options
from reconciler.cli.trade.options import WriteOptions, committing_options, id_option, select


@click.command("start")
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=complete_first_trade)
@id_option
@committing_options
@common_options
def command(words: tuple[str, ...], live_id: int | None, write: WriteOptions) -> int:
    """Enter at market now (force_start)."""
    selector, _ = select(words, live_id)
    from reconciler.cli.trade.run_command import run_command
    from reconciler.cli.trade.session import open_writing
    from reconciler.planning.commands import Commands

    with open_writing(write) as trades:
        return run_command(trades, selector, lambda live: Commands(live, trades.workspaces).start())
