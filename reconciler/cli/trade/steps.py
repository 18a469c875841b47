"""`trade close-step` and `trade cancel-step`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli.numbers import ID, read_id
from reconciler.cli.options import common_options
from reconciler.cli.trade.options import Selector, id_option, select, write_options
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.commands import Command
    from reconciler.model.live import LiveTrade

# Source: SmartTradesV2 page: maximum steps is 8.
MOST_STEPS = 8

_STEP_ID = click.option("--step-id", type=ID, metavar="ID", help="The id that `trade trades` shows, instead of NUMBER.")


@click.command("close-step")
@click.argument("words", nargs=-1, metavar="NAME [NUMBER]")
@id_option
@_STEP_ID
@write_options
@common_options
def close_step(
    words: tuple[str, ...], live_id: int | None, step_id: int | None, lock_timeout: float, *, auto_approve: bool
) -> int:
    """Execute a step at market now.

    NUMBER is its place among the take-profit steps, from 1.
    """
    selector, number = _select_step(words, live_id, step_id)
    from reconciler.cli.trade.run import run_command
    from reconciler.planning import step_commands
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:
        ours = session.settings.workspaces
        return run_command(
            session, selector, lambda live: step_commands.close_step(Commands(live, ours), number, step_id)
        )


@click.command("cancel-step")
@click.argument("words", nargs=-1, metavar="NAME [NUMBER]")
@id_option
@_STEP_ID
@write_options
@common_options
def cancel_step(
    words: tuple[str, ...], live_id: int | None, step_id: int | None, lock_timeout: float, *, auto_approve: bool
) -> int:
    """Cancel a step, never the last one.

    NUMBER is its place among the take-profit steps, from 1. With --step-id also a waiting order of added or reduced
    funds.
    """
    selector, number = _select_step(words, live_id, step_id)
    from reconciler.cli.trade.run import run_command
    from reconciler.live.orders import read_orders
    from reconciler.planning import step_commands
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:

        def prepare(live: LiveTrade) -> Command:
            is_step = step_id is None or step_id in {step.id for step in live.steps}
            orders = () if is_step else read_orders(session.api, live.id)
            return step_commands.cancel_step(Commands(live, session.settings.workspaces), number, step_id, orders)

        return run_command(session, selector, prepare)


def _select_step(words: Sequence[str], live_id: int | None, step_id: int | None) -> tuple[Selector, int | None]:
    rest = ("NUMBER",) if step_id is None else ()
    selector, left = select(words, live_id, *rest)
    if step_id is not None:
        return selector, None
    number = read_id(left[0])
    if number is None or not 1 <= number <= MOST_STEPS:
        raise UsageError(
            f"found step {left[0]!r:.60}, expected its number in order from 1 to {MOST_STEPS}, or --step-id"
        )
    return selector, number


COMMANDS = (close_step, cancel_step)
