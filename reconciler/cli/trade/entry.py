"""`trade start`, `trade process` and `trade note`."""

from __future__ import annotations

import click

from reconciler.cli.options import common_options
from reconciler.cli.trade.options import id_option, select, write_options


@click.command("start")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@write_options
@common_options
def start(words: tuple[str, ...], live_id: int | None, lock_timeout: float, *, auto_approve: bool) -> int:
    """Enter at market now (force_start)."""
    selector, _ = select(words, live_id)
    from reconciler.cli.trade.run import run_command
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:
        return run_command(session, selector, lambda live: Commands(live, session.settings.workspaces).start())


@click.command("process")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@write_options
@common_options
def process(words: tuple[str, ...], live_id: int | None, lock_timeout: float, *, auto_approve: bool) -> int:
    """Let 3Commas process the trade now (force_process)."""
    selector, _ = select(words, live_id)
    from reconciler.cli.trade.run import run_command
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:
        return run_command(session, selector, lambda live: Commands(live, session.settings.workspaces).process())


@click.command("note")
@click.argument("words", nargs=-1, metavar="NAME TEXT")
@id_option
@write_options
@common_options
def note(words: tuple[str, ...], live_id: int | None, lock_timeout: float, *, auto_approve: bool) -> int:
    """Replace your text in the note.

    The ownership marker stays in front of it.
    """
    selector, (text,) = select(words, live_id, "TEXT")
    from reconciler.cli.trade.run import run_command
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:
        return run_command(session, selector, lambda live: Commands(live, session.settings.workspaces).note(text))


COMMANDS = (start, process, note)
