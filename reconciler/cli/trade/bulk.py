"""`trade close --all` and `trade cancel --all`: the emergency, with few keystrokes and few requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.applying.run_commands import find_change
from reconciler.cli.approval import ask_for_approval
from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import ExitCode, decide_run
from reconciler.cli.numbers import read_id
from reconciler.cli.trade.run import send
from reconciler.errors import CommandRefused, UsageError
from reconciler.matching.sighting import History, Index
from reconciler.model.commands import Command, CommandKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.planning.commands import Commands, describe_totals
from reconciler.rendering.command_text import render_bulk_summary, render_list
from reconciler.rendering.style import Style
from reconciler.rendering.words import count_ids
from reconciler.workflows.find_trade import find_misfits
from reconciler.workflows.trade_session import Session

_WORDS = {CommandKind.CLOSE: "closed", CommandKind.CANCEL: "cancelled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which trades of the workspace are meant.

    Attributes:
        kind: Close or cancel.
        account: Alias or id of an account, or None for all.
        pair: A pair, or None for all.
        has_positions: Whether trades that hold a position are cancelled, too.
    """

    kind: CommandKind
    account: str | None
    pair: str | None
    has_positions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What would be done.

    Attributes:
        commands: In the order in which they are carried out.
        left: What is left alone, in words.
        is_blocked: Whether some that are meant cannot be done now.
    """

    commands: tuple[Command, ...]
    left: tuple[str, ...]
    is_blocked: bool


def run_all(session: Session, scope: Scope) -> int:
    """Close or cancel all trades of the workspace that are meant.

    Returns:
        The exit code.
    """
    choice = _choose(session, scope)
    session.check_accounts({command.live.terms.account_id for command in choice.commands})
    style, target = Style(use_color()), session.settings.target
    count = len(choice.commands)
    print_message(
        style.paint(
            f"{scope.kind.value} --all: {count} of workspace {session.settings.workspace}, target {target.name}"
            f" ({target.mode})",
            "bold",
        )
    )
    if choice.commands:
        print_message(render_list(choice.commands, describe_totals(choice.commands), style))
    for words in choice.left:
        print_message(f"Left alone: {words}.")
    blocked_code = ExitCode.BLOCKED if choice.is_blocked else ExitCode.DONE
    if not choice.commands:
        session.settle()
        print_result("Nothing to do.")
        return blocked_code
    if not session.is_approved:
        ask_for_approval((str(count), "yes"))
    with session.hold_run(count):
        commands = choice.commands if session.is_approved else _check_again(session, scope, choice.commands)
        if not commands:
            print_result("Nothing to do any more.")
            return blocked_code
        result = send(session, commands)
        # What an earlier run left can wait until the emergency is over: to end a trade is safe, whatever that was.
        if result.error is None:
            for trade, reason in session.settle_unresolved().items():
                print_message(f"{trade}: {reason}")
    print_result(render_bulk_summary(result.outcomes, _WORDS[scope.kind], style))
    print_message("Next plan: lists them as ended and opens nothing, though files may still say open.")
    return max(decide_run(result), blocked_code)


def _choose(session: Session, scope: Scope) -> Choice:
    """By one reading of the active trades, and of those by id that the journal knows and no list shows."""
    index, history = session.reader.read_present(None)
    account_id = _find_account(session, scope.account)
    lives = [
        live
        for trades in index.by_name.values()
        for live in trades
        if account_id in (None, live.terms.account_id) and scope.pair in (None, live.terms.pair)
    ]
    misfits = find_misfits(session, lives)
    meant = [live for live in lives if _is_meant(live, scope) and live.id not in misfits]
    commands: list[Command] = []
    blocked: list[str] = list(misfits.values())
    for live in meant:
        try:
            commands.append(_prepare(session, live, scope))
        except CommandRefused as error:
            blocked.append(error.message)
    left = [*blocked, *_describe_others(lives, scope)]
    unread = list(index.illegible)
    left += [f"{f'#{each.live_id}' if each.live_id else 'a live trade'} may be ours: {each.reason}" for each in unread]
    contradictions = _describe_contradictions(index, history)
    left += [*_describe_outside(index), *contradictions]
    commands.sort(key=_urgency)
    return Choice(commands=tuple(commands), left=tuple(left), is_blocked=bool(blocked or unread or contradictions))


def _describe_outside(index: Index) -> list[str]:
    """Trades of the workspace on accounts that the target does not name."""
    lives = [live for trades in index.outside.values() for live in trades]
    return [f"{count_ids(live.id for live in lives)} on accounts that the target does not name"] if lives else []


def _describe_contradictions(index: Index, history: History) -> list[str]:
    """That lists show less than the journal knows, so that there may be more trades than were found."""
    found: list[str] = []
    if index.unlisted:
        found.append(f"lists do not show {count_ids(index.unlisted)}, which the journal knows; read by id")
    if history.vanished or history.unread:
        ids = count_ids(history.created[name].live_id for name in (*history.vanished, *history.unread))
        found.append(
            f"the journal knows {ids} as open, and 3Commas does not show that, by list or by id: check it there"
        )
    if index.doubt:
        found.append(f"there may be more: {index.doubt}")
    return found


def _check_again(session: Session, scope: Scope, commands: Sequence[Command]) -> list[Command]:
    """What still is as it was when the user was asked, by one more reading; what is not is told and left alone."""
    index, _ = session.reader.read_present(None)
    now = {live.id: live for trades in index.by_name.values() for live in trades}
    still: list[Command] = []
    for command in commands:
        live = now.get(command.live.id)
        if live is None:
            print_message(f"{command.trade} #{command.live.id} has ended meanwhile.")
        elif live.status != command.live.status or live.was_never_filled != command.live.was_never_filled:
            print_message(f"{command.trade} is left alone: {find_change(command.live, live)}; run it again.")
        else:
            try:
                still.append(_prepare(session, live, scope))
            except CommandRefused as error:
                print_message(f"Left alone: {error.message}.")
    return still


def _is_meant(live: LiveTrade, scope: Scope) -> bool:
    """Whether a trade is of the kind that is to end; a position is never cancelled without being told to."""
    if scope.kind is CommandKind.CLOSE:
        return not live.was_never_filled and live.phase is not Phase.FILLING
    return scope.has_positions or live.was_never_filled


def _prepare(session: Session, live: LiveTrade, scope: Scope) -> Command:
    commands = Commands(live, session.settings.workspaces)
    return commands.close() if scope.kind is CommandKind.CLOSE else commands.cancel()


def _describe_others(lives: Sequence[LiveTrade], scope: Scope) -> list[str]:
    others = [live for live in lives if not _is_meant(live, scope)]
    if not others:
        return []
    if scope.kind is CommandKind.CANCEL:
        return [f"{len(others)} that hold a position (`trade close --all`, or --with-positions to keep the coins)"]
    filling = sum(live.phase is Phase.FILLING for live in others)
    waiting = len(others) - filling
    words = [f"{waiting} that wait for their entry (`trade cancel --all`)"] if waiting else []
    if filling:
        words.append(f"{filling} with a partly filled entry (`trade cancel --all --with-positions` keeps the coins)")
    return words


def _urgency(command: Command) -> tuple[bool, bool, Decimal]:
    """What is unprotected first, then what is only taken back, then the largest position."""
    live = command.live
    is_guarded = live.was_never_filled or live.terms.stop_loss is None or live.is_stop_armed
    price = live.prices.last if live.prices else Decimal(0)
    held = live.held_units * price
    return command.kind is CommandKind.CLOSE and is_guarded, not live.was_never_filled, -held


def _find_account(session: Session, account: str | None) -> int | None:
    if account is None:
        return None
    known = session.settings.target.accounts
    if account in known:
        return known[account]
    account_id = read_id(account)
    if account_id in known.values():
        return account_id
    raise UsageError(f"target {session.settings.target.name} has no account `{account}`; it has: {', '.join(known)}")
