"""`reconciler sandbox fault`: errors on the wire, on demand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.numbers import ID
from reconciler.cli.options import common_options
from reconciler.cli.sandbox.data import data_option, open_data


@click.group("fault")
def fault() -> None:
    """Errors on the wire, on demand."""


@fault.command("add")
@click.argument("kind")
@click.option("--method", help="HTTP method of the requests that it strikes; any by default.")
@click.option("--path", help="Their path below the API's base, for example '/v2/smart_trades/*'; any by default.")
@click.option("--nth", type=int, help="The first matching request that it may strike, from 1; 1 by default.")
@click.option("--times", type=int, help="How many it strikes; 1 by default, 0 for no end.")
@click.option("--probability", help="Chance for each matching request, 0 to 1.")
@click.option("--seed", type=int, help="Decides the chances.")
@click.option("--stage", help="Whether an answer is replaced `before` or `after` the request takes effect.")
@click.option("--seconds", help="Length of a delay, or how long a new trade stays out of lists.")
@click.option("--reads", type=int, help="How many lists a new trade stays out of.")
@click.option("--rows", type=int, help="By how many rows a list shifts: above 0 shows some again, below misses some.")
@click.option("--request", help="What goes first: method, path and JSON body.")
@data_option
@common_options
def fault_add(kind: str, data: Path | None, **parts: object) -> int:
    """Let something go wrong: KIND is one of those that `fault kinds` lists."""
    from reconciler.sandbox.store.faults import read_fault

    given = {name: value for name, value in parts.items() if value is not None}
    with open_data(data) as sandbox:
        number = sandbox.add_fault(read_fault({"kind": kind, **given}))
    print_message(f"Fault {number} is waiting.")
    return ExitCode.DONE


@fault.command("kinds")
@common_options
def fault_kinds() -> int:
    """List what can go wrong."""
    from reconciler.sandbox.store.faults import FaultKind

    print_result("\n".join(FaultKind))
    return ExitCode.DONE


@fault.command("list")
@data_option
@common_options
def fault_list(data: Path | None) -> int:
    """Show the faults, how many requests they have seen and how many they have struck, as JSON."""
    from reconciler.sandbox.store.wire_store import describe_stored

    with open_data(data) as sandbox:
        print_result(json.dumps([describe_stored(held) for held in sandbox.list_faults()], indent=2))
    return ExitCode.DONE


@fault.command("clear")
@click.argument("number", type=ID, required=False)
@data_option
@common_options
def fault_clear(number: int | None, data: Path | None) -> int:
    """Remove the fault NUMBER, or all."""
    with open_data(data) as sandbox:
        removed = sandbox.remove_faults(number)
    print_message(f"{removed} removed.")
    return ExitCode.DONE


COMMANDS = (fault,)
