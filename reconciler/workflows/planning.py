"""The live stages, joined: specs and live trades to a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from reconciler.applying.gateway_delay import find_pending
from reconciler.attention.evidence import find_opening
from reconciler.attention.unmanaged import find_outside, find_unmanaged
from reconciler.clock import Clock
from reconciler.errors import AccessRefused, RequestRefused
from reconciler.git.commit import find_commit
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.live.accounts import read_accounts, read_pair_names, read_rates
from reconciler.live.endpoints import SmartTradeApi
from reconciler.matching.match import Matching, match
from reconciler.matching.misfit import find_misfit
from reconciler.matching.opening import Judge, Obstacle, want
from reconciler.matching.sighting import History, Index, Sighting
from reconciler.model.averaging import AveragingReading
from reconciler.model.live import Account, Rates
from reconciler.model.operations import Action
from reconciler.model.plan import Plan, PlanContext
from reconciler.model.targets import Mode
from reconciler.planning.decisions import Draft, leave_misfits, leave_obstructed
from reconciler.planning.file_warnings import select_warnings
from reconciler.planning.generations import show_previous
from reconciler.planning.guardrails import check_guardrails, find_raised_limits, warn_of_price_limit
from reconciler.planning.plan_trades import PairKey, count_requests, find_counting, find_pairs, plan_trades
from reconciler.settings import CONFIG_NAME, Settings
from reconciler.workflows.averaging_orders import read_averaging
from reconciler.workflows.bad_news import read_bad_news
from reconciler.workflows.live_reader import Reader, describe_history
from reconciler.workflows.plan_files import PlanFiles, Selection
from reconciler.workflows.released import add_released

# How long a saved plan may wait for its review.
PLAN_LIFETIME = timedelta(hours=24)


def make_plan(
    settings: Settings,
    api: SmartTradeApi,
    clock: Clock,
    workspace: PlanFiles,
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
        journal: What is known of trades that were created, and of those that have ended.
    """
    accounts = check_accounts(settings, api, {spec.terms.account_id for spec in selection.specs})
    before = api.session.budget.sent
    reader = Reader(settings=settings, api=api, clock=clock, journal=journal)
    index, history = reader.read(
        selection.specs, workspace.renames, is_whole=selection.is_whole, waits_for_busy=waits_for_busy
    )
    read_requests = api.session.budget.sent - before
    made_at = clock.now()
    sighting = make_sighting(settings, journal, workspace, index, history, made_at)
    matching = match(selection.specs, sighting, accounts=settings.target.account_ids)
    news = read_bad_news(
        settings,
        api,
        journal,
        workspace=workspace,
        selection=selection,
        index=index,
        history=history,
        foreign=sighting.foreign,
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
        unread=workspace.unread,
        news=news,
    )
    draft = _leave_misfits(reader, matching, workspace, draft)
    draft = _leave_doubtful_replaces(reader, sighting, workspace, draft)
    draft = replace(draft, operations=show_previous(draft.operations, history.newest))
    needed = _count_requests(draft, read_requests=read_requests)
    return Plan(
        context=describe_context(settings, made_at),
        operations=draft.operations,
        blocked=draft.blocked,
        notices=(*draft.notices, *warn_of_price_limit(draft.operations, settings.price_moved_pct)),
        findings=check_guardrails(draft.operations, settings.limits),
        prices={f"{pair}@{accounts[number].market_code}": each.prices for (number, pair), each in rates.items()},
        unchanged=unchanged,
        requests_used=api.session.budget.sent,
        requests_needed=needed,
        seconds_needed=api.session.budget.time_needed_s(needed),
        is_whole=selection.is_whole,
        names=tuple(sorted({spec.name for spec in workspace.specs})),
        released=tuple(sorted(frozenset(sighting.foreign) - settings.foreign)),
        warnings=select_warnings(workspace.problems, selection.specs, matching),
        raised_limits=find_raised_limits(draft.operations, settings.limits),
        unmanaged=find_unmanaged(
            index, settings.target.account_ids, settings.foreign | {each.live_id for each in draft.blocked}
        ),
        outside=tuple(live.id for live in find_outside(index, settings.foreign)),
    )


