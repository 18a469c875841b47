"""The live stages, joined: specs and live trades to a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from reconciler.attention.bad_news import find_opening, find_unmanaged, find_watched
from reconciler.cli.averaging import read_averaging
from reconciler.cli.bad_news import read_bad_news
from reconciler.cli.git import find_commit
from reconciler.cli.releasing import add_released
from reconciler.cli.workspace import Selection, Workspace
from reconciler.clock import Clock
from reconciler.errors import AccessRefused, RequestRefused
from reconciler.guardrails import check_guardrails
from reconciler.live.accounts import read_accounts, read_pair_names, read_rates
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.history import read_active, search_history
from reconciler.live.trades import read_trade
from reconciler.matching import (
    NO_RENAMES,
    History,
    Illegible,
    Index,
    Matching,
    find_missing,
    index_active,
    is_over,
    match,
)
from reconciler.model.averaging import AveragingReading
from reconciler.model.journal import NO_JOURNAL, Journal
from reconciler.model.live import Account, LiveTrade, Phase, Rates
from reconciler.model.plan import Action, Plan, PlanContext
from reconciler.model.specs import TradeSpec, map_renames
from reconciler.planning.deciding import PairKey, count_requests, find_counting, find_pairs, plan_trades
from reconciler.planning.drafts import Draft, leave_doubtful
from reconciler.settings import CONFIG_NAME, Settings

# How long a saved plan may wait for its review.
PLAN_LIFETIME = timedelta(hours=24)
# How long trades between two states are looked at again. Source: clients poll for seconds; an apply has a minute.
_PLAN_PATIENCE_S = 10.0
_APPLY_PATIENCE_S = 60.0
_SETTLE_WAIT_S = 1.0
# More trades than this are read again by the page.
_FEW_TRADES = 10


def make_plan(
    settings: Settings,
    api: SmartTradeApi,
    clock: Clock,
    workspace: Workspace,
    selection: Selection,
    *,
    waits_for_busy: bool = False,
    journal: Journal = NO_JOURNAL,
) -> Plan:
    """Read the live trades and plan; sends no write.

    Args:
        settings: The workspace.
        api: Where to read.
        clock: The present.
        workspace: All its trades.
        selection: The trades to plan.
        waits_for_busy: Whether to wait a while for trades that are between two phases.
        journal: What is known of trades that have ended, so that they need not be searched for.
    """
    accounts = check_accounts(settings, api, {spec.terms.account_id for spec in selection.specs})
    index = read_index(settings, api, clock, selection, workspace.renames, waits_for_busy=waits_for_busy)
    active_requests = api.session.budget.sent
    missing = find_missing(selection.specs, index) | find_watched(selection.specs, index)
    missing_specs = [spec for spec in selection.specs if spec.name in missing]
    history = _read_missing(settings, api, journal, missing_specs)
    history_requests = api.session.budget.sent - active_requests
    made_at = clock.now()
    foreign = add_released(settings.foreign, journal, index, missing_specs, workspace.specs)
    matching = match(
        selection.specs,
        all_names={spec.name for spec in workspace.specs},
        index=index,
        history=history,
        foreign=foreign,
    )
    news = read_bad_news(
        settings,
        api,
        journal,
        workspace=workspace,
        selection=selection,
        index=index,
        history=history,
        foreign=foreign,
        opening=find_opening(matching),
    )
    averaging = read_averaging(api, clock, journal, find_counting(matching), settle_s=settings.target.settle_s)
    rates = _read_pairs(api, accounts, matching, averaging)
    draft, unchanged = plan_trades(
        matching,
        index,
        workspace=settings.workspace,
        rates=rates,
        is_whole=selection.is_whole,
        accounts=accounts,
        similar_pairs=_find_similar_pairs(api, accounts, find_pairs(matching) - rates.keys()),
        averaging=averaging,
        news=news,
    )
    draft = _leave_doubtful_replaces(settings, api, draft)
    needed = _count_requests(draft, active_requests=active_requests, history_requests=history_requests)
    return Plan(
        context=describe_context(settings, made_at),
        operations=draft.operations,
        blocked=draft.blocked,
        notices=draft.notices,
        findings=check_guardrails(draft.operations, settings.limits),
        prices={f"{pair}@{accounts[number].market_code}": each.prices for (number, pair), each in rates.items()},
        unchanged=unchanged,
        requests_used=api.session.budget.sent,
        requests_needed=needed,
        seconds_needed=api.session.budget.time_needed_s(needed),
        is_whole=selection.is_whole,
        unmanaged=find_unmanaged(
            index, settings.target.accounts.values(), settings.foreign | {each.live_id for each in draft.blocked}
        ),
    )


def check_accounts(settings: Settings, api: SmartTradeApi, used: Collection[int]) -> Mapping[int, Account]:
    """The accounts of the key, once it is sure that the right mode is on.

    Lists depend on the mode, so with the wrong one every trade would seem absent. Source: accounts page, Forced-Mode.

    Raises:
        AccessRefused: An account that is used is not listed, or is of the other mode.
    """
    listed = {account.id: account for account in read_accounts(api)}
    mode = settings.target.mode
    for account_id in sorted(used):
        if account_id not in listed:
            seen = ", ".join(map(str, sorted(listed))) or "none"
            raise AccessRefused(
                f"account {account_id} is not among the accounts of this key in mode {mode} ({seen});"
                f" correct `accounts` or `mode` of target {settings.target.name} in {CONFIG_NAME}"
            )
        if listed[account_id].is_paper != (mode == "paper"):
            kind = "a paper account" if listed[account_id].is_paper else "no paper account"
            raise AccessRefused(f"account {account_id} is {kind}, but target {settings.target.name} says mode: {mode}")
    return listed


def read_history(
    settings: Settings, api: SmartTradeApi, names: Collection[str], renames: Mapping[str, str] = NO_RENAMES
) -> History:
    """What the whole history says about some names, and about the former ones that `renames` leads to them."""
    reading = search_history(api, names, settings.workspaces, renames)
    newest = reading.newest_by_name()
    doubts = {name: reading.doubt_about(name, is_found=name in newest) for name in names}
    return History(
        newest=newest,
        doubts={name: doubt for name, doubt in doubts.items() if doubt},
        elsewhere=reading.elsewhere,
    )


def _read_missing(settings: Settings, api: SmartTradeApi, journal: Journal, specs: Sequence[TradeSpec]) -> History:
    """What the history says about trades that are not active; those that are known to have ended are not searched.

    The embedded sandbox can be set back, and answers at once, so of its trades nothing is known.
    """
    names = [name for spec in specs for name in (spec.name, *spec.former_names)]
    known = {} if settings.target.is_sandbox else journal.find_ended(names)
    ended = {spec.name: live for spec in specs for live in _find_last(spec, known) if is_over(spec, live)}
    wanted = {spec.name for spec in specs} - ended.keys()
    if not wanted:
        return History(newest=ended)
    found = read_history(settings, api, wanted, map_renames(specs))
    if not settings.target.is_sandbox:
        journal.remember_ended(found.newest.values())
    known_open = journal.find_opened(names)
    # The present name is the last to be looked up, so that it counts where two are known.
    opened = {
        spec.name: known_open[name]
        for spec in specs
        for name in (*reversed(spec.former_names), spec.name)
        if name in known_open
    }
    return replace(found, newest={**found.newest, **ended}, opened=opened)


def _find_last(spec: TradeSpec, known: Mapping[str, LiveTrade]) -> Sequence[LiveTrade]:
    """The latest of the ended trades that a spec had under any of its names, if one is known."""
    lives = [known[name] for name in (spec.name, *spec.former_names) if name in known]
    return sorted(lives, key=lambda live: (live.created_at, live.id))[-1:]


def _leave_doubtful_replaces(settings: Settings, api: SmartTradeApi, draft: Draft) -> Draft:
    """A replace ends with a create, so the same absence is proven; apply would refuse it otherwise."""
    replaces = [operation for operation in draft.operations if operation.action is Action.REPLACE]
    if not replaces:
        return draft
    renames = {former: operation.trade for operation in replaces for former in operation.former_names}
    return leave_doubtful(draft, read_history(settings, api, {each.trade for each in replaces}, renames).doubts)


def describe_context(settings: Settings, made_at: datetime) -> PlanContext:
    """What a plan of this workspace is made for."""
    target = settings.target
    return PlanContext(
        workspace=settings.workspace,
        target=target.name,
        target_kind=target.kind,
        base_url=target.base_url,
        mode=target.mode,
        accounts=target.accounts,
        git_commit=find_commit(settings.root),
        made_at=made_at,
        expires_at=made_at + PLAN_LIFETIME,
    )


def read_index(
    settings: Settings,
    api: SmartTradeApi,
    clock: Clock,
    selection: Selection,
    renames: Mapping[str, str],
    *,
    waits_for_busy: bool,
) -> Index:
    """The active trades, those that are asked for with some time to settle where they are between two states.

    A stop that is still `idle` behind a position that was just entered or updated is no loss yet, so even a plan looks
    again; an apply has more patience, and waits for trades between two phases too.
    """
    names = {spec.name for spec in selection.specs}

    def is_unsettled(live: LiveTrade) -> bool:
        marker = live.reading.marker
        if marker is None or marker.workspace not in settings.workspaces:
            return False
        if renames.get(marker.name, marker.name) not in names:
            return False
        is_arming = live.phase is Phase.OPEN and live.stop_status == "idle"
        return is_arming or (waits_for_busy and live.phase is Phase.BUSY)

    active = read_active(api)
    ends_at = clock.monotonic() + (_APPLY_PATIENCE_S if waits_for_busy else _PLAN_PATIENCE_S)
    lives = {live.id: live for live in active.trades}
    while clock.monotonic() < ends_at:
        unsettled = [live.id for live in lives.values() if is_unsettled(live)]
        if not unsettled:
            break
        clock.sleep(_SETTLE_WAIT_S)
        lives |= _read_again(api, unsettled)
    unreadable = [
        Illegible(live_id=each.id, name=each.name, reason=each.reason)
        for each in active.unreadable
        if each.carries_marker and (each.workspace is None or each.workspace in settings.workspaces)
    ]
    present = [live for live in lives.values() if live.phase is not Phase.ENDED]
    return index_active(present, settings.workspaces, unreadable, renames=renames)


def _read_again(api: SmartTradeApi, live_ids: Sequence[int]) -> dict[int, LiveTrade]:
    """Some active trades as they are now: a few one by one, many with all others by the page."""
    if len(live_ids) <= _FEW_TRADES:
        return {live_id: read_trade(api.get(live_id)) for live_id in live_ids}
    found = {live.id: live for live in read_active(api).trades}
    gone = [live_id for live_id in live_ids if live_id not in found]
    return found | {live_id: read_trade(api.get(live_id)) for live_id in gone}


def _read_pairs(
    api: SmartTradeApi,
    accounts: Mapping[int, Account],
    matching: Matching,
    averaging: Mapping[int, AveragingReading],
) -> dict[PairKey, Rates]:
    """Rates of all pairs in question, one request for each; a pair that the exchange refuses is left out."""
    by_market: dict[tuple[str, str], Rates | None] = {}
    rates: dict[PairKey, Rates] = {}
    for account_id, pair in sorted(find_pairs(matching, averaging)):
        key = (accounts[account_id].market_code, pair)
        if key not in by_market:
            try:
                by_market[key] = read_rates(api.currency_rates(*key))
            except AccessRefused:
                raise
            except RequestRefused:
                by_market[key] = None
        found = by_market[key]
        if found is not None:
            rates[account_id, pair] = found
    return rates


def _find_similar_pairs(
    api: SmartTradeApi, accounts: Mapping[int, Account], unknown: Collection[PairKey]
) -> dict[PairKey, str]:
    """For pairs that the exchange does not know, one that it knows; one request for each market in question."""
    known: dict[str, Sequence[str]] = {}
    similar: dict[PairKey, str] = {}
    for account_id, pair in unknown:
        market = accounts[account_id].market_code
        if market not in known:
            known[market] = read_pair_names(api, market)
        turned = "_".join(reversed(pair.split("_")))
        near = [turned] if turned in known[market] else get_close_matches(pair, known[market], n=1)
        if near:
            similar[account_id, pair] = near[0]
    return similar


def _count_requests(draft: Draft, *, active_requests: int, history_requests: int) -> int:
    """Requests to apply the saved plan: accounts, preconditions, proof of absence, prices, operations."""
    planned = draft.operations
    if not planned:
        return 0
    on_live = {operation.precondition.live_id for operation in planned if operation.precondition}
    opening = [operation for operation in planned if operation.opens]
    proof = max(history_requests, 1) if opening else 0
    prices = len({operation.pair for operation in opening})
    averaging = sum(operation.averaging is not None for operation in planned)
    return 1 + min(len(on_live), active_requests) + averaging + proof + prices + count_requests(planned)
