"""One command from the question to its outcome."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from reconciler.applying.run_commands import CommandResult, carry_out_commands, find_change
from reconciler.cli.approval import ask_for_approval
from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import ExitCode, decide_run
from reconciler.cli.signals import stop_on_interrupt
from reconciler.cli.trade.options import Selector
from reconciler.codec.live_trades import read_trade
from reconciler.errors import StalePlanError
from reconciler.model.commands import COMMITTING_KINDS, ENDING_KINDS, Command, CommandOutcome
from reconciler.model.live import LiveTrade
from reconciler.model.outcomes import OutcomeKind
from reconciler.rendering.command_text import describe_next_plan, render_command_outcome, render_question
from reconciler.rendering.outcome_text import describe_takeover
from reconciler.rendering.style import Style
from reconciler.workflows.ci_lock import refuse_unlocked
from reconciler.workflows.find_trade import find_trade
from reconciler.workflows.trade_session import Session

# Live trade to the command for it; refuses where the trade does not allow it.
Prepare = Callable[[LiveTrade], Command]


def run_command(session: Session, selector: Selector, prepare: Prepare) -> int:
    """Find a trade, ask, and carry out one command; asked again where the trade has changed meanwhile.

    Args:
        session: What to work with.
        selector: Which trade.
        prepare: Makes the command.

    Returns:
        The exit code.
    """
    session.settle()
    live = find_trade(session, selector)
    session.require_inside(live)
    session.check_accounts({live.terms.account_id})
    while True:
        command = prepare(live)
        if command.kind in COMMITTING_KINDS:
            refuse_unlocked(session.base, os.environ)
        print_message(render_question(command, Style(use_color())))
        if not session.is_approved:
            ask_for_approval()
        with session.hold_run(1):
            unsettled = session.settle_unresolved()
            if command.trade in unsettled and command.kind not in ENDING_KINDS:
                print_message(f"{command.trade} is left alone: {unsettled[command.trade]}")
                return ExitCode.UNKNOWN
            live = read_trade(session.api.get(live.id))
            # Anew, since what is compared after a lost answer, and what the flags allow, is as old as the question.
            fresh = prepare(live) if live != command.live or not session.is_approved else command
            change = _find_change(command, fresh)
            if not change or (session.is_approved and live.status == command.live.status):
                return carry_out(session, [fresh], change)
        if session.is_approved:
            raise StalePlanError(f"Nothing was sent: {change}. Look at it, then run the command again.")
        print_message(f"Nothing was sent yet: {change}.")


def _find_change(asked: Command, fresh: Command) -> str:
    """What is not as it was when the user was asked; empty where all that matters is."""
    if asked.step_id != fresh.step_id:
        return "the step of that number is another one now; name it by --step-id"
    return find_change(asked.live, fresh.live)


def carry_out(session: Session, commands: Sequence[Command], change: str = "") -> int:
    """Send commands, with a line for each as it ends.

    Args:
        session: What to work with; holds the lock.
        commands: What to do.
        change: What has changed since the effect was printed and does not matter, or empty.

    Returns:
        The exit code.
    """
    if change:
        print_message(f"Going on: {change}.")
    result = send(session, commands)
    for outcome in result.outcomes:
        words = describe_next_plan(outcome.command)
        if outcome.kind is OutcomeKind.APPLIED and words:
            print_message(words)
    return decide_run(result)


def send(session: Session, commands: Sequence[Command]) -> CommandResult:
    """Send commands until all have ended or Ctrl-C is pressed, and print each outcome."""
    with stop_on_interrupt() as was_interrupted:
        result = carry_out_commands(
            commands,
            session.api,
            session.clock,
            observer=_Progress(Style(use_color()), len(commands)),
            journal=session.opened.journal,
            settle_s=session.settings.target.settle_s,
            read_rates=session.read_rates,
            should_stop=was_interrupted,
        )
    for outcome in result.outcomes:
        if outcome.takeover is not None:
            print_result(f"\n{describe_takeover(outcome.command.trade, outcome.text, outcome.takeover)}\n\n")
    if result.error is not None:
        print_message(f"Error: {result.error.message}")
    return result


class _Progress:
    """Prints each outcome as it comes, with how far the run is."""

    def __init__(self, style: Style, total: int) -> None:
        self._style = style
        self._total = total
        self._ended = 0

    def ended(self, outcome: CommandOutcome) -> None:
        """One line for one outcome."""
        self._ended += 1
        print_result(f"[{self._ended}/{self._total}] {render_command_outcome(outcome, self._style)}")
