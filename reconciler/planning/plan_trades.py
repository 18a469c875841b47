"""Stage 7, PLAN: from matches to operations, by phase of the live trade and wish of the file.

What cannot be done safely is blocked with its reason; nothing here sends anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.numbers import plain
from reconciler.diffing.averaging_orders import NOTHING_SENT
from reconciler.diffing.compare import compare, differs
from reconciler.diffing.ignored_fields import leave_ignored, notice_ignored
from reconciler.matching.match import Match, Matching
from reconciler.matching.sighting import Index, owned_marker
from reconciler.model.averaging import AveragingReading
from reconciler.model.live import Account, LiveTrade, Phase, Rates
from reconciler.model.news import News
from reconciler.model.operations import Action, Cause, Effect, FieldChange, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.problems import Doubt
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.planning import operations
from reconciler.planning.averaging import foretell_averaging, hold_averaging, needs_rates, plan_averaging
from reconciler.planning.decisions import Decision, block, block_changes
from reconciler.planning.held_positions import find_unarmed, notice_loss, plan_position
from reconciler.planning.market_limits import refuse_on_account, refuse_unfit, warn_of_funds
from reconciler.planning.notices import add_news
from reconciler.planning.operations import Subject
from reconciler.planning.prevented import hold_back
from reconciler.planning.updates import plan_note, plan_update

# Pair of an account: the market behind the account decides which rates count.
PairKey = tuple[int, str]
NO_ACCOUNTS: Mapping[int, Account] = MappingProxyType({})
NO_SIMILAR_PAIRS: Mapping[PairKey, str] = MappingProxyType({})

_ORDER = {
    Effect.PROTECTS: 0,
    Effect.FREES: 1,
    Effect.REPRICES: 2,
    Effect.UNPROTECTS: 3,
    Effect.LABELS: 4,
    Effect.COMMITS: 5,
    Effect.EXECUTES: 5,
}
_CLOSE_ORDER = 1
_AVERAGING_ORDER = 6
_NO_AVERAGING: Mapping[int, AveragingReading] = {}

_ENDINGS = {
    "finished": "finished",
    "stop_loss_finished": "stopped out",
    "panic_sold": "closed at market",
    "cancelled": "cancelled",
    "failed": "failed",
}
# Notices of trades that stand as their files say.
_AT_REST = (NoticeKind.ENDED, NoticeKind.IGNORED, NoticeKind.LATER)


def find_pairs(matching: Matching, averaging: Mapping[int, AveragingReading] = _NO_AVERAGING) -> frozenset[PairKey]:
    """The pairs whose rates the plan needs: those of trades that may change.

    Args:
        matching: Specs with their live trades.
        averaging: As for `plan_trades`.
    """
    return frozenset(
        (match.spec.terms.account_id, match.spec.terms.pair)
        for match in matching.matches
        if _may_change(match) or _may_average(match, averaging)
    )


def find_counting(matching: Matching) -> tuple[LiveTrade, ...]:
    """The trades whose averaging orders the plan needs: open ones whose marker counts some."""
    return tuple(
        match.live
        for match in matching.matches
        if _is_held(match) and match.live is not None and owned_marker(match.live).averaging_sent
    )


def plan_trades(
    matching: Matching,
    index: Index,
    *,
    workspace: str,
    rates: Mapping[PairKey, Rates],
    is_whole: bool,
    accounts: Mapping[int, Account] = NO_ACCOUNTS,
    similar_pairs: Mapping[PairKey, str] = NO_SIMILAR_PAIRS,
    averaging: Mapping[int, AveragingReading] = _NO_AVERAGING,
    unread: Sequence[Doubt] = (),
    news: Sequence[News] = (),
) -> tuple[Decision, int]:
    """Decide about every trade.

    Args:
        matching: Specs with their live trades.
        index: The active trades.
        workspace: Name of the workspace.
        rates: For `find_pairs(matching)`; a pair that is missing is unknown to the exchange.
        is_whole: Whether all files are planned, so that a trade in no file counts as removed.
        accounts: The accounts of the key.
        similar_pairs: For a pair that is unknown to the exchange one that it knows and that may have been meant.
        averaging: SmartTrade id to what was read of its averaging orders, for `find_counting(matching)`.
        unread: Where plan files may be missing; with any, no trade counts as removed.
        news: Bad news about trades, which stands in the place of what else would be said about their ends.

    Returns:
        All decisions, operations in the order in which they are carried out, and how many trades need nothing.
    """
    groups: list[tuple[Operation, ...]] = []
    blocked = list(matching.blocked)
    notices = [
        Notice(kind=NoticeKind.WARNING, trade=illegible.name or "", live_id=illegible.live_id, text=illegible.reason)
        for illegible in index.illegible
    ]
    decisions = [
        _refuse(match, _plan_as_allowed(match, workspace, rates, averaging), rates, accounts, similar_pairs)
        for match in matching.matches
    ]
    named = {each.trade for each in news}
    unchanged = sum(
        _is_as_filed(decision) and match.spec.name not in named
        for match, decision in zip(matching.matches, decisions, strict=True)
    )
    if is_whole:
        decisions += _plan_orphans(matching.orphans, unread)
    for decision in decisions:
        # What adds to a position comes after all else, of other trades too.
        is_adding = [operation.action is Action.ADD_FUNDS for operation in decision.operations]
        first_adding = is_adding.index(True) if True in is_adding else len(is_adding)
        groups += [decision.operations[:first_adding], decision.operations[first_adding:]]
        blocked += decision.blocked
        notices += decision.notices
    notices += _find_losses(index, {notice.live_id for notice in notices if notice.kind is NoticeKind.LOSS})
    planned = _order(groups)
    notices += warn_of_funds(planned, accounts)
    notices = add_news(notices, planned, news)
    decision = Decision(operations=planned, blocked=tuple(blocked), notices=tuple(_losses_first(notices)))
    return decision, unchanged


def _is_as_filed(decision: Decision) -> bool:
    """Whether a trade needs nothing; one that has run its course stands as its file says too."""
    return decision.is_empty and all(notice.kind in _AT_REST for notice in decision.notices)


def _may_change(match: Match) -> bool:
    spec, live = match.spec, match.live
    if live is None:
        return spec.state is DesiredState.OPEN
    if live.phase in (Phase.ENDED, Phase.BUSY):
        return False
    if spec.state is DesiredState.CLOSED:
        return live.phase is Phase.OPEN
    return spec.state is DesiredState.OPEN and differs(live, leave_ignored(spec, live).terms)


def _refuse(
    match: Match,
    decision: Decision,
    rates: Mapping[PairKey, Rates],
    accounts: Mapping[int, Account],
    similar_pairs: Mapping[PairKey, str],
) -> Decision:
    """A decision without what account, pair or exchange would refuse."""
    spec, live = match.spec, match.live
    key = (spec.terms.account_id, spec.terms.pair)
    if key in similar_pairs:
        hint = f"correct the pair; did you mean {similar_pairs[key]}?"
        unknown = _describe_unknown_pair(spec)
        known = [replace(each, hint=hint) if each.reason == unknown else each for each in decision.blocked]
        return replace(decision, blocked=tuple(known))
    account = accounts.get(spec.terms.account_id)
    if account is not None and account.obstacle:
        return refuse_on_account(decision, spec, live, account)
    return refuse_unfit(decision, spec, live, rates.get(key))


def _is_held(match: Match) -> bool:
    return match.live is not None and match.live.phase is Phase.OPEN and match.spec.state is DesiredState.OPEN


def _may_average(match: Match, averaging: Mapping[int, AveragingReading]) -> bool:
    live = match.live
    return _is_held(match) and live is not None and needs_rates(match.spec, averaging.get(live.id, NOTHING_SENT))


def _plan_as_allowed(
    match: Match, workspace: str, rates: Mapping[PairKey, Rates], averaging: Mapping[int, AveragingReading]
) -> Decision:
    """The decision of a trade under its present name, without what its file prevents."""
    spec, decision = match.spec, _plan_match(match, workspace, rates, averaging)
    if decision.is_empty:
        return decision
    ignored = tuple(sorted(spec.lifecycle.ignored))
    operations = tuple(
        replace(each, trade=spec.name, former_names=spec.former_names, ignored=ignored) for each in decision.operations
    )
    blocked = tuple(replace(each, trade=spec.name) for each in decision.blocked)
    return hold_back(replace(decision, operations=operations, blocked=blocked), spec, match.live)


def _plan_match(
    match: Match, workspace: str, rates: Mapping[PairKey, Rates], averaging: Mapping[int, AveragingReading]
) -> Decision:
    spec, live = match.spec, match.live
    pair_rates = rates.get((spec.terms.account_id, spec.terms.pair))
    if live is None:
        return _plan_create(spec, workspace, pair_rates) if spec.state is DesiredState.OPEN else Decision()
    if live.phase is Phase.ENDED:
        return _plan_ended(spec, live) if spec.state is DesiredState.OPEN else Decision()
    if live.phase is Phase.BUSY:
        return Decision(notices=(_busy(spec.name, live),))
    if spec.state is DesiredState.CLOSED:
        return _plan_closed(spec, live, pair_rates)
    if spec.state is DesiredState.ABANDONED:
        return _plan_cancel(live, Cause.STATE)
    if spec.state is DesiredState.RELEASED:
        return Decision(operations=(operations.release(spec, live),))
    subject = _compare(spec, live, pair_rates, workspace)
    effective = leave_ignored(spec, live, pair_rates)
    if effective != spec and (live.phase is Phase.OPEN or not subject.difference.needs_replacing):
        # What is opened anew is opened as the file says, all else leaves what is ignored.
        subject = _compare(effective, live, pair_rates, workspace)
    if live.phase is Phase.OPEN:
        decision = _add_averaging(plan_position(subject), subject, averaging.get(live.id, NOTHING_SENT))
    else:
        waiting = _plan_waiting(subject)
        decision = replace(waiting, notices=(*waiting.notices, *foretell_averaging(spec, live, pair_rates)))
    return replace(decision, notices=(*decision.notices, *notice_ignored(spec, subject.spec, live, pair_rates)))


def _add_averaging(decision: Decision, subject: Subject, reading: AveragingReading) -> Decision:
    """A decision about a position, with that about its averaging orders; a blocked position is not added to."""
    if decision.blocked:
        return replace(decision, notices=(*decision.notices, *hold_averaging(subject, reading)))
    more = plan_averaging(subject, reading)
    return Decision(
        operations=(*decision.operations, *more.operations),
        blocked=more.blocked,
        notices=(*decision.notices, *more.notices),
    )


def _compare(spec: TradeSpec, live: LiveTrade, rates: Rates | None, workspace: str) -> Subject:
    difference = compare(live, spec.terms, rates, spec.lifecycle.ignored)
    return Subject(workspace=workspace, spec=spec, live=live, rates=rates, difference=difference)


def _plan_create(spec: TradeSpec, workspace: str, rates: Rates | None) -> Decision:
    if rates is None:
        return block(spec, None, _describe_unknown_pair(spec), "correct the pair")
    if spec.unallocated_pct:
        return block(spec, None, "a create needs 100 in its steps", "state all steps; take one away after the entry")
    return Decision(operations=(operations.create(spec, workspace, rates),), notices=foretell_averaging(spec, None, rates))


def _describe_unknown_pair(spec: TradeSpec) -> str:
    return f"the exchange of account {spec.terms.account_id} has no pair {spec.terms.pair}"


def _plan_ended(spec: TradeSpec, live: LiveTrade) -> Decision:
    marker = owned_marker(live)
    wanted = (entry_digest(spec.terms), exits_digest(spec.terms, spec.lifecycle.ignored))
    is_same = (marker.entry.target, marker.exits.target) == wanted
    ending = _describe_ending(live)
    if is_same and not (live.status == "failed" and live.entered_units == 0):
        return Decision(notices=(Notice(kind=NoticeKind.ENDED, trade=spec.name, live_id=live.id, text=ending),))
    what = "the file has changed since" if not is_same else "nothing was filled"
    text = f"{ending}, {what}; not opened: raise generation to {spec.generation + 1}"
    return Decision(notices=(Notice(kind=NoticeKind.NOT_OPENED, trade=spec.name, live_id=live.id, text=text),))


def _describe_ending(live: LiveTrade) -> str:
    ending = _ENDINGS.get(live.status, live.status) + (f" ({live.error})" if live.error else "")
    held = live.held_units
    if live.status == "cancelled" and held > 0:
        ending += f" with {plain(held)} {live.terms.base} that no stop protects"
    return ending


def _plan_closed(spec: TradeSpec, live: LiveTrade, rates: Rates | None) -> Decision:
    if live.phase is Phase.ENTERING:
        return _plan_cancel(live, Cause.STATE)
    if live.phase is Phase.FILLING:
        return block(spec, live, "the entry is partly filled", "wait for the rest, or say `state: abandoned`")
    if not live.flags.close:
        return block(spec, live, f"3Commas does not offer to close it while {live.status}", "plan again later")
    return Decision(operations=(operations.close(live, rates.prices if rates else live.prices),))


def _plan_cancel(live: LiveTrade, cause: Cause) -> Decision:
    if live.flags.cancel:
        return Decision(operations=(operations.cancel(live, cause),))
    reason = f"3Commas does not offer to cancel it while {live.status}"
    return Decision(
        blocked=(Blocked(trade=owned_marker(live).name, live_id=live.id, reason=reason, hint="plan again later"),)
    )


def _plan_waiting(subject: Subject) -> Decision:
    """A trade whose entry waits (`entering`) or is partly filled (`filling`)."""
    difference, live = subject.difference, subject.live
    if not difference.all:
        return plan_note(subject)
    if live.phase is Phase.FILLING:
        return block_changes(subject, "the entry is partly filled", "wait until it is filled, then plan again")
    if difference.needs_replacing:
        return _plan_replace(subject)
    return plan_update(subject, difference.all)


def _plan_replace(subject: Subject) -> Decision:
    spec, live = subject.spec, subject.live
    if not live.flags.cancel:
        return block_changes(subject, f"3Commas does not offer to cancel it while {live.status}", "plan again later")
    if subject.rates is None:
        return block_changes(subject, _describe_unknown_pair(spec), "correct the pair")
    if spec.unallocated_pct:
        return block_changes(
            subject, "a create needs 100 in its steps", "state all steps; take one away after the entry"
        )
    return Decision(operations=(operations.replace(subject, subject.rates),))


def _plan_orphans(orphans: Sequence[LiveTrade], unread: Sequence[Doubt]) -> list[Decision]:
    """Trades of this workspace that no file names: a waiting entry is cancelled, a position is never touched.

    Where files may be missing nothing is cancelled.
    """
    by_name: dict[str, list[LiveTrade]] = defaultdict(list)
    for orphan in orphans:
        by_name[owned_marker(orphan).name].append(orphan)
    return [_plan_orphan(name, lives, unread) for name, lives in by_name.items()]


def _plan_orphan(name: str, lives: Sequence[LiveTrade], unread: Sequence[Doubt]) -> Decision:
    live = lives[0]
    if len(lives) > 1:
        ids = " and ".join(f"#{other.id}" for other in lives)
        hint = "end or release all but one of them in 3Commas, then plan again"
        return Decision(blocked=(Blocked(trade=name, live_id=live.id, reason=f"{ids} both carry this name", hint=hint),))
    if live.phase is Phase.BUSY:
        return Decision(notices=(_busy(name, live),))
    if unread:
        doubt = unread[0]
        reason = f"it is in no file that was read, and plan files may be missing: {doubt.file} {doubt.reason}"
        hint = f"{doubt.remedy}; to end the trade itself, put it into a file with `state: closed`"
        return Decision(blocked=(Blocked(trade=name, live_id=live.id, reason=reason, hint=hint),))
    if live.phase is Phase.ENTERING:
        return _plan_cancel(live, Cause.OMISSION)
    hint = "put it back into a file with `state: closed`, `state: abandoned` or `state: released`"
    reason = "no file names it any more and its position is open"
    return Decision(blocked=(Blocked(trade=name, live_id=live.id, reason=reason, hint=hint),))


def _find_losses(index: Index, known: Collection[int | None]) -> Iterator[Notice]:
    """Stops of ours that do not stand, of trades that nothing was decided about: blocked ones, and those in no file."""
    for name, lives in index.by_name.items():
        for live in lives:
            status = find_unarmed(live)
            if status and live.id not in known:
                yield notice_loss(name, live, status)


def _busy(name: str, live: LiveTrade) -> Notice:
    return Notice(kind=NoticeKind.BUSY, trade=name, live_id=live.id, text=f"{live.status}; nothing can be done now")


def _order(groups: Iterable[tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Protects, then frees, then reprices, then commits, then averages; those of one trade stay in sequence."""
    ranked = sorted((group for group in groups if group), key=lambda group: min(map(_rank, group)))
    return tuple(operation for group in ranked for operation in group)


def _rank(operation: Operation) -> int:
    if operation.action is Action.ADD_FUNDS:
        return _AVERAGING_ORDER
    return (
        _CLOSE_ORDER if operation.destroys and operation.executes and not operation.opens else _ORDER[operation.effect]
    )


def _losses_first(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: notice.kind is not NoticeKind.LOSS)


def _changes_entry(changes: Iterable[FieldChange]) -> bool:
    return any(change.path.startswith("position") for change in changes)
