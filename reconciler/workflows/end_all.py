"""Selection of the trades that `trade close --all` and `trade cancel --all` end, and those left unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.applying.execute_command import command_of, find_change
from reconciler.applying.trade_checks import has_failed
from reconciler.errors import CommandRefused, UsageError
from reconciler.matching.sighting import History, Index, owned_marker
from reconciler.model.commands import Selector
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Operation
from reconciler.model.reasons import Reason
from reconciler.model.unreadable import Part, Unreadable
from reconciler.planning.commands import Commands
from reconciler.rendering.reasons import describe
from reconciler.rendering.words import count_ids
from reconciler.workflows.find_trade import find_misfits, find_trade
from reconciler.workflows.half_closed import find_half_closed, find_sale_id, read_half_closed
from reconciler.workflows.trade_session import TradeSession

# Digits of the largest id. Source: SQLite and PostgreSQL, signed integers of eight bytes.
_LONGEST_ID = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Limits of the selection of trades in the workspace.

    Attributes:
        action: Close or cancel.
        account: Alias or id of an account, or None for all.
        pair: A pair, or None for all.
        has_positions: Whether trades that hold a position are cancelled, too.
    """

    action: Action
    account: str | None
    pair: str | None
    has_positions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The operations that end all trades that are meant, and what stays unchanged.

    Attributes:
        operations: In the order in which they are carried out, the most urgent first.
        left: What of the workspace is left unchanged, or may be, in words: with any, that is not the end of all.
        unmarked: What is of the kind that is to end and not of this workspace, in words; empty if nothing is.
    """

    operations: tuple[Operation, ...]
    left: tuple[str, ...]
    unmarked: str = ""


def choose_all(trades: TradeSession, scope: Scope) -> Choice:
    """Choose by one reading of the active trades, and of those by id that the journal knows and no list shows."""
    index, history = trades.reader.read_present(None)
    account_id = _find_account(trades, scope.account)
    lives = [
        live
        for found in index.by_name.values()
        for live in found
        if account_id in (None, live.terms.account_id) and scope.pair in (None, live.terms.pair)
    ]
    misfits = find_misfits(trades, lives)
    meant = [live for live in lives if _is_meant(live, scope) and live.id not in misfits]
    meant += _find_half_closed(trades, scope, account_id)
    operations: list[Operation] = []
    blocked: list[str] = list(misfits.values())
    for live in meant:
        try:
            operations.append(_prepare(trades, live, scope))
        except CommandRefused as error:
            blocked.append(error.message)
    contradictions = _describe_contradictions(index, history)
    unread = [
        f"{owned_marker(live).name} #{live.id} cannot be compared with --account or --pair: {unreadable.problem}"
        for found in index.by_name.values()
        for live in found
        if (unreadable := _find_unscoped(live, account_id, scope.pair)) is not None
    ]
    unread += [
        f"{f'#{each.live_id}' if each.live_id else 'a live trade'} may be of this workspace: {describe(each.reason)}"
        for each in index.illegible
        if not each.is_unmarked
    ]
    others = [live for live in lives if not _is_meant(live, scope)]
    stays = [*_describe_others(others, scope), *_describe_cut_short(trades, scope), *unread]
    return Choice(
        operations=tuple(sorted(operations, key=urgency_of)),
        left=(*blocked, *stays, *_describe_outside(index, scope), *contradictions),
        unmarked=_describe_unmarked(trades, index, scope, account_id),
    )


def choose_again(trades: TradeSession, scope: Scope, operations: Sequence[Operation]) -> list[Operation]:
    """Choose what still is as it was when the user was asked, by one more reading; what is not is reported."""
    index, _ = trades.reader.read_present(None)
    now = {live.id: live for found in index.by_name.values() for live in found}
    report = trades.session.report
    still: list[Operation] = []
    for operation in operations:
        live = now.get(operation.live_id or 0)
        if operation.sells_rest and command_of(operation).live.phase is Phase.ENDED:
            # What an earlier close has cancelled is over already, and what it holds is still to be sold.
            still.append(operation)
            continue
        if live is None:
            report(f"{operation.trade} #{operation.live_id} has ended meanwhile.")
            continue
        change = _find_change(operation, live)
        if change is not None:
            report(f"{operation.trade} is left unchanged: {describe(change)}; run it again.")
            continue
        try:
            still.append(_prepare(trades, live, scope))
        except CommandRefused as error:
            report(f"Left unchanged: {error.message}.")
    return still


def _find_change(operation: Operation, live: LiveTrade) -> Reason | None:
    """Find a change that matters to an end: another status, or a position where there was none."""
    asked = command_of(operation).live
    if live.status == asked.status and live.was_never_filled == asked.was_never_filled:
        return None
    return find_change(asked, live)


def _describe_outside(index: Index, scope: Scope) -> list[str]:
    """Describe trades of the workspace on accounts that the target does not name; with --account none is meant."""
    if scope.account is not None:
        return []
    lives = [live for found in index.outside.values() for live in found if scope.pair in (None, live.terms.pair)]
    return [f"{count_ids(live.id for live in lives)} on accounts that the target does not name"] if lives else []


def _describe_cut_short(trades: TradeSession, scope: Scope) -> list[str]:
    """Describe closes that were cut short, which a cancel does not go on with."""
    found = read_half_closed(trades.session) if scope.action is Action.CANCEL else ()
    if not found:
        return []
    return [f"{count_ids(live.id for live in found)} of a close that was cut short, and held (`trade close --all`)"]


def _describe_unmarked(trades: TradeSession, index: Index, scope: Scope, account_id: int | None) -> str:
    """Describe trades without a marker of any workspace: they stay by design, and in an emergency that is said."""
    settings = trades.session.settings
    accounts = settings.target.account_ids if account_id is None else {account_id}
    ids = [
        live.id
        for live in index.unmarked.lives
        if live.terms.account_id in accounts and scope.pair in (None, live.terms.pair)
        if live.id not in settings.foreign and _is_meant(live, scope)
    ]
    return f"{count_ids(sorted(ids))} without its marker (`trade {scope.action.value} --id ID`)" if ids else ""


def _describe_contradictions(index: Index, history: History) -> list[str]:
    """Describe that lists show less than the journal knows, so that there may be more trades than were found."""
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


def _find_unscoped(live: LiveTrade, account_id: int | None, pair: str | None) -> Unreadable | None:
    """Find the account or the pair that cannot be read, and by which the trades are chosen."""
    parts = {Part.ACCOUNT} if account_id is not None else set()
    return live.find_unreadable(parts | ({Part.PAIR} if pair is not None else set()))


def _is_meant(live: LiveTrade, scope: Scope) -> bool:
    """Return whether a trade is of the kind that is to end; a position is cancelled only if that was asked for."""
    if live.find_unreadable({Part.FILLS, Part.KIND, Part.STATUS}) is not None:
        # Whether it holds anything is not known; what the API offers decides.
        return live.flags.close if scope.action is Action.CLOSE else scope.has_positions or not live.flags.close
    if scope.action is Action.CLOSE:
        return not live.was_never_filled
    return scope.has_positions or live.was_never_filled


def _prepare(trades: TradeSession, live: LiveTrade, scope: Scope) -> Operation:
    return prepare_close(trades, live) if scope.action is Action.CLOSE else Commands(live, trades.workspaces).cancel()


def prepare_close(trades: TradeSession, live: LiveTrade) -> Operation:
    """Prepare the close of a trade, or the rest of one that was cut short.

    Args:
        trades: What to work with.
        live: The trade.

    Raises:
        CommandRefused: There is no position that can be closed now.
    """
    is_half_closed = bool(find_half_closed(trades.session, [live]))
    return Commands(live, trades.workspaces).close(is_half_closed=is_half_closed)


def find_to_close(trades: TradeSession, selector: Selector) -> LiveTrade:
    """Find the trade to close: of one whose close was cut short the trade that sells what it held.

    If that one failed, what it was to sell is still held, and the first one is closed once more.

    Args:
        trades: What to work with.
        selector: Which trade.

    Raises:
        CommandRefused: There is none, or more than one that it may be.
        ApiError: It cannot be read.
    """
    live = find_trade(trades, selector)
    sale_id = find_sale_id(trades.session, live)
    if sale_id is None:
        return _find_unsold(trades, live) if has_failed(live) else live
    trades.session.report(f"#{live.id} is {live.status}, and an earlier close has opened #{sale_id} to sell the rest.")
    return find_trade(trades, Selector(name=None, live_id=sale_id))


def _find_unsold(trades: TradeSession, failed: LiveTrade) -> LiveTrade:
    """Find the trade whose rest a failed one was to sell, or the failed one itself."""
    for live in read_half_closed(trades.session):
        if failed.reading.marker is not None and owned_marker(live).name == failed.reading.marker.name:
            trades.session.report(f"#{failed.id} has failed: what #{live.id} holds is still to be sold.")
            return live
    return failed


def _find_half_closed(trades: TradeSession, scope: Scope, account_id: int | None) -> list[LiveTrade]:
    if scope.action is not Action.CLOSE or not (found := read_half_closed(trades.session)):
        return []
    # An earlier run may have opened the trade that sells it, and have died before the answer.
    trades.settle()
    return [
        live
        for live in find_half_closed(trades.session, found)
        if account_id in (None, live.terms.account_id) and scope.pair in (None, live.terms.pair)
    ]


def _describe_others(others: Sequence[LiveTrade], scope: Scope) -> list[str]:
    """Describe trades of the workspace that are not of the kind that is to end, with what ends them."""
    if scope.action is Action.CLOSE:
        return [f"{len(others)} that wait for their entry (`trade cancel --all`)"] if others else []
    filling = sum(live.phase is Phase.FILLING for live in others)
    held = len(others) - filling
    close = "`trade close --all`"
    words = [f"{held} that hold a position ({close}, or --with-positions to keep the coins)"] if held else []
    if filling:
        words.append(
            f"{filling} with a partly filled entry ({close} takes the rest back and closes what is filled,"
            " --with-positions keeps it without a stop)"
        )
    return words


def urgency_of(operation: Operation) -> tuple[bool, bool, bool, bool, Decimal]:
    """Return what orders operations: what is unprotected first, then what is only taken back, then the largest.

    What takes one request comes before what takes several.

    A position of contracts whose size is not known comes before others, since it may be the largest of all.

    Args:
        operation: A close or a cancel by hand.
    """
    live = command_of(operation).live
    is_guarded = live.was_never_filled or not live.lacks_active_stop
    price = live.prices.last if live.prices else Decimal(0)
    size = live.terms.market.compare_size(live.held_units, price)
    is_last = operation.action is Action.CLOSE and is_guarded
    return operation.sells_rest, is_last, not live.was_never_filled, size is not None, -(size or Decimal(0))


def _find_account(trades: TradeSession, account: str | None) -> int | None:
    if account is None:
        return None
    target = trades.session.settings.target
    if account in target.accounts:
        return target.accounts[account]
    account_id = int(account) if account.isascii() and account.isdigit() and len(account) <= _LONGEST_ID else 0
    if account_id in target.accounts.values():
        return account_id
    raise UsageError(f"target {target.name} has no account `{account}`; it has: {', '.join(target.accounts)}")
