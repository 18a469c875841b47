"""`trade cancel-step`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.options import common_options
from reconciler.cli.trade.options import WriteOptions, id_option, write_options
from reconciler.cli.trade.step_options import select_step, step_option

if TYPE_CHECKING:
    from reconciler.model.live import LiveTrade
    from reconciler.model.operations import Operation


@click.command("cancel-step")
@click.argument("words", nargs=-1, metavar="[NAME] [NUMBER]", shell_complete=complete_first_trade)
@id_option
@step_option
@write_options
@common_options
def command(words: tuple[str, ...], live_id: int | None, step_id: int | None, write: WriteOptions) -> int:
    """Cancel a step, never the last one.

    NUMBER is its place among the take-profit steps, from 1. With --step-id also a waiting order of added or reduced
    funds.
    """
    selector, number = select_step(words, live_id, step_id)
    from reconciler.cli.trade.run_command import run_command
    from reconciler.cli.trade.session import open_writing
    from reconciler.live.orders import read_orders
    from reconciler.planning.commands import Commands
    from reconciler.planning.step_commands import cancel_step

    with open_writing(write) as trades:

        def prepare(live: LiveTrade) -> Operation:
            is_step = step_id is None or step_id in {step.id for step in live.steps}
            orders = () if is_step else read_orders(trades.session.api, live.id)
            return cancel_step(Commands(live, trades.workspaces), number, step_id, orders)

        return run_command(trades, selector, prepare)
