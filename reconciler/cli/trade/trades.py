"""`trade trades`: the orders of one trade."""

from __future__ import annotations

import click

from reconciler.cli.completion import complete_first_trade
from reconciler.cli.console import find_table_width, print_result, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, format_option
from reconciler.cli.trade.options import id_option, select


@click.command("trades")
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=complete_first_trade)
@id_option
@format_option()
@common_options
def command(words: tuple[str, ...], live_id: int | None, format_: str) -> int:
    """List the orders of one trade.

    Entry, steps with their numbers, stop, added and reduced funds.
    """
    selector, _ = select(words, live_id)
    from reconciler.cli.trade.session import open_reading
    from reconciler.live.orders import read_order
    from reconciler.rendering.style import Style
    from reconciler.rendering.trade_text import render_entity, render_orders
    from reconciler.workflows.find_trade import find_trade

    with open_reading() as trades:
        live = find_trade(trades, selector)
        orders = trades.session.api.list_trades(live.id)
    if format_ == "json":
        print_result(render_entity(orders))
    else:
        rows = [read_order(order) for order in orders]
        print_result(render_orders(rows, live, Style(use_color()), find_table_width()))
    return ExitCode.DONE
