"""Decide about one spec and its live trade, by phase of the trade and wish of the file."""

from __future__ import annotations

from dataclasses import replace

from reconciler.diffing.compare import compare
from reconciler.diffing.ignored_fields import leave_ignored
from reconciler.matching.match import Match
from reconciler.model.averaging import AveragingReading
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import Cause
from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.unreadable import CHANGE_PARTS
from reconciler.planning import operations
from reconciler.planning.averaging import announce_averaging, hold_averaging, plan_averaging
from reconciler.planning.create_rules import find_create_refusal
from reconciler.planning.decisions import PLAN_LATER, Decision, block, block_changes
from reconciler.planning.endings import notice_busy, plan_cancel, plan_closed, plan_ended, plan_half_closed
from reconciler.planning.held_positions import plan_position
from reconciler.planning.ignored_notices import notice_ignored
from reconciler.planning.known import Known
from reconciler.planning.market_limits import (
    refuse_on_account,
    refuse_on_other_market,
    refuse_unfit,
    refuse_without_rates,
    warn_of_limits,
)
from reconciler.planning.operations import Subject
from reconciler.planning.prevented import hold_back
from reconciler.planning.sales import is_sale, plan_closed_sale, plan_open_rest, plan_open_sale
from reconciler.planning.unreadable import plan_unreadable
from reconciler.planning.updates import plan_note, plan_update

_CORRECT_PAIR = reason(BlockHint.CORRECT_PAIR)


def plan_match(match: Match, known: Known) -> Decision:
    """Decide about a trade, without what its file prevents and what account, pair or exchange would refuse.

    Args:
        match: The spec and its live trade.
        known: What is known of markets, accounts and averaging orders.
    """
    return _refuse(match, _plan_as_allowed(match, known), known)


def _refuse(match: Match, decision: Decision, known: Known) -> Decision:
    """Take out of a decision what account, pair or exchange would refuse."""
    spec, live = match.spec, match.live
    key = (spec.terms.account_id, spec.terms.pair)
    account = known.accounts.get(spec.terms.account_id)
    if account is not None and not account.market_code:
        return refuse_on_account(decision, spec, live, account)
    if key in known.unread_pairs:
        return refuse_without_rates(decision, spec, live, known.unread_pairs[key])
    if key in known.similar_pairs:
        hint = reason(BlockHint.CORRECT_PAIR, similar=known.similar_pairs[key])
        blocked = [
            replace(each, hint=hint) if each.reason.code is BlockReason.PAIR_UNKNOWN else each
            for each in decision.blocked
        ]
        return replace(decision, blocked=tuple(blocked))
    if account is not None and account.obstacle:
        return refuse_on_account(decision, spec, live, account)
    rates = known.rates.get(key)
    if account is not None:
        decision = refuse_on_other_market(decision, spec, live, account, rates)
    return warn_of_limits(refuse_unfit(decision, spec, live, rates), spec, live, rates)


def _plan_as_allowed(match: Match, known: Known) -> Decision:
    """Decide about a trade under its present name, without what its file prevents."""
    spec, decision = match.spec, _plan(match, known)
    if decision.is_empty:
        return decision
    ignored = tuple(sorted(spec.lifecycle.ignored))
    allowed = tuple(
        replace(each, trade=spec.name, former_names=spec.former_names, ignored=ignored) for each in decision.operations
    )
    blocked = tuple(replace(each, trade=spec.name) for each in decision.blocked)
    return hold_back(replace(decision, operations=allowed, blocked=blocked), spec, match.live)


def _plan(match: Match, known: Known) -> Decision:
    rates = known.rates.get((match.spec.terms.account_id, match.spec.terms.pair))
    spec, live = _put_on_market(match, rates)
    if live is None:
        return _plan_create(spec, known, rates) if spec.state is DesiredState.OPEN else Decision()
    if live.id in known.half_closed and spec.state is DesiredState.CLOSED:
        return plan_half_closed(live, rates)
    if live.id in known.half_closed and spec.state is DesiredState.OPEN:
        return plan_open_rest(spec, live)
    if live.phase is not Phase.ENDED and live.find_unreadable(CHANGE_PARTS) is not None:
        return plan_unreadable(spec, live, rates)
    if live.phase is Phase.ENDED:
        return _plan_ended(spec, live)
    if live.phase is Phase.BUSY:
        return Decision(notices=(notice_busy(spec.name, live),))
    if spec.state is DesiredState.CLOSED:
        return plan_closed(spec, live, rates)
    if spec.state is DesiredState.ABANDONED:
        return plan_cancel(live, Cause.STATE)
    if spec.state is DesiredState.RELEASED:
        return Decision(operations=(operations.release(spec, live),))
    return _plan_differences(spec, live, rates, known)


