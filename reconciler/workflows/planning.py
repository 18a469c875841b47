"""From the trades of the files and the live trades to a plan."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import partial

from reconciler.applying.gateway_delay import find_pending
from reconciler.attention.evidence import find_opening
from reconciler.attention.unmanaged import find_outside, find_unmanaged
from reconciler.guardrails.acknowledged import NOTHING_ACKNOWLEDGED, acknowledge
from reconciler.guardrails.counts import warn_of_price_limit
from reconciler.guardrails.evaluate import evaluate_plan
from reconciler.live.accounts import read_pair_names
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.rates import PairRates
from reconciler.matching.added_foreign import find_opened_by_foreign
from reconciler.matching.match import Matching, match
from reconciler.matching.misfit import find_misfit
from reconciler.matching.opening import Judge, Obstacle, want
from reconciler.matching.sighting import History, Index, Sighting
from reconciler.model.averaging import AveragingReading
from reconciler.model.guardrails import PastTrades
from reconciler.model.live import Account, Prices, Rates
from reconciler.model.news import News
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Plan
from reconciler.model.reasons import Reason
from reconciler.planning.decisions import Decision, leave_misfits, leave_obstructed
from reconciler.planning.file_warnings import select_warnings
from reconciler.planning.known import Known, PairKey
from reconciler.planning.plan_trades import find_counting, find_pairs, plan_trades
from reconciler.planning.previous_generation import show_previous
from reconciler.planning.requests import Readings, count_requests
from reconciler.planning.sources import find_sources
from reconciler.progress import Task, follow
from reconciler.rendering.reasons import describe
from reconciler.session import Session
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.averaging_orders import know_averaging, read_averaging
from reconciler.workflows.bad_news import read_bad_news
from reconciler.workflows.ci_lock import warn_unlocked
from reconciler.workflows.half_closed import find_half_closed, restore_unsold
from reconciler.workflows.live_reader import Reader, describe_history
from reconciler.workflows.past_trades import asks_for_losses, read_past
from reconciler.workflows.plan_context import describe_context, describe_git
from reconciler.workflows.plan_files import PlanFiles, Selection
from reconciler.workflows.plan_risk import assess_risk
from reconciler.workflows.policies import judge_plan
from reconciler.workflows.refused_updates import read_refused_updates
from reconciler.workflows.released import add_released
from reconciler.workflows.review import Doubted, add_review, find_doubted, find_review_base


def make_reviewed_plan(
    session: Session,
    selection: Selection,
    *,
    base: str | None = None,
    acknowledged: Mapping[str, Decimal] = NOTHING_ACKNOWLEDGED,
    policy: Sequence[str] = (),
    is_judged: bool = True,
    waits_for_busy: bool = False,
    is_checked: bool = True,
) -> Plan:
    """Plan, and hold the plan by the rules at the base of the review, too; sends no write.

    Args:
        session: The workspace, and where to read.
        selection: The trades to plan.
        base: The commit whose rules count as well; by default that of the pull request in CI. Without any, rules are
            compared with those of the last commit.
        acknowledged: Guardrail to the count or the largest amount that is acknowledged for this plan.
        policy: Command of `--policy`, which judges the plan beside that of reconciler.yaml; empty without.
        is_judged: Whether the policies are run.
        waits_for_busy: Whether to wait a while for trades that are between two phases.
        is_checked: Whether an apply of this plan checks it again before it sends anything: the requests and the time
            that it needs are those of such an apply, of a saved plan or after an approval.

    Raises:
        BaseUnreadable: A base is named, and it cannot be read.
        AccessRefused: The key, the mode or an account is wrong.
        ApiError: The live trades cannot be read.
    """
    settings, files = session.settings, selection.files
    found = find_review_base(settings, files, os.environ, base)
    doubted = find_doubted(settings, found)
    plan = make_plan(
        session,
        selection,
        doubted=doubted,
        waits_for_busy=waits_for_busy,
        is_checked=is_checked,
    )
    plan = acknowledge(add_review(plan, settings, files, found, doubted), acknowledged)
    plan = warn_unlocked(session, plan, os.environ)
    return judge_plan(plan, settings, os.environ, base=base, option=policy) if is_judged else plan


def make_plan(
    session: Session,
    selection: Selection,
    *,
    doubted: Doubted | None = None,
    waits_for_busy: bool = False,
    is_checked: bool = True,
) -> Plan:
    """Read the live trades and plan; sends no write.

    Args:
        session: The workspace, where to read, and what is known of created and of ended trades.
        selection: The trades to plan.
        doubted: Rules that are new in a change under review.
        waits_for_busy: Whether to wait a while for trades that are between two phases.
        is_checked: Whether an apply of this plan checks it again before it sends anything: the requests and the time
            that it needs are those of such an apply, of a saved plan or after an approval.

    Raises:
        AccessRefused: The key, the mode or an account is wrong.
        ApiError: The live trades cannot be read.
    """
    settings, files, budget = session.settings, selection.files, session.api.session.budget
    seen = _look(session, selection, waits_for_busy=waits_for_busy)
    decision, unchanged = _decide(session, selection, seen)
    assess = partial(
        assess_risk,
        *(settings, files, seen.index, seen.matching, decision.operations),
        rates=seen.rates,
        averaging=seen.averaging,
    )
    if doubted is not None:
        doubted.opening.update(_find_opened(session, files, decision, seen.sighting, doubted.ids))
        doubted.risks.extend(assess(figures=figures) for figures in doubted.figures)
    past, readings = _read_losses(session, decision, seen, () if doubted is None else doubted.limits)
    needed = count_requests(decision.operations, replace(readings, is_checked=is_checked), budget.foresee())
    context = describe_context(settings, seen.made_at)
    plan = Plan(
        context=context,
        operations=decision.operations,
        blocked=decision.blocked,
        notices=(*decision.notices, *warn_of_price_limit(decision.operations, settings.price_moved_pct)),
        prices=_name_prices(seen),
        unchanged=unchanged,
        requests_used=budget.sent,
        requests_needed=needed,
        seconds_needed=budget.time_needed_s(needed),
        is_whole=selection.is_whole,
        names=tuple(sorted(files.names)),
        released=tuple(sorted(frozenset(seen.sighting.foreign) - settings.foreign)),
        newest_id=max((live.id for lives in seen.index.by_name.values() for live in lives), default=0),
        warnings=select_warnings(files.problems, selection.specs, seen.matching),
        unmanaged=find_unmanaged(
            seen.index, settings.target.account_ids, settings.foreign | {each.live_id for each in decision.blocked}
        ),
        outside=tuple(live.id for live in find_outside(seen.index, settings.foreign)),
        past=past,
        risk=assess(),
        freezes=session.find_freezes(),
        sources=find_sources(decision, selection.files.specs),
        seen_at=_find_times(seen.pairs, seen.rates, seen.accounts),
        git=describe_git(settings, context.git_commit),
    )
    return replace(plan, guardrails=evaluate_plan(plan, settings.limits))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """All that was read for a plan before anything is decided."""

    reader: Reader
    accounts: Mapping[int, Account]
    account_requests: int
    index: Index
    history: History
    made_at: datetime
    sighting: Sighting
    matching: Matching
    news: Sequence[News]
    averaging: Mapping[int, AveragingReading]
    half_closed: frozenset[int]
    pairs: PairRates
    rates: Mapping[PairKey, Rates]


def _look(session: Session, selection: Selection, *, waits_for_busy: bool) -> _Seen:
    """Read accounts, live trades, history and prices, and match the live trades with the files."""
    files, budget = selection.files, session.api.session.budget
    before = budget.sent
    accounts = check_accounts(session, {spec.terms.account_id for spec in selection.specs})
    account_requests = budget.sent - before
    reader = Reader(session=session)
    index, history = reader.read(
        selection.specs, files.renames, is_whole=selection.is_whole, waits_for_busy=waits_for_busy
    )
    made_at = session.clock.now()
    sighting = make_sighting(session, files, index, history, made_at)
    account_ids = session.settings.target.account_ids
    matching = restore_unsold(session, match(selection.specs, sighting, accounts=account_ids))
    news = read_bad_news(session, selection, index, history, sighting.foreign, find_opening(matching))
    averaging = _find_averaging(session, matching)
    half_closed = find_half_closed(session, (each.live for each in matching.matches if each.live is not None))
    pairs = PairRates(session.api, session.clock, accounts, math.inf)
    wanted = find_pairs(matching, averaging) | {(live.terms.account_id, live.terms.pair) for live in half_closed}
    with session.progress.show(Task.PRICES, len(wanted)) as advance:
        rates = _read_pairs(pairs, follow(sorted(wanted), advance))
    return _Seen(
        reader=reader,
        accounts=accounts,
        account_requests=account_requests,
        index=index,
        history=history,
        made_at=made_at,
        sighting=sighting,
        matching=matching,
        news=news,
        averaging=averaging,
        half_closed=frozenset(live.id for live in half_closed),
        pairs=pairs,
        rates=rates,
    )


def _decide(session: Session, selection: Selection, seen: _Seen) -> tuple[Decision, int]:
    """Decide what is to be done, and count the trades that stay as they are."""
    unknown = find_pairs(seen.matching) - seen.rates.keys() - seen.pairs.unread.keys()
    known = Known(
        workspace=session.settings.workspace,
        rates=seen.rates,
        accounts=seen.accounts,
        unread_pairs=seen.pairs.unread,
        similar_pairs=_find_similar_pairs(session.api, seen.accounts, unknown),
        averaging=seen.averaging,
        half_closed=seen.half_closed,
        refused=read_refused_updates(session.journal, seen.matching),
    )
    with session.progress.show(Task.PLANNING, len(seen.matching.matches)) as advance:
        decision, unchanged = plan_trades(
            seen.matching,
            seen.index,
            known,
            is_whole=selection.is_whole,
            unread=selection.files.unread,
            news=seen.news,
            advance=advance,
        )
    decision = _leave_misfits(seen.reader, seen.matching, selection.files, decision)
    decision = _leave_doubtful_replaces(seen.reader, seen.sighting, selection.files, decision)
    return replace(decision, operations=show_previous(decision.operations, seen.history.newest)), unchanged


def _read_losses(
    session: Session, decision: Decision, seen: _Seen, base_limits: Iterable[Mapping[str, object]]
) -> tuple[PastTrades, Readings]:
    """Read the earlier trades that limits ask for, and count what an apply reads again."""
    reader = seen.reader
    readings = _count_readings(decision, reader, seen.accounts, seen.account_requests)
    was_whole = bool(reader.counts.whole_history)
    past = read_past(reader, decision.operations, [session.settings.limits, *base_limits])
    losses = _count_losses(session, decision, reader, was_whole=was_whole)
    return past, replace(readings, absence=readings.absence + losses)


def _name_prices(seen: _Seen) -> Mapping[str, Prices]:
    """Name each price by its pair and the market of its account."""
    return {f"{pair}@{seen.accounts[number].market_code}": each.prices for (number, pair), each in seen.rates.items()}


def _find_averaging(session: Session, matching: Matching) -> Mapping[int, AveragingReading]:
    """Find the averaging orders of open trades; those that were all executed are known and not read again."""
    counting = find_counting(matching)
    ids = {live.id for live in counting}
    pairs = [(each.live, each.spec) for each in matching.matches if each.live is not None and each.live.id in ids]
    known = know_averaging(session, pairs, is_final=True)
    return {**known, **read_averaging(session, [live for live in counting if live.id not in known])}


def make_sighting(
    session: Session,
    files: PlanFiles,
    index: Index,
    history: History,
    now: datetime,
    added_foreign: Collection[int] = frozenset(),
) -> Sighting:
    """Gather all that decides whether the trades of a workspace may be opened.

    Args:
        session: The workspace and its journal.
        files: Its plan files.
        index: The active trades.
        history: What was found of trades that are not active.
        now: The present.
        added_foreign: Ids under `foreign` that do not count.
    """
    settings, journal = session.settings, session.journal
    missing = [spec for spec in files.specs if spec.name not in index.by_name]
    pending = find_pending(journal.find_unresolved(), files.renames, now, settings.target.gateway_delay_s)
    return Sighting(
        index=index,
        history=history,
        foreign=add_released(settings.foreign.difference(added_foreign), journal, index, missing, files.specs),
        all_names=files.names,
        named_accounts=settings.named_accounts or settings.target.account_ids,
        pending={name: describe(why) for name, why in pending.items()},
    )


def _find_opened(
    session: Session, files: PlanFiles, decision: Decision, sighting: Sighting, added: Collection[int]
) -> Mapping[str, tuple[int, ...]]:
    """Find the trades that only ids under `foreign` let open that are new in the change under review."""
    opening = {each.trade: each.live_id for each in decision.operations if each.opens}
    if not (added and opening):
        return {}
    before = make_sighting(session, files, sighting.index, sighting.history, session.clock.now(), added)
    wanted = [want(spec, replaced_id=opening[spec.name]) for spec in files.specs if spec.name in opening]
    return find_opened_by_foreign(wanted, before, added)


def _leave_misfits(reader: Reader, matching: Matching, files: PlanFiles, decision: Decision) -> Decision:
    """Return a decision without operations on live trades that have the marker of another trade."""
    changed = {each.precondition.live_id: each for each in decision.operations if each.precondition is not None}
    if not changed:
        return decision
    names = {name for operation in changed.values() for name in operation.names}
    applied = {} if reader.session.settings.target.is_sandbox else reader.session.journal.find_applied(names)
    specs = {spec.name: spec for spec in files.specs}
    matched = (match.live for match in matching.matches if match.live is not None)
    lives = {live.id: live for live in (*matched, *matching.orphans)}
    misfits: dict[str, Reason] = {}
    for live_id, operation in changed.items():
        known = next((applied[name] for name in operation.names if name in applied), None)
        misfit = find_misfit(lives[live_id], specs.get(operation.trade), known, reader.read_known, reader.read_sent)
        if misfit is not None:
            misfits[operation.trade] = misfit
    return leave_misfits(decision, misfits)


def _leave_doubtful_replaces(reader: Reader, sighting: Sighting, files: PlanFiles, decision: Decision) -> Decision:
    """Return a decision without replaces whose create would be refused after the old trade is cancelled."""
    replaces = [operation for operation in decision.operations if operation.action is Action.REPLACE]
    if not replaces:
        return decision
    renames = {former: operation.trade for operation in replaces for former in operation.former_names}
    generations = {each.trade: each.generation for each in replaces}
    found = describe_history(reader.search(generations, renames), generations)
    behind = _search_behind(reader, replaces, renames)
    ids = {each.live_id for each in replaces}
    newest = {**sighting.history.newest, **found.newest}
    newest |= {name: live for name, live in behind.newest.items() if name not in newest or newest[name].id in ids}
    history = replace(sighting.history, doubts={**behind.doubts, **found.doubts}, newest=newest)
    judge = Judge(replace(sighting, history=history))
    specs = {spec.name: spec for spec in files.specs}
    obstacles: dict[str, Obstacle] = {}
    for each in replaces:
        live_id = each.precondition.live_id if each.precondition else None
        verdict = judge.judge(want(specs[each.trade], replaced_id=live_id))
        if verdict.obstacle is not None:
            obstacles[each.trade] = verdict.obstacle
    return leave_obstructed(decision, obstacles)


def _search_behind(reader: Reader, replaces: Sequence[Operation], renames: Mapping[str, str]) -> History:
    """Search for earlier trades of the names of those replaced trades that the journal does not know.

    Only their markers say what they are, and a marker may be pasted: then the trade that it is of has ended before.
    """
    created = reader.session.journal.find_created([name for each in replaces for name in each.names])
    known = {trade.live_id for trade in created.values()}
    doubtful = {each.live_id: each for each in replaces if each.live_id is not None and each.live_id not in known}
    if not doubtful:
        return History(newest={})
    generations = {each.trade: each.generation for each in doubtful.values()}
    found = describe_history(reader.search_behind(generations, renames, doubtful.keys()), generations)
    return replace(found, newest={name: live for name, live in found.newest.items() if name in generations})


def _read_pairs(pairs: PairRates, keys: Iterable[PairKey]) -> dict[PairKey, Rates]:
    """Read the rates of some pairs; a pair that the exchange refuses is left out."""
    found = {key: pairs.find(*key) for key in keys}
    return {key: rates for key, rates in found.items() if rates is not None}


def _find_times(pairs: PairRates, keys: Iterable[PairKey], accounts: Mapping[int, Account]) -> dict[str, datetime]:
    """Find when the prices of some pairs were read, by the name under which a plan shows them."""
    times = {f"{pair}@{accounts[number].market_code}": pairs.find_time(number, pair) for number, pair in keys}
    return {name: time for name, time in times.items() if time is not None}


def _find_similar_pairs(
    api: SmartTradeApi, accounts: Mapping[int, Account], unknown: Collection[PairKey]
) -> dict[PairKey, str]:
    """Find for each unknown pair a similar one that the exchange knows, with one request for each market."""
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


def _count_losses(session: Session, decision: Decision, reader: Reader, *, was_whole: bool) -> int:
    """Count what an apply reads of the history for a limit on realised losses, beside the proof of absence."""
    opens = any(operation.opens for operation in decision.operations)
    if opens and was_whole:
        return 0
    return reader.counts.whole_history if asks_for_losses(decision.operations, session.settings.limits) else 0


def _count_readings(decision: Decision, reader: Reader, accounts: Mapping[int, Account], requests: int) -> Readings:
    """Count what an apply reads as a whole, by what this plan has just read."""
    opening = [operation for operation in decision.operations if operation.opens]
    counts = reader.counts
    absence = 0
    if any(operation.precondition is None for operation in opening):
        absence = counts.whole_history
    elif opening:
        absence = counts.last_search if counts.reached_end else counts.last_search + counts.active
    markets = {account.id: account.market_code for account in accounts.values()}
    return Readings(accounts=requests, active=counts.active, absence=absence, markets=markets)
