"""`reconciler sandbox set`, `schedule` and `fill`: what the sandbox does, and what happens to its orders."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.console import print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.numbers import ID, read_number
from reconciler.cli.options import common_options
from reconciler.cli.sandbox.data import data_option, open_data
from reconciler.cli.sandbox.find_trade import find_trade
from reconciler.cli.sandbox.happenings import describe_lines


@click.command("set")
@click.argument("name")
@click.argument("value")
@data_option
@common_options
def configure(name: str, value: str, data: Path | None) -> int:
    """Set what the documents leave open, for example `set trailing_stop moved`; `show` lists all settings.

    trailing_stop and breakeven (moved, unchanged): whether a trigger that the engine moved is shown moved.
    trailing_percent (as_sent, null): the distance of a trailing stop, given or ignored. off_grid (cut, refused):
    prices and units off their grid. quanto_multiplier (linear, always, never): where the size of a contract is named.
    entities (documented, recorded): the form of a trade. trading_supported (true, false): what accounts say.
    finished_steps (kept, refused): a PATCH once a step has finished. missing_groups (unchanged, disabled): a PATCH
    that leaves take profit or stop loss out. unknown_trade (400, 404), cancel_answer (entity, empty), wrong_status
    (400, 403, 422): how these are answered. fee_pct, fee_currency (quote, received): what the exchange takes.
    pending_reads (0 to 1000, clock): how many reads see an intermediate state; advancing the clock ends it, too.
    """
    with open_data(data) as sandbox:
        settings = sandbox.configure(name, value)
    print_result(f"{name} is {settings[name]}")
    return ExitCode.DONE


@click.command("schedule")
@click.argument("event")
@click.argument("value", required=False)
@click.option("--id", "trade_id", type=ID, metavar="ID", help="Trade for which it applies; default: the next one.")
@data_option
@common_options
def schedule(event: str, value: str | None, trade_id: int | None, data: Path | None) -> int:
    """Schedule what the exchange does once: `refuse kyc`, `fill_on_cancel 50`, `kill_stop suspended`.

    refuse (no_balance, kyc, pair_closed, or any text): the next entry fails. fill_on_cancel (percent): a limit order
    that is being cancelled fills first. kill_stop (failed, suspended, need_reset): the stop dies when it is armed.
    """
    from reconciler.rendering.style import printable

    with open_data(data) as sandbox:
        kept = sandbox.schedule(event, value=value, trade_id=trade_id)
    words = f"Scheduled: {kept['event']} ({kept['value']})" + (f" for #{trade_id}" if trade_id else "")
    print_result(printable(words))
    return ExitCode.DONE


@click.command("fill")
@click.argument("trade")
@click.argument("units")
@click.option("--order", "order_id", type=ID, metavar="ID", help="The order; default: the first that rests.")
@data_option
@common_options
def fill(trade: str, units: str, order_id: int | None, data: Path | None) -> int:
    """Fill UNITS of a resting limit order of TRADE, a name or an id, at its own price."""
    number = read_number(units, "number of units")
    with open_data(data) as sandbox:
        found = find_trade(sandbox, trade)
        filled = sandbox.fill(found.id, number, order_id=order_id)
    print_result(f"Order {filled['order_id']} of #{found.id}: {filled['filled']} units filled so far")
    for line in describe_lines(filled["happened"]):
        print_result(line)
    return ExitCode.DONE


COMMANDS = (configure, schedule, fill)
