"""The live side of an import: the trades that are asked for, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound, UnreadableAnswer
from reconciler.importing.choices import Choice, Choices, Refusal, Surroundings, choose
from reconciler.importing.importable import Importable
from reconciler.importing.new_files import New
from reconciler.importing.statement import Statement, find_waiting_orders
from reconciler.live.averaging_orders import pick_averaging_orders
from reconciler.live.history import ActiveReading, read_active
from reconciler.matching.sighting import index_active, owned_marker
from reconciler.model.live import Account, LiveTrade
from reconciler.model.targets import Mode
from reconciler.progress import Task, follow
from reconciler.session import Session
from reconciler.settings import Settings
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.file_edits import state_trade
from reconciler.workflows.live_reader import find_newest
from reconciler.workflows.plan_files import PlanFiles

# More requests than this are reported before: at the usual pace they take a quarter of a minute.
MANY_REQUESTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The live trades that are asked for.

    Attributes:
        ids: SmartTrade ids; empty for all that no file names.
        account_id: Of all, only those of this account, or None.
        pair: Of all, only those of this pair, or None.
        name: The name for the only id, or None.
    """

    ids: tuple[int, ...] = ()
    account_id: int | None = None
    pair: str | None = None
    name: str | None = None


def find_importable(session: Session, files: PlanFiles, asked: Asked) -> Importable:
    """Read the trades that are asked for; sends no write.

    Args:
        session: The workspace, and where to read.
        files: Its plan files.
        asked: Which trades.

    Raises:
        AccessRefused: The key or the mode is wrong.
    """
    settings = session.settings
    accounts = check_accounts(session, ())
    with session.progress.show(Task.ACTIVE) as advance:
        active = read_active(session.api, advance)
    around = Surroundings(
        specs={spec.name: spec for spec in files.specs},
        index=index_active(active.trades, settings.workspaces, renames=files.renames),
        workspaces=settings.workspaces,
        foreign=settings.foreign,
        renames=files.renames,
    )
    lives, missing = _find(session, active, around, asked)
    found = choose(lives, around, name=asked.name)
    usable, refused = _check_accounts(settings, accounts, found)
    usable, used_before = _check_history(session, usable, files.renames)
    new: list[New] = []
    for choice in usable:
        if choice.spec is None:
            statement = state_trade(settings, choice)
            if isinstance(statement, Refusal):
                refused.append(statement)
            else:
                new.append((choice, statement))
    new, waiting = _check_orders(session, new)
    refused += waiting
    return Importable(
        new=tuple(new),
        known=tuple(choice for choice in usable if choice.spec is not None),
        refused=(*missing, *refused, *used_before),
        accounts=accounts,
    )


def _find(
    session: Session, active: ActiveReading, around: Surroundings, asked: Asked
) -> tuple[list[LiveTrade], list[Refusal]]:
    """Find the live trades in question, and the ids that cannot be read."""
    settings = session.settings
    unreadable = {each.id: each.reason for each in active.unreadable}
    if not asked.ids:
        lives = [live for live in active.trades if _is_meant(live, settings, around, asked)]
        return lives, [Refusal(live_id=live_id or 0, reason=reason) for live_id, reason in unreadable.items()]
    by_id = {live.id: live for live in active.trades}
    found: list[LiveTrade] = []
    refused: list[Refusal] = []
    for live_id in dict.fromkeys(asked.ids):
        try:
            if live_id in unreadable:
                refused.append(Refusal(live_id=live_id, reason=unreadable[live_id]))
            else:
                found.append(by_id.get(live_id) or read_trade(session.api.get(live_id)))
        except NotFound:
            reason = f"it does not exist for this key in mode {settings.target.mode}"
            refused.append(Refusal(live_id=live_id, reason=reason))
        except UnreadableAnswer as error:
            refused.append(Refusal(live_id=live_id, reason=error.message))
    return found, refused