def _plan_ended(spec: TradeSpec, live: LiveTrade) -> Decision:
    if spec.state is DesiredState.OPEN:
        return plan_ended(spec, live)
    return plan_closed_sale(spec, live) if spec.state is DesiredState.CLOSED else Decision()


def _put_on_market(match: Match, rates: Rates | None) -> tuple[TradeSpec, LiveTrade | None]:
    """Return the spec and the live trade with the market that the rates tell."""
    spec, live = match.spec, match.live
    if rates is None:
        return spec, live
    spec = replace(spec, terms=spec.terms.on(rates.market))
    if live is not None and live.terms.pair == spec.terms.pair and live.terms.account_id == spec.terms.account_id:
        live = replace(live, terms=live.terms.on(rates.market))
    return spec, live


def _plan_differences(spec: TradeSpec, live: LiveTrade, rates: Rates | None, known: Known) -> Decision:
    """Decide about a live trade that its file wants open."""
    if is_sale(spec, live):
        return plan_open_sale(spec, live)
    subject = _compare(spec, live, rates, known)
    effective = leave_ignored(spec, live, rates)
    if effective != spec and (live.phase is Phase.OPEN or not subject.difference.needs_replacing):
        # A trade that is opened again is opened as the file says; anything else leaves ignored fields unchanged.
        subject = _compare(effective, live, rates, known)
    if live.phase is Phase.OPEN:
        decision = _add_averaging(plan_position(subject), subject, known.sent_for(live.id))
    else:
        waiting = _plan_waiting(subject, is_offline=known.is_offline)
        decision = replace(waiting, notices=(*waiting.notices, *announce_averaging(spec, live, rates)))
    return replace(decision, notices=(*decision.notices, *notice_ignored(spec, subject.spec, live, rates)))


def _add_averaging(decision: Decision, subject: Subject, reading: AveragingReading) -> Decision:
    """Add to a decision about a position that about its averaging orders; a blocked position is not added to."""
    if decision.blocked:
        return replace(decision, notices=(*decision.notices, *hold_averaging(subject, reading)))
    more = plan_averaging(subject, reading)
    return Decision(
        operations=(*decision.operations, *more.operations),
        blocked=more.blocked,
        notices=(*decision.notices, *more.notices),
    )


def _compare(spec: TradeSpec, live: LiveTrade, rates: Rates | None, known: Known) -> Subject:
    return Subject(
        workspace=known.workspace,
        spec=spec,
        live=live,
        rates=rates,
        difference=compare(live, spec.terms, rates, spec.lifecycle.ignored),
        refused=known.refused.get(live.id, ()),
    )


def _plan_create(spec: TradeSpec, known: Known, rates: Rates | None) -> Decision:
    if rates is None and not known.is_offline:
        return block(spec, None, _describe_unknown_pair(spec), _CORRECT_PAIR)
    refusal = find_create_refusal(spec)
    if refusal is not None:
        return block(spec, None, *refusal)
    return Decision(
        operations=(operations.create(spec, known.workspace, rates),), notices=announce_averaging(spec, None, rates)
    )


def _plan_waiting(subject: Subject, *, is_offline: bool) -> Decision:
    """Decide about a trade whose entry waits (`entering`) or is partly filled (`filling`)."""
    difference, live = subject.difference, subject.live
    if not difference.all:
        return plan_note(subject)
    if live.phase is Phase.FILLING:
        return block_changes(subject, reason(BlockReason.PARTLY_FILLED), reason(BlockHint.WAIT_UNTIL_FILLED))
    if difference.needs_replacing:
        return _plan_replace(subject, is_offline=is_offline)
    return plan_update(subject, difference.all)


def _plan_replace(subject: Subject, *, is_offline: bool) -> Decision:
    spec, live = subject.spec, subject.live
    if not live.flags.cancel:
        return block_changes(subject, reason(BlockReason.CANCEL_NOT_OFFERED, status=live.status), PLAN_LATER)
    if subject.rates is None and not is_offline:
        return block_changes(subject, _describe_unknown_pair(spec), _CORRECT_PAIR)
    refusal = find_create_refusal(spec)
    if refusal is not None:
        return block_changes(subject, *refusal)
    return Decision(operations=(operations.replace(subject, subject.rates),))


def _describe_unknown_pair(spec: TradeSpec) -> Reason:
    return reason(BlockReason.PAIR_UNKNOWN, account=spec.terms.account_id, pair=spec.terms.pair)
