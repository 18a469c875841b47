"""`trade show` and `trade trades`: reading only."""

from __future__ import annotations

import click

from reconciler.cli.console import print_result
from reconciler.cli.options import common_options
from reconciler.cli.trade.options import id_option, select

_FORMAT = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.command("show")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@_FORMAT
@common_options
def show(words: tuple[str, ...], live_id: int | None, format_: str) -> int:
    """Show one trade.

    Its status, inputs, steps and money, and what it allows now.
    """
    selector, _ = select(words, live_id)
    from reconciler.rendering.trade_text import render_entity, render_trade
    from reconciler.workflows.find_trade import find_trade
    from reconciler.workflows.trade_session import open_reading

    with open_reading() as session:
        live = find_trade(session, selector)
    print_result(render_entity(live.entity) if format_ == "json" else render_trade(live))
    return 0


@click.command("trades")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@_FORMAT
@common_options
def trades(words: tuple[str, ...], live_id: int | None, format_: str) -> int:
    """List the orders of one trade.

    Entry, steps with their numbers, stop, added and reduced funds.
    """
    selector, _ = select(words, live_id)
    from reconciler.live.orders import read_order
    from reconciler.rendering.trade_text import render_entity, render_orders
    from reconciler.workflows.find_trade import find_trade
    from reconciler.workflows.trade_session import open_reading

    with open_reading() as session:
        live = find_trade(session, selector)
        orders = session.api.list_trades(live.id)
    if format_ == "json":
        print_result(render_entity(orders))
    else:
        print_result(render_orders([read_order(order) for order in orders], live))
    return 0


COMMANDS = (show, trades)