def _is_meant(live: LiveTrade, settings: Settings, around: Surroundings, asked: Asked) -> bool:
    """Return whether a trade is one that no file names and that belongs to no other workspace."""
    marker = live.reading.marker
    is_ours = marker is not None and marker.workspace in settings.workspaces and around.name_of(marker) in around.specs
    is_others = (marker is not None and marker.workspace not in settings.workspaces) or live.id in settings.foreign
    is_there = asked.account_id in (None, live.terms.account_id) and asked.pair in (None, live.terms.pair)
    return is_there and not is_ours and not is_others


def _check_accounts(
    settings: Settings, accounts: Mapping[int, Account], found: Choices
) -> tuple[list[Choice], list[Refusal]]:
    """Keep the trades whose account is one of this key and mode."""
    usable: list[Choice] = []
    refused = list(found.refused)
    mode = settings.target.mode
    for choice in found.chosen:
        account = accounts.get(choice.live.terms.account_id)
        if account is not None and not account.is_of_other_mode(is_paper_mode=mode is Mode.PAPER):
            usable.append(choice)
        else:
            account_id, target = choice.live.terms.account_id, settings.target.name
            reason = f"its account {account_id} is not in mode {mode} of target {target}"
            refused.append(Refusal(live_id=choice.live.id, reason=reason))
    return usable, refused


def _check_history(
    session: Session, choices: Sequence[Choice], renames: Mapping[str, str]
) -> tuple[list[Choice], list[Refusal]]:
    """Refuse those whose name another trade has had, in this generation or a later one."""
    unmarked = [choice for choice in choices if not choice.is_marked]
    names = {choice.name for choice in unmarked if not choice.name.endswith(f"-{choice.live.id}")}
    generations = {choice.name: choice.generation for choice in unmarked if choice.name in names}
    newest = find_newest(session, names, renames, generations) if names else {}
    usable: list[Choice] = []
    refused: list[Refusal] = []
    for choice in choices:
        before = newest.get(choice.name) if choice.name in names else None
        if before is None or owned_marker(before).generation < choice.generation:
            usable.append(choice)
            continue
        reason = (
            f"generation {owned_marker(before).generation} of {choice.name} was #{before.id}, which has ended"
            f" ({before.status}): choose another --name, or raise the generation in the file"
        )
        refused.append(Refusal(live_id=choice.live.id, reason=reason))
    return usable, refused


def _check_orders(session: Session, trades: Sequence[New]) -> tuple[list[New], list[Refusal]]:
    """Add the orders that wait to add funds to what is stated, and refuse trades with orders that no file can state.

    Funds can be added before the entry has filled, too, and neither a list nor the entity shows an order that waits to
    add some; only simple trades take none. Source: SmartTradesV2 page, add funds.
    """
    in_doubt = sum(not choice.live.terms.instant for choice, _ in trades)
    if in_doubt > MANY_REQUESTS:
        minutes = session.api.session.budget.time_needed_s(in_doubt) / 60
        session.report(
            f"Reading the orders of {in_doubt} trades, one request each"
            f"{f': about {minutes:.0f} min' if minutes >= 1 else ''}; --pair and --account narrow it."
        )
    usable: list[New] = []
    refused: list[Refusal] = []
    with session.progress.show(Task.IMPORTING, len(trades)) as advance:
        for choice, statement in follow(trades, advance):
            stated = statement if choice.live.terms.instant else _add_orders(session, choice, statement)
            if isinstance(stated, Refusal):
                refused.append(stated)
            else:
                usable.append((choice, stated))
    return usable, refused


def _add_orders(session: Session, choice: Choice, statement: Statement) -> Statement | Refusal:
    orders = session.api.list_trades(choice.live.id)
    try:
        pending = {sent.id: sent.order for sent in pick_averaging_orders(orders, choice.live) if sent.is_pending}
    except UnreadableAnswer as error:
        return Refusal(live_id=choice.live.id, reason=error.message)
    others = [order for order in orders if not (isinstance(order, Mapping) and order.get("id") in pending)]
    waiting = next(find_waiting_orders(choice.live, others), "")
    if waiting:
        return Refusal(live_id=choice.live.id, reason=waiting)
    return state_trade(session.settings, choice, tuple(pending.values())) if pending else statement
