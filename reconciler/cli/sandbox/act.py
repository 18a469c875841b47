"""`reconciler sandbox act`: what a person does in the app, past the plan files."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.numbers import ID, read_number
from reconciler.cli.options import common_options
from reconciler.cli.sandbox.data import data_option, open_data
from reconciler.cli.sandbox.find_trade import find_trade
from reconciler.cli.sandbox.happenings import describe_line, name_trade

if TYPE_CHECKING:
    from reconciler.sandbox.engine.happenings import Happening


@click.group("act")
def act() -> None:
    """Do what a person does in the app, past the plan files.

    TRADE is the name of a trade in a plan file, or its id.
    """


@act.command("open")
@click.argument("pair")
@click.argument("units")
@click.option("--sell", is_flag=True, help="A short trade; default: a long one.")
@click.option("--price", help="Limit price of the entry; default: a market order.")
@click.option("--take-profit", help="Price of one step that closes all.")
@click.option("--stop", help="Trigger of a market stop.")
@click.option("--note", help="The note.")
@click.option("--account", type=ID, default=1, show_default=True, metavar="ID", help="The account.")
@data_option
@common_options
def open_(
    pair: str,
    units: str,
    sell: bool,  # noqa: FBT001 - click passes every option by name
    price: str | None,
    take_profit: str | None,
    stop: str | None,
    note: str | None,
    account: int,
    data: Path | None,
) -> int:
    """Open a trade of UNITS of PAIR without a marker, for example `open USDT_BTC 0.01 --stop 58000`."""
    from reconciler.sandbox.exchange.by_hand import Ticket, open_trade
    from reconciler.sandbox.values.terms import Side

    ticket = Ticket(
        account_id=account,
        pair=pair,
        side=Side.SELL if sell else Side.BUY,
        units=read_number(units, "number of units"),
        price=_read_price(price),
        target=_read_price(take_profit),
        stop=_read_price(stop),
        note=note,
    )
    with open_data(data) as sandbox:
        trade_id, happened = open_trade(sandbox, ticket)
    _print_done(f"#{trade_id}: opened by hand", happened)
    return ExitCode.DONE


@act.command("drag-stop")
@click.argument("trade")
@click.argument("price")
@data_option
@common_options
def drag_stop(trade: str, price: str, data: Path | None) -> int:
    """Move the stop of TRADE to PRICE."""
    from reconciler.sandbox.exchange import by_hand

    trigger = read_number(price, "price")
    with open_data(data) as sandbox:
        found = find_trade(sandbox, trade)
        happened = by_hand.drag_stop(sandbox, found.id, trigger)
    _print_done(f"{name_trade(found.id, found.note)}: stop moved to {trigger} by hand", happened)
    return ExitCode.DONE


@act.command("close")
@click.argument("trade")
@data_option
@common_options
def close(trade: str, data: Path | None) -> int:
    """Close TRADE at market."""
    from reconciler.sandbox.exchange.by_hand import close_by_hand

    with open_data(data) as sandbox:
        found = find_trade(sandbox, trade)
        happened = close_by_hand(sandbox, found.id)
    _print_done(f"{name_trade(found.id, found.note)}: closed by hand", happened)
    return ExitCode.DONE


@act.command("cancel")
@click.argument("trade")
@data_option
@common_options
def cancel(trade: str, data: Path | None) -> int:
    """Cancel TRADE; coins that it holds stay in the account."""
    from reconciler.sandbox.exchange.by_hand import cancel_by_hand

    with open_data(data) as sandbox:
        found = find_trade(sandbox, trade)
        happened = cancel_by_hand(sandbox, found.id)
    _print_done(f"{name_trade(found.id, found.note)}: cancelled by hand", happened)
    return ExitCode.DONE


@act.command("note")
@click.argument("trade")
@click.argument("text")
@data_option
@common_options
def note(trade: str, text: str, data: Path | None) -> int:
    """Replace the note of TRADE by TEXT, with the marker in it; an empty text removes the note."""
    from reconciler.rendering.style import printable
    from reconciler.sandbox.exchange.by_hand import rewrite_note

    with open_data(data) as sandbox:
        found = find_trade(sandbox, trade)
        rewrite_note(sandbox, found.id, text)
    print_result(f"{name_trade(found.id, found.note)}: note replaced by {printable(text)!r}")
    return ExitCode.DONE


def _read_price(text: str | None) -> Decimal | None:
    return None if text is None else read_number(text, "price")


def _print_done(done: str, happened: Iterable[Happening]) -> None:
    print_result(done)
    for each in happened:
        print_result(describe_line(each.trade_id, each.note, each.text))


COMMANDS = (act,)