def make_sighting(
    settings: Settings, journal: Journal, workspace: PlanFiles, index: Index, history: History, now: datetime
) -> Sighting:
    """All that decides whether the trades of a workspace may be opened."""
    missing = [spec for spec in workspace.specs if spec.name not in index.by_name]
    return Sighting(
        index=index,
        history=history,
        foreign=add_released(settings.foreign, journal, index, missing, workspace.specs),
        all_names={spec.name for spec in workspace.specs},
        named_accounts=settings.named_accounts or settings.target.account_ids,
        pending=find_pending(journal.find_unresolved(), workspace.renames, now, settings.target.gateway_delay_s),
    )


def check_accounts(settings: Settings, api: SmartTradeApi, used: Collection[int]) -> Mapping[int, Account]:
    """The accounts of the key, once it is sure that the right mode is on.

    Lists depend on the mode, so with the wrong one every trade would seem absent. Source: accounts page, Forced-Mode.

    Raises:
        AccessRefused: An account that is used is not listed, or is of the other mode.
    """
    listed = {account.id: account for account in read_accounts(api, used or None)}
    mode = settings.target.mode
    for account_id in sorted(used):
        if account_id not in listed:
            seen = ", ".join(map(str, sorted(listed))) or "none"
            raise AccessRefused(
                f"account {account_id} is not among the accounts of this key in mode {mode} ({seen});"
                f" correct `accounts` or `mode` of target {settings.target.name} in {CONFIG_NAME}"
            )
        if listed[account_id].is_paper != (mode is Mode.PAPER):
            kind = "a paper account" if listed[account_id].is_paper else "no paper account"
            raise AccessRefused(f"account {account_id} is {kind}, but target {settings.target.name} says mode: {mode}")
    return listed


def _leave_misfits(reader: Reader, matching: Matching, workspace: PlanFiles, draft: Draft) -> Draft:
    """A draft without operations on live trades that carry the marker of another one."""
    changed = {each.precondition.live_id: each for each in draft.operations if each.precondition is not None}
    if not changed:
        return draft
    names = {name for operation in changed.values() for name in operation.names}
    applied = {} if reader.settings.target.is_sandbox else reader.journal.find_applied(names)
    specs = {spec.name: spec for spec in workspace.specs}
    matched = (match.live for match in matching.matches if match.live is not None)
    lives = {live.id: live for live in (*matched, *matching.orphans)}
    reasons: dict[str, str] = {}
    for live_id, operation in changed.items():
        known = next((applied[name] for name in operation.names if name in applied), None)
        reason = find_misfit(lives[live_id], specs.get(operation.trade), known, reader.read_known, reader.read_sent)
        if reason:
            reasons[operation.trade] = reason
    return leave_misfits(draft, reasons)


def _leave_doubtful_replaces(reader: Reader, sighting: Sighting, workspace: PlanFiles, draft: Draft) -> Draft:
    """A replace ends with a create, so the same is decided about it; apply would refuse it otherwise."""
    replaces = [operation for operation in draft.operations if operation.action is Action.REPLACE]
    if not replaces:
        return draft
    renames = {former: operation.trade for operation in replaces for former in operation.former_names}
    generations = {each.trade: each.generation for each in replaces}
    found = describe_history(reader.search(generations, renames), generations)
    history = replace(sighting.history, doubts=found.doubts, newest={**sighting.history.newest, **found.newest})
    judge = Judge(replace(sighting, history=history))
    specs = {spec.name: spec for spec in workspace.specs}
    obstacles: dict[str, Obstacle] = {}
    for each in replaces:
        live_id = each.precondition.live_id if each.precondition else None
        verdict = judge.judge(want(specs[each.trade], replaced_id=live_id))
        if verdict.obstacle is not None:
            obstacles[each.trade] = verdict.obstacle
    return leave_obstructed(draft, obstacles)


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


def _count_requests(draft: Draft, *, read_requests: int) -> int:
    """Requests to apply the saved plan: accounts, preconditions, proof of absence, prices, operations."""
    planned = draft.operations
    if not planned:
        return 0
    on_live = {operation.precondition.live_id for operation in planned if operation.precondition}
    opening = [operation for operation in planned if operation.opens]
    proof = max(read_requests, 1) if opening else 0
    prices = len({operation.pair for operation in planned if operation.opens or operation.executes})
    averaging = sum(operation.averaging is not None for operation in planned)
    return 1 + min(len(on_live), read_requests) + averaging + proof + prices + count_requests(planned)
