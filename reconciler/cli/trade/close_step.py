"""`trade close-step`."""

from __future__ import annotations

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.options import common_options
from reconciler.cli.trade.options import WriteOptions, id_option, write_options
from reconciler.cli.trade.step_options import select_step, step_option


@click.command("close-step")
@click.argument("words", nargs=-1, metavar="[NAME] [NUMBER]", shell_complete=complete_first_trade)
@id_option
@step_option
@write_options
@common_options
def command(words: tuple[str, ...], live_id: int | None, step_id: int | None, write: WriteOptions) -> int:
    """Execute a step at market now.

    NUMBER is its place among the take-profit steps, from 1.
    """
    selector, number = select_step(words, live_id, step_id)
    from reconciler.cli.trade.run_command import run_command
    from reconciler.cli.trade.session import open_writing
    from reconciler.planning.commands import Commands
    from reconciler.planning.step_commands import close_step

    with open_writing(write) as trades:
        return run_command(
            trades, selector, lambda live: close_step(Commands(live, trades.workspaces), number, step_id)
        )
