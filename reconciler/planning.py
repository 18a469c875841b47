"""Stage 7, PLAN: from matches to operations, by phase of the live trade and wish of the file.

What cannot be done safely is blocked with its reason; nothing here sends anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler import operations
from reconciler.diffing import compare
from reconciler.matching import Index, Match, Matching, owned_marker
from reconciler.model.live import ARMED_STATUSES, LiveTrade, Phase, Rates
from reconciler.model.marker import entry_digest, exits_digest
from reconciler.model.plan import (
    Action,
    Blocked,
    Cause,
    Effect,
    FieldChange,
    Notice,
    NoticeKind,
    Operation,
)
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.operations import Subject

# Pair of an account: the market behind the account decides which rates count.
PairKey = tuple[int, str]

_HUNDRED = Decimal(100)

# Requests per operation: re-read, writes, and the read that confirms. Creates are confirmed many at a time.
_REQUESTS = {
    Action.CREATE: 1,
    Action.UPDATE: 3,
    Action.REPLACE: 6,
    Action.CANCEL: 3,
    Action.CANCEL_STEP: 3,
    Action.CLOSE: 3,
    Action.SET_NOTE: 2,
    Action.RELEASE: 2,
}
_ENTRY_UPDATE_REQUESTS = 4

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

_ENDINGS = {
    "finished": "finished",
    "stop_loss_finished": "stopped out",
    "panic_sold": "closed at market",
    "cancelled": "cancelled",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Decisions about some trades.

    Attributes:
        operations: What would be done, in order.
        blocked: What cannot be done.
        notices: What to know.
    """

    operations: tuple[Operation, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done and nothing blocked."""
        return not self.operations and not self.blocked


def find_pairs(matching: Matching) -> frozenset[PairKey]:
    """The pairs whose rates the plan needs: those of trades that may change."""
    return frozenset(
        (match.spec.terms.account_id, match.spec.terms.pair) for match in matching.matches if _may_change(match)
    )


def plan_trades(
    matching: Matching,
    index: Index,
    *,
    workspace: str,
    rates: Mapping[PairKey, Rates],
    is_whole: bool,
) -> tuple[Draft, int]:
    """Decide about every trade.

    Args:
        matching: Specs with their live trades.
        index: The active trades.
        workspace: Name of the workspace.
        rates: For `find_pairs(matching)`; a pair that is missing is unknown to the exchange.
        is_whole: Whether all files are planned, so that a trade in no file counts as removed.

    Returns:
        All decisions, operations in the order in which they are carried out, and how many trades need nothing.
    """
    groups: list[tuple[Operation, ...]] = []
    blocked = list(matching.blocked)
    notices = [
        Notice(kind=NoticeKind.WARNING, trade=illegible.name or "", live_id=illegible.live_id, text=illegible.reason)
        for illegible in index.illegible
    ]
    drafts = [_plan_match(match, workspace, rates) for match in matching.matches]
    unchanged = sum(draft.is_empty for draft in drafts)
    if is_whole:
        drafts += _plan_orphans(matching.orphans)
    for draft in drafts:
        groups.append(draft.operations)
        blocked += draft.blocked
        notices += draft.notices
    draft = Draft(operations=_order(groups), blocked=tuple(blocked), notices=tuple(_losses_first(notices)))
    return draft, unchanged


def count_requests(planned: Iterable[Operation]) -> int:
    """How many requests it takes to carry out some operations, without the readings that prove absence."""
    total = 0
    creates = 0
    for operation in planned:
        total += _REQUESTS[operation.action]
        creates += operation.action is Action.CREATE
        if operation.action is Action.UPDATE and _changes_entry(operation.changes):
            total += _ENTRY_UPDATE_REQUESTS - _REQUESTS[Action.UPDATE]
    return total + -(-creates // 50)


def _may_change(match: Match) -> bool:
    spec, live = match.spec, match.live
    if live is None:
        return spec.state is DesiredState.OPEN
    if live.phase in (Phase.ENDED, Phase.BUSY):
        return False
    if spec.state is DesiredState.CLOSED:
        return live.phase is Phase.OPEN
    return spec.state is DesiredState.OPEN and bool(compare(live, spec.terms).all)


def _plan_match(match: Match, workspace: str, rates: Mapping[PairKey, Rates]) -> Draft:
    spec, live = match.spec, match.live
    pair_rates = rates.get((spec.terms.account_id, spec.terms.pair))
    if live is None:
        return _plan_create(spec, workspace, pair_rates) if spec.state is DesiredState.OPEN else Draft()
    if live.phase is Phase.ENDED:
        return _plan_ended(spec, live) if spec.state is DesiredState.OPEN else Draft()
    if live.phase is Phase.BUSY:
        return Draft(notices=(_busy(spec.name, live),))
    if spec.state is DesiredState.CLOSED:
        return _plan_closed(spec, live, pair_rates)
    if spec.state is DesiredState.ABANDONED:
        return _plan_cancel(live, Cause.STATE)
    if spec.state is DesiredState.RELEASED:
        return Draft(operations=(operations.release(spec, live),))
    difference = compare(live, spec.terms, pair_rates)
    subject = Subject(workspace=workspace, spec=spec, live=live, rates=pair_rates, difference=difference)
    return _plan_open(subject) if live.phase is Phase.OPEN else _plan_waiting(subject)


def _plan_create(spec: TradeSpec, workspace: str, rates: Rates | None) -> Draft:
    if rates is None:
        return _block(
            spec,
            None,
            f"the exchange of account {spec.terms.account_id} has no pair {spec.terms.pair}",
            "correct the pair",
        )
    if spec.unallocated_pct:
        return _block(spec, None, "a create needs 100 in its steps", "state all steps; take one away after the entry")
    return Draft(operations=(operations.create(spec, workspace, rates),))


def _plan_ended(spec: TradeSpec, live: LiveTrade) -> Draft:
    marker = owned_marker(live)
    is_same = (marker.entry.target, marker.exits.target) == (entry_digest(spec.terms), exits_digest(spec.terms))
    ending = _ENDINGS.get(live.status, live.status) + (f" ({live.error})" if live.error else "")
    if is_same and not (live.status == "failed" and live.was_never_filled):
        return Draft(notices=(Notice(kind=NoticeKind.ENDED, trade=spec.name, live_id=live.id, text=ending),))
    what = "the file has changed since" if not is_same else "nothing was filled"
    text = f"{ending}, {what}; not opened: raise generation to {spec.generation + 1}"
    return Draft(notices=(Notice(kind=NoticeKind.NOT_OPENED, trade=spec.name, live_id=live.id, text=text),))


def _plan_closed(spec: TradeSpec, live: LiveTrade, rates: Rates | None) -> Draft:
    if live.phase is Phase.ENTERING:
        return _plan_cancel(live, Cause.STATE)
    if live.phase is Phase.FILLING:
        return _block(spec, live, "the entry is partly filled", "wait for the rest, or say `state: abandoned`")
    if not live.flags.close:
        return _block(spec, live, f"3Commas does not offer to close it while {live.status}", "plan again later")
    return Draft(operations=(operations.close(live, rates.prices if rates else live.prices),))


def _plan_cancel(live: LiveTrade, cause: Cause) -> Draft:
    if live.flags.cancel:
        return Draft(operations=(operations.cancel(live, cause),))
    reason = f"3Commas does not offer to cancel it while {live.status}"
    return Draft(
        blocked=(Blocked(trade=owned_marker(live).name, live_id=live.id, reason=reason, hint="plan again later"),)
    )


def _plan_waiting(subject: Subject) -> Draft:
    """A trade whose entry waits (`entering`) or is partly filled (`filling`)."""
    difference, spec, live = subject.difference, subject.spec, subject.live
    if not difference.all:
        return _plan_note(subject)
    if live.phase is Phase.FILLING:
        return _block_changes(subject, "the entry is partly filled", "wait until it is filled, then plan again")
    if spec.unallocated_pct and (difference.steps or difference.needs_replacing):
        return _block_changes(
            subject, "before the entry the steps must make 100", "state all steps; take one away after the entry"
        )
    if difference.needs_replacing:
        if not live.flags.cancel:
            return _block_changes(
                subject, f"3Commas does not offer to cancel it while {live.status}", "plan again later"
            )
        return Draft(operations=(operations.replace(subject),))
    return _plan_update(subject, difference.all)


def _plan_open(subject: Subject) -> Draft:
    """A trade whose position is held: what protects it comes before everything else."""
    draft = _plan_exits(subject)
    return _plan_lost_stop(subject, draft) if _is_stop_lost(subject) else draft


def _plan_exits(subject: Subject) -> Draft:
    difference, spec = subject.difference, subject.spec
    marker = owned_marker(subject.live)
    if entry_digest(spec.terms) not in (marker.entry.applied, marker.entry.pending):
        return _block(
            spec,
            subject.live,
            "the position is open and the file has another entry",
            "put the entry back; or say `state: closed`, apply, then raise generation with the new entry",
        )
    if difference.steps:
        return _plan_steps(subject)
    if difference.stop or difference.leverage:
        return _plan_stop(subject)
    return _plan_note(subject)


def _plan_steps(subject: Subject) -> Draft:
    difference, spec, live = subject.difference, subject.spec, subject.live
    dropped = difference.dropped
    if dropped and len(dropped) < len(live.open_steps) and spec.unallocated_pct and not difference.leverage:
        return _plan_cancel_steps(subject)
    if len(live.open_steps) < len(live.steps):
        return _block_changes(
            subject,
            "a step was executed; after that steps can be taken away one by one but not changed",
            "keep the executed steps in the file, take only waiting ones away, and state their share as `unallocated`",
        )
    if spec.unallocated_pct and spec.terms.steps:
        return _block_changes(
            subject,
            "`unallocated` goes only with taking live steps away as they are",
            "restate the volumes so that they make 100",
        )
    return _plan_update(subject, difference.all)


def _plan_cancel_steps(subject: Subject) -> Draft:
    difference = subject.difference
    first: tuple[Operation, ...] = ()
    if difference.stop:
        draft = _plan_stop(subject, is_last=False)
        if draft.blocked:
            return draft
        first = draft.operations
    copies = Counter(step.terms for step in subject.live.open_steps)
    cancels: list[Operation] = []
    for step in difference.dropped:
        copies[step.terms] -= 1
        cancels.append(operations.cancel_step(subject, step, copies_left=copies[step.terms]))
    return Draft(operations=(*first, *cancels, operations.set_note(subject)))


def _plan_stop(subject: Subject, *, is_last: bool = True) -> Draft:
    """Only the stop or the leverage differs: an update that echoes the live steps, whose volumes must make 100."""
    changes = subject.difference.leverage + subject.difference.stop
    obstacle = _find_echo_obstacle(subject)
    return obstacle or _plan_update(subject, changes, is_last=is_last)


def _is_stop_lost(subject: Subject) -> bool:
    """Whether a position is held whose stop does not stand, though the file as last applied asks for it."""
    live, wanted = subject.live, subject.spec.terms
    if wanted.stop_loss is None:
        return False
    if live.terms.stop_loss is None:
        return owned_marker(live).exits.applied == exits_digest(wanted)
    return live.stop_status not in ARMED_STATUSES


def _plan_lost_stop(subject: Subject, draft: Draft) -> Draft:
    """Send the stop again, whatever else was decided; an update that was decided on carries it along."""
    live = subject.live
    notice = Notice(
        kind=NoticeKind.LOSS,
        trade=subject.spec.name,
        live_id=live.id,
        text=f"the position is open and its stop does not stand ({live.stop_status or 'it is gone'})",
    )
    obstacle = _find_echo_obstacle(subject)
    if obstacle is not None:
        return replace(draft, blocked=draft.blocked or obstacle.blocked, notices=(notice,))
    updates = [operation for operation in draft.operations if operation.action is Action.UPDATE]
    changes = updates[0].changes if updates else subject.difference.stop
    rest = tuple(operation for operation in draft.operations if operation.action is Action.CANCEL_STEP)
    again = operations.rearm(subject, changes, is_last=not rest and not draft.blocked)
    note = (operations.set_note(subject),) if rest else ()
    return replace(draft, operations=(again, *rest, *note), notices=(notice,))


def _find_echo_obstacle(subject: Subject) -> Draft | None:
    live = subject.live
    if not live.flags.editable:
        return _block_changes(subject, f"3Commas does not offer to edit it while {live.status}", "plan again later")
    if live.steps and sum(step.terms.volume_pct for step in live.steps) != _HUNDRED:
        return _block_changes(
            subject,
            "the live steps do not make 100, so an update would be refused",
            "restate the volumes of the steps to 100, then the stop can be changed too",
        )
    return None


def _plan_update(subject: Subject, changes: Sequence[FieldChange], *, is_last: bool = True) -> Draft:
    if not subject.live.flags.editable:
        return _block_changes(
            subject, f"3Commas does not offer to edit it while {subject.live.status}", "plan again later"
        )
    return Draft(operations=(operations.update(subject, changes, is_last=is_last),))


def _plan_note(subject: Subject) -> Draft:
    """Nothing differs but perhaps the marker or the user's text."""
    if subject.live.note == subject.wanted_note:
        return Draft()
    return Draft(operations=(operations.set_note(subject),))


def _plan_orphans(orphans: Sequence[LiveTrade]) -> list[Draft]:
    """Trades of this workspace that no file names: a waiting entry is cancelled, a position is never touched."""
    by_name: dict[str, list[LiveTrade]] = defaultdict(list)
    for orphan in orphans:
        by_name[owned_marker(orphan).name].append(orphan)
    return [_plan_orphan(name, lives) for name, lives in by_name.items()]


def _plan_orphan(name: str, lives: Sequence[LiveTrade]) -> Draft:
    live = lives[0]
    if len(lives) > 1:
        ids = " and ".join(f"#{other.id}" for other in lives)
        hint = "end or release all but one of them in 3Commas, then plan again"
        return Draft(blocked=(Blocked(trade=name, live_id=live.id, reason=f"{ids} both carry this name", hint=hint),))
    if live.phase is Phase.BUSY:
        return Draft(notices=(_busy(name, live),))
    if live.phase is Phase.ENTERING:
        return _plan_cancel(live, Cause.OMISSION)
    hint = "put it back into a file with `state: closed`, `state: abandoned` or `state: released`"
    reason = "no file names it any more and its position is open"
    return Draft(blocked=(Blocked(trade=name, live_id=live.id, reason=reason, hint=hint),))


def _busy(name: str, live: LiveTrade) -> Notice:
    return Notice(kind=NoticeKind.BUSY, trade=name, live_id=live.id, text=f"{live.status}; nothing can be done now")


def _block(spec: TradeSpec, live: LiveTrade | None, reason: str, hint: str) -> Draft:
    blocked = Blocked(trade=spec.name, live_id=live.id if live else None, reason=reason, hint=hint)
    return Draft(blocked=(blocked,))


def _block_changes(subject: Subject, reason: str, hint: str) -> Draft:
    return Draft(
        blocked=(
            Blocked(
                trade=subject.spec.name,
                live_id=subject.live.id,
                reason=reason,
                hint=hint,
                changes=subject.difference.all,
            ),
        )
    )


def _order(groups: Iterable[tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Protects, then frees, then reprices, then commits; the operations of one trade stay in sequence."""
    ranked = sorted((group for group in groups if group), key=lambda group: min(map(_rank, group)))
    return tuple(operation for group in ranked for operation in group)


def _rank(operation: Operation) -> int:
    return _CLOSE_ORDER if operation.action is Action.CLOSE else _ORDER[operation.effect]


def _losses_first(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: notice.kind is not NoticeKind.LOSS)


def _changes_entry(changes: Iterable[FieldChange]) -> bool:
    return any(change.path.startswith("position") for change in changes)
