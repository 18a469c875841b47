"""`reconciler sandbox`: the local exchange."""

from __future__ import annotations

import click

from reconciler.cli.sandbox import act, behavior, faults, market, serve, state


@click.group("sandbox")
def command() -> None:
    """The local exchange and API; its clock and its prices change only on command."""


for _module in (serve, market, act, behavior, state, faults):
    for _command in _module.COMMANDS:
        command.add_command(_command)
