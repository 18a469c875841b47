"""Stage 7, PLAN: from matches to operations.

What cannot be done safely is blocked with its reason; nothing here sends anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.diffing.compare import differs
from reconciler.diffing.ignored_fields import leave_ignored
from reconciler.matching.match import Match, Matching
from reconciler.matching.sighting import Index, owned_marker
from reconciler.model.averaging import AveragingReading
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.markets import Market, settle_market
from reconciler.model.news import News
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.problems import Doubt
from reconciler.model.specs import DesiredState
from reconciler.model.unreadable import CHANGE_PARTS
from reconciler.planning.averaging import needs_rates
from reconciler.planning.decisions import Decision
from reconciler.planning.held_positions import is_unarmed, notice_lost_stop
from reconciler.planning.known import NO_AVERAGING, NOTHING_SENT, Known, PairKey
from reconciler.planning.market_limits import warn_of_funds
from reconciler.planning.notices import add_news
from reconciler.planning.operation_order import order_operations
from reconciler.planning.orphans import plan_orphans
from reconciler.planning.plan_match import plan_match
from reconciler.planning.unreadable import notice_unreadable
from reconciler.progress import Advance, advance_nothing, follow

# Notices of trades that are as their files say.
_AT_REST = (NoticeKind.ENDED, NoticeKind.IGNORED, NoticeKind.LATER)


def find_pairs(matching: Matching, averaging: Mapping[int, AveragingReading] = NO_AVERAGING) -> frozenset[PairKey]:
    """Find the pairs whose rates the plan needs: those of trades that may change.

    Args:
        matching: Specs with their live trades.
        averaging: SmartTrade id to what was read of its averaging orders.
    """
    return frozenset(
        (match.spec.terms.account_id, match.spec.terms.pair)
        for match in matching.matches
        if _may_change(match) or _may_average(match, averaging)
    )


def find_counting(matching: Matching) -> tuple[LiveTrade, ...]:
    """Find the trades whose averaging orders the plan needs: open ones whose marker counts some."""
    return tuple(
        match.live
        for match in matching.matches
        if _is_held(match) and match.live is not None and owned_marker(match.live).averaging_sent
    )


def plan_trades(
    matching: Matching,
    index: Index,
    known: Known,
    *,
    is_whole: bool,
    unread: Sequence[Doubt] = (),
    news: Sequence[News] = (),
    advance: Advance = advance_nothing,
) -> tuple[Decision, int]:
    """Decide about every trade.

    Args:
        matching: Specs with their live trades.
        index: The active trades.
        known: Rates for `find_pairs`, averaging orders for `find_counting`, and the accounts.
        is_whole: Whether all files are planned, so that a trade in no file counts as removed.
        unread: Where plan files may be missing; with any, no trade counts as removed.
        news: Bad news about trades; it replaces other notices about their ends.
        advance: Is called for each trade of the files.

    Returns:
        All decisions, operations in the order in which they are carried out, and how many trades need nothing.
    """
    known = _settle_markets(known, index)
    decisions = [plan_match(match, known) for match in follow(matching.matches, advance)]
    unchanged = _count_unchanged(matching, decisions, news)
    if is_whole:
        decisions += plan_orphans(matching.orphans, unread)
    planned = order_operations(decision.operations for decision in decisions)
    unreadable = notice_unreadable(index)
    notices = [*_notice_illegible(index), *unreadable, *(each for decision in decisions for each in decision.notices)]
    notices += _find_losses(index, {each.live_id for each in notices if each.kind is NoticeKind.LOSS})
    notices += warn_of_funds(planned, known.accounts)
    joined = Decision(
        operations=planned,
        blocked=(*matching.blocked, *(each for decision in decisions for each in decision.blocked)),
        notices=tuple(_losses_first(add_news(notices, planned, news))),
    )
    return joined, unchanged


def _settle_markets(known: Known, index: Index) -> Known:
    """Return the facts with the sizes of contracts that live trades show, if the rates do not name them."""
    seen: dict[PairKey, list[Market]] = defaultdict(list)
    for live in _list_lives(index):
        seen[live.terms.account_id, live.terms.pair].append(live.terms.market)
    rates = {key: replace(each, market=settle_market(each.market, seen[key])) for key, each in known.rates.items()}
    return replace(known, rates=rates)


def _list_lives(index: Index) -> Iterator[LiveTrade]:
    for group in (*index.by_name.values(), index.unmarked.lives, index.damaged, *index.outside.values()):
        yield from group


def _count_unchanged(matching: Matching, decisions: Sequence[Decision], news: Sequence[News]) -> int:
    named = {each.trade for each in news}
    return sum(
        _is_at_rest(decision) and match.spec.name not in named
        for match, decision in zip(matching.matches, decisions, strict=True)
    )


def _is_at_rest(decision: Decision) -> bool:
    """Return whether a trade needs nothing; one that has ended as it should needs nothing, too."""
    return decision.is_empty and all(notice.kind in _AT_REST for notice in decision.notices)


def _may_change(match: Match) -> bool:
    spec, live = match.spec, match.live
    if live is None:
        return spec.state is DesiredState.OPEN
    if live.phase in (Phase.ENDED, Phase.BUSY):
        return False
    if live.find_unreadable(CHANGE_PARTS) is not None:
        return spec.state is DesiredState.CLOSED
    if spec.state is DesiredState.CLOSED:
        return live.phase in (Phase.OPEN, Phase.FILLING)
    return spec.state is DesiredState.OPEN and differs(live, leave_ignored(spec, live).terms)


def _is_held(match: Match) -> bool:
    return match.live is not None and match.live.phase is Phase.OPEN and match.spec.state is DesiredState.OPEN


def _may_average(match: Match, averaging: Mapping[int, AveragingReading]) -> bool:
    live = match.live
    return _is_held(match) and live is not None and needs_rates(match.spec, averaging.get(live.id, NOTHING_SENT))


def _notice_illegible(index: Index) -> Iterator[Notice]:
    for each in index.illegible:
        yield Notice(kind=NoticeKind.WARNING, trade=each.name or "", live_id=each.live_id, reason=each.reason)


def _find_losses(index: Index, known: Collection[int | None]) -> Iterator[Notice]:
    """Find stops that are not active, of trades that nothing was decided about: blocked ones, and those in no file."""
    for name, lives in index.by_name.items():
        for live in lives:
            if is_unarmed(live) and live.id not in known:
                yield notice_lost_stop(name, live)


def _losses_first(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: notice.kind is not NoticeKind.LOSS)
