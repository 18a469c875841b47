"""`trade close --all` and `trade cancel --all`: the emergency, with few keystrokes and few requests."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.applying.execute_command import command_of
from reconciler.cli.approval import ask_for_approval
from reconciler.cli.console import print_message, print_text, use_color
from reconciler.cli.exit_codes import ExitCode, decide_run
from reconciler.cli.trade.send import send
from reconciler.model.operations import Action, Operation
from reconciler.rendering.command_text import describe_totals, render_bulk_summary, render_list
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import Style
from reconciler.workflows.end_all import Choice, Scope, choose_again, choose_all
from reconciler.workflows.trade_session import TradeSession, known_accounts

_WORDS = {Action.CLOSE: "closed", Action.CANCEL: "cancelled"}


def run_all(trades: TradeSession, scope: Scope) -> int:
    """Close or cancel all trades of the workspace that are meant.

    Returns:
        The exit code.
    """
    choice = choose_all(trades, scope)
    trades.check_accounts(known_accounts(command_of(operation).live for operation in choice.operations))
    _show(trades, scope, choice)
    blocked_code = ExitCode.BLOCKED if choice.left else ExitCode.DONE
    count = len(choice.operations)
    if not count:
        trades.settle()
        print_text("Nothing to do.")
        return blocked_code
    if not trades.is_approved:
        ask_for_approval((str(count), "yes"))
    with trades.hold_run(count):
        operations = choice.operations if trades.is_approved else choose_again(trades, scope, choice.operations)
        if not operations:
            print_text("Nothing is left to do.")
            return blocked_code
        code = _send_all(trades, scope, operations)
    return max(code, blocked_code)


def _show(trades: TradeSession, scope: Scope, choice: Choice) -> None:
    style, settings = Style(use_color()), trades.session.settings
    head = (
        f"{scope.action.value} --all: {len(choice.operations)} of workspace {settings.workspace},"
        f" target {settings.target.name} ({settings.target.mode})"
    )
    print_message(style.paint(head, "bold"))
    if choice.operations:
        print_message(render_list(choice.operations, describe_totals(choice.operations), style))
    for words in choice.left:
        print_message(f"Left unchanged: {words}.")
    if choice.unmarked:
        print_message(f"Not of this workspace: {choice.unmarked}.")


def _send_all(trades: TradeSession, scope: Scope, operations: Sequence[Operation]) -> int:
    result = send(trades, operations)
    # What an earlier run left can wait until the emergency is over: to end a trade is safe, whatever that was.
    if result.error is None:
        for trade, why in trades.settle_unresolved().items():
            print_message(f"{trade}: {describe(why)}")
    print_text(render_bulk_summary(result.outcomes, _WORDS[scope.action], Style(use_color())))
    print_message("Next plan: lists them as ended and opens nothing, though files may still say open.")
    return decide_run(result)
