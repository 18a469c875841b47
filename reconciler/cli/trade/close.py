"""`trade close`, of one trade or of all."""

from __future__ import annotations

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.options import common_options
from reconciler.cli.trade.all_options import AllOptions, all_options
from reconciler.cli.trade.options import WriteOptions, id_option, select, write_options


@click.command("close")
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=complete_first_trade)
@id_option
@all_options
@write_options
@common_options
def command(words: tuple[str, ...], live_id: int | None, every: AllOptions, write: WriteOptions) -> int:
    """Close the position at market (close_by_market).

    Of a partly filled entry the rest is cancelled, and what is held is closed by a trade of its own.
    """
    every.check(words, live_id)
    from reconciler.cli.trade.run_all import run_all
    from reconciler.cli.trade.run_command import run_command
    from reconciler.cli.trade.session import open_writing
    from reconciler.model.operations import Action
    from reconciler.workflows.end_all import Scope, find_to_close, prepare_close

    selector = None if every.is_all else select(words, live_id)[0]
    with open_writing(write, is_emergency=True) as trades:
        if selector is None:
            return run_all(trades, Scope(action=Action.CLOSE, account=every.account, pair=every.pair))
        return run_command(trades, selector, lambda live: prepare_close(trades, live), find_to_close)
