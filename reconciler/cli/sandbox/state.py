"""`reconciler sandbox show` and `reset`: the whole state of the sandbox."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options
from reconciler.cli.sandbox.data import data_option, open_data


@click.command("show")
@data_option
@common_options
def show(data: Path | None) -> int:
    """Show clock, settings, prices, balances, trades and scheduled events, as JSON."""
    with open_data(data) as sandbox:
        print_result(json.dumps(sandbox.show(), indent=2))
    return ExitCode.DONE


@click.command("reset")
@data_option
@common_options
def reset(data: Path | None) -> int:
    """Remove all trades and set clock, prices and balances back."""
    with open_data(data) as sandbox:
        sandbox.reset()
    print_message("The sandbox is as new.")
    return ExitCode.DONE


COMMANDS = (show, reset)
