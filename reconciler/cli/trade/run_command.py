"""One operation by hand, from the question to its outcome."""

from __future__ import annotations

import os
from collections.abc import Callable

from reconciler.applying.freeze_gate import refuse_frozen
from reconciler.cli.approval import ask_for_approval
from reconciler.cli.console import print_message, use_color
from reconciler.cli.exit_codes import ExitCode, decide_run
from reconciler.cli.trade.send import send
from reconciler.codec.live_trades import read_trade
from reconciler.errors import StalePlanError
from reconciler.model.commands import Selector
from reconciler.model.live import LiveTrade
from reconciler.model.operations import COMMITTING_ACTIONS, ENDING_ACTIONS, Operation
from reconciler.model.outcomes import OutcomeKind, is_frozen
from reconciler.rendering.command_text import describe_next_plan, render_question
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import Style
from reconciler.workflows.ci_lock import refuse_unlocked
from reconciler.workflows.command_limits import refuse_passed
from reconciler.workflows.find_trade import find_trade
from reconciler.workflows.trade_session import TradeSession, describe_change, describe_other_name, known_accounts

# Live trade to the operation for it; refuses if the trade does not allow it.
Prepare = Callable[[LiveTrade], Operation]
# Finds the trade that is meant.
Find = Callable[[TradeSession, Selector], LiveTrade]


def run_command(trades: TradeSession, selector: Selector, prepare: Prepare, find: Find = find_trade) -> int:
    """Find a trade, ask, and carry out one operation; ask again if the trade has changed meanwhile.

    Args:
        trades: What to work with.
        selector: Which trade.
        prepare: Makes the operation.
        find: Finds the trade.

    Returns:
        The exit code.
    """
    trades.settle()
    live = find(trades, selector)
    trades.require_inside(live)
    trades.check_accounts(known_accounts([live]))
    while True:
        operation = prepare(live)
        _ask(trades, operation)
        with trades.hold_run(1):
            unsettled = trades.settle_unresolved()
            is_safe = operation.action in ENDING_ACTIONS and not operation.sells_rest
            if operation.trade in unsettled and not is_safe:
                print_message(f"{operation.trade} is left unchanged: {describe(unsettled[operation.trade])}")
                return ExitCode.UNKNOWN
            asked, live = live, read_trade(trades.session.api.get(live.id))
            # What is compared after a lost answer, and what the flags allow, must not be as old as the question.
            fresh = prepare(live) if live != asked or not trades.is_approved else operation
            other_name = "" if selector.live_id is not None else describe_other_name(operation, fresh)
            change = other_name or describe_change(operation, fresh)
            if not change or (trades.is_approved and live.status == asked.status and not other_name):
                return _carry_out(trades, fresh, change)
        if trades.is_approved:
            raise StalePlanError(f"Nothing was sent: {change}. Check it, then run the command again.")
        print_message(f"Nothing was sent yet: {change}.")


def _ask(trades: TradeSession, operation: Operation) -> None:
    refuse_frozen(trades.session, operation)
    if operation.action in COMMITTING_ACTIONS:
        refuse_unlocked(trades.session, os.environ)
    refuse_passed(trades, operation)
    print_message(render_question(operation, Style(use_color())))
    if not trades.is_approved:
        ask_for_approval()


def _carry_out(trades: TradeSession, operation: Operation, change: str) -> int:
    """Send an operation.

    Args:
        trades: What to work with; holds the lock.
        operation: What to do.
        change: What has changed since the effect was printed and does not matter, or empty.

    Returns:
        The exit code.
    """
    if change:
        print_message(f"Going on: {change}.")
    if change or not trades.is_approved:
        # Prices have moved while the user was asked.
        refuse_passed(trades, operation)
    result = send(trades, [operation])
    for outcome in result.outcomes:
        words = describe_next_plan(outcome.operation)
        if outcome.kind is OutcomeKind.APPLIED and words:
            print_message(words)
    return decide_run(result, needs_person=any(map(is_frozen, result.outcomes)))
