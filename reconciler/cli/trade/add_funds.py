"""`trade add-funds`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.options import common_options
from reconciler.cli.trade.funds_options import funds_options
from reconciler.cli.trade.options import WriteOptions, committing_options, id_option, select

if TYPE_CHECKING:
    from reconciler.model.commands import Funds


@click.command("add-funds")
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=complete_first_trade)
@id_option
@funds_options
@committing_options
@common_options
def command(words: tuple[str, ...], live_id: int | None, funds: Funds, write: WriteOptions) -> int:
    """Make the position larger.

    At market, or by a limit order that waits for its price.
    """
    selector, _ = select(words, live_id)
    from reconciler.cli.trade.run_command import run_command
    from reconciler.cli.trade.session import open_writing
    from reconciler.workflows.trade_funds import prepare_added

    with open_writing(write) as trades:
        return run_command(trades, selector, lambda live: prepare_added(trades, live, funds))
