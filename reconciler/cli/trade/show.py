"""`trade show`: one trade, without changing it."""

from __future__ import annotations

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.console import print_result, print_text
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, format_option
from reconciler.cli.trade.options import id_option, select


@click.command("show")
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=complete_first_trade)
@id_option
@format_option()
@common_options
def command(words: tuple[str, ...], live_id: int | None, format_: str) -> int:
    """Show one trade.

    Its status, inputs, steps and money, and what it allows now.
    """
    selector, _ = select(words, live_id)
    from reconciler.cli.trade.session import open_reading
    from reconciler.rendering.trade_text import render_entity, render_trade
    from reconciler.workflows.find_trade import find_trade

    with open_reading() as trades:
        live = find_trade(trades, selector)
    if format_ == "json":
        print_result(render_entity(live.entity))
    else:
        print_text(render_trade(live))
    return ExitCode.DONE
