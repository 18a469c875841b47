"""The live side of an import: which trades are asked for, what is known of them, and what their notes become."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.errors import NotFound, UnreadableAnswer
from reconciler.importing.choices import Choice, Choices, Refusal, Surroundings, choose
from reconciler.importing.new_files import New
from reconciler.importing.statement import Statement, find_waiting_orders
from reconciler.live.averaging_orders import pick_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.history import ActiveReading, read_active
from reconciler.live.trades import read_trade
from reconciler.matching.sighting import index_active, owned_marker
from reconciler.model.live import Account, LiveTrade
from reconciler.model.targets import Mode
from reconciler.settings import Settings
from reconciler.workflows.file_edits import judge
from reconciler.workflows.live_reader import find_newest
from reconciler.workflows.plan_files import PlanFiles
from reconciler.workflows.planning import check_accounts

Tell = Callable[[str], None]
# More requests than this are announced: at the usual pace they take a quarter of a minute.
MANY_REQUESTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which live trades are to be imported.

    Attributes:
        ids: SmartTrade ids; empty where all that no file names are meant.
        account_id: Of all, only those of this account, or None.
        pair: Of all, only those of this pair, or None.
        name: The name for the only id, or None.
    """

    ids: tuple[int, ...] = ()
    account_id: int | None = None
    pair: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is known of the trades that were asked for.

    Attributes:
        new: Those that are new to the files, and what would be stated about them.
        known: Those that a file describes already.
        refused: Those that are left alone.
        accounts: The accounts of the key.
    """

    new: tuple[New, ...]
    known: tuple[Choice, ...]
    refused: tuple[Refusal, ...]
    accounts: Mapping[int, Account]


def gather(
    settings: Settings, api: SmartTradeApi, workspace: PlanFiles, asked: Asked, tell: Tell | None = None
) -> Gathered:
    """Read the trades that are asked for; sends no write.

    Args:
        settings: The workspace.
        api: Where to read.
        workspace: What the files say.
        asked: Which trades.
        tell: Told before what takes long; None to tell nobody.

    Raises:
        AccessRefused: The key or the mode is wrong.
    """
    accounts = check_accounts(settings, api, ())
    active = read_active(api)
    around = Surroundings(
        specs={spec.name: spec for spec in workspace.specs},
        index=index_active(active.trades, settings.workspaces, renames=workspace.renames),
        workspaces=settings.workspaces,
        foreign=settings.foreign,
        renames=workspace.renames,
    )
    lives, missing = _find(settings, api, active, around, asked)
    found = choose(lives, around, name=asked.name)
    usable, refused = _check_places(settings, accounts, found)
    usable, used_before = _check_history(settings, api, usable, workspace.renames)
    new: list[New] = []
    for choice in usable:
        if choice.spec is None:
            judged = judge(settings, choice)
            if isinstance(judged, Refusal):
                refused.append(judged)
            else:
                new.append((choice, judged))
    new, waiting = _check_orders(settings, api, new, tell)
    refused += waiting
    return Gathered(
        new=tuple(new),
        known=tuple(choice for choice in usable if choice.spec is not None),
        refused=(*missing, *refused, *used_before),
        accounts=accounts,
    )


def _find(
    settings: Settings, api: SmartTradeApi, active: ActiveReading, around: Surroundings, asked: Asked
) -> tuple[list[LiveTrade], list[Refusal]]:
    """The live trades in question, and the ids that cannot be read."""
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
                found.append(by_id.get(live_id) or read_trade(api.get(live_id)))
        except NotFound:
            reason = f"it does not exist for this key in mode {settings.target.mode}"
            refused.append(Refusal(live_id=live_id, reason=reason))
        except UnreadableAnswer as error:
            refused.append(Refusal(live_id=live_id, reason=error.message))
    return found, refused


def _is_meant(live: LiveTrade, settings: Settings, around: Surroundings, asked: Asked) -> bool:
    """Whether a trade is one of all that no file names and that are nobody else's."""
    marker = live.reading.marker
    is_ours = marker is not None and marker.workspace in settings.workspaces and around.name_of(marker) in around.specs
    is_others = (marker is not None and marker.workspace not in settings.workspaces) or live.id in settings.foreign
    is_there = asked.account_id in (None, live.terms.account_id) and asked.pair in (None, live.terms.pair)
    return is_there and not is_ours and not is_others


def _check_places(
    settings: Settings, accounts: Mapping[int, Account], found: Choices
) -> tuple[list[Choice], list[Refusal]]:
    """The trades whose account is one of this key and mode."""
    usable: list[Choice] = []
    refused = list(found.refused)
    mode = settings.target.mode
    for choice in found.chosen:
        account = accounts.get(choice.live.terms.account_id)
        if account is not None and account.is_paper == (mode is Mode.PAPER):
            usable.append(choice)
        else:
            reason = f"its account {choice.live.terms.account_id} is none of mode {mode}, which target"
            refused.append(Refusal(live_id=choice.live.id, reason=f"{reason} {settings.target.name} has"))
    return usable, refused


def _check_history(
    settings: Settings, api: SmartTradeApi, choices: Sequence[Choice], renames: Mapping[str, str]
) -> tuple[list[Choice], list[Refusal]]:
    """Without those whose name another trade has had, in this generation or a later one."""
    unmarked = [choice for choice in choices if not choice.is_marked]
    names = {choice.name for choice in unmarked if not choice.name.endswith(f"-{choice.live.id}")}
    generations = {choice.name: choice.generation for choice in unmarked if choice.name in names}
    newest = find_newest(settings, api, names, renames, generations) if names else {}
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


def _check_orders(
    settings: Settings, api: SmartTradeApi, trades: Sequence[New], tell: Tell | None
) -> tuple[list[New], list[Refusal]]:
    """The trades with the orders that wait to add funds, and those with orders that no file can state.

    Funds can be added before the entry has filled, too, and neither a list nor the entity shows an order that waits to
    add some; only simple trades take none. Source: SmartTradesV2 page, add funds.
    """
    in_doubt = sum(not choice.live.terms.instant for choice, _ in trades)
    if tell is not None and in_doubt > MANY_REQUESTS:
        minutes = api.session.budget.time_needed_s(in_doubt) / 60
        tell(
            f"Reading the orders of {in_doubt} trades, one request each"
            f"{f': about {minutes:.0f} min' if minutes >= 1 else ''}; --pair and --account narrow it."
        )
    usable: list[New] = []
    refused: list[Refusal] = []
    for choice, statement in trades:
        judged = statement if choice.live.terms.instant else _judge_orders(settings, api, choice, statement)
        if isinstance(judged, Refusal):
            refused.append(judged)
        else:
            usable.append((choice, judged))
    return usable, refused


def _judge_orders(settings: Settings, api: SmartTradeApi, choice: Choice, statement: Statement) -> Statement | Refusal:
    orders = api.list_trades(choice.live.id)
    try:
        pending = {sent.id: sent.order for sent in pick_averaging_orders(orders, choice.live) if sent.is_pending}
    except UnreadableAnswer as error:
        return Refusal(live_id=choice.live.id, reason=error.message)
    others = [order for order in orders if not (isinstance(order, Mapping) and order.get("id") in pending)]
    waiting = next(find_waiting_orders(choice.live, others), "")
    if waiting:
        return Refusal(live_id=choice.live.id, reason=waiting)
    return judge(settings, choice, tuple(pending.values())) if pending else statement
