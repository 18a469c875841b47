"""`reconciler trade`: what is done to one live trade at once, beside all files."""

from __future__ import annotations

import click

from reconciler.cli.trade import (
    add_funds,
    cancel,
    cancel_step,
    close,
    close_step,
    note,
    process,
    reduce_funds,
    show,
    start,
    trades,
)


@click.group("trade")
def command() -> None:
    """Show one live trade or act on it, by its NAME or by --id; each write asks first with its effect in money."""


for _module in (show, trades, start, process, note, close, cancel, add_funds, reduce_funds, close_step, cancel_step):
    command.add_command(_module.command)
