"""`reconciler trade`: what is done to one live trade at once, beside all files."""

from __future__ import annotations

import click

from reconciler.cli.trade import entry, exits, funds, show, steps


@click.group("trade")
def command() -> None:
    """Look at one live trade or act on it, by its NAME or by --id; each write asks first with its effect in money."""


for _module in (show, entry, exits, funds, steps):
    for _command in _module.COMMANDS:
        command.add_command(_command)
