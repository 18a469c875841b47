"""Settling what earlier runs sent without learning what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from reconciler.applying.gateway_delay import describe_delay, is_delayed, name_kind
from reconciler.applying.lost_answers import Delayed, HadEffect, HadNone, Settler, Unclear, Unsettled, Verdict
from reconciler.errors import NotFound
from reconciler.model.journal import SENT_ONCE, Intent, IntentState, WriteKind
from reconciler.model.outcome_codes import SettlingReason
from reconciler.model.reasons import Reason, reason
from reconciler.session import Session

# What a request that is older than this could do it has done; assumed: no gateway holds one back for longer.
_OLD_AFTER = timedelta(minutes=5)
Report = Callable[[Reason], None]


def report_no_reason(_found: Reason) -> None:
    """Take what was found and drop it."""


def settle_earlier_runs(session: Session, report: Report = report_no_reason) -> dict[str, Reason]:
    """Settle what earlier runs sent without learning what became of it; what is found goes into the journal.

    What commits money and shows no effect is settled only after the longest time that a gateway may hold it back.

    Args:
        session: Where to read, and the journal of earlier runs.
        report: Takes what is found, once for each request.

    Returns:
        Trade to the reason why nothing may be done for it.

    Raises:
        ApiError: Nothing can be read now.
    """
    found = session.journal.find_unresolved()
    settling = _Settling(session, report)
    # What a damaged one sent cannot be known by reading; nobody but the user can settle it.
    settling.blocked = {intent.write.trade: _describe_damage(intent) for intent in found if intent.damage}
    intents = [intent for intent in found if not intent.damage]
    settling.settle_creates([intent for intent in intents if intent.write.kind is WriteKind.CREATE])
    for intent in intents:
        if intent.write.kind is not WriteKind.CREATE:
            settling.settle_one(intent)
    return settling.blocked


class _Settling:
    """The requests of earlier runs, one after the other.

    Args:
        session: Where to read, and the journal.
        report: Takes what is found.
    """

    def __init__(self, session: Session, report: Report) -> None:
        self.blocked: dict[str, Reason] = {}
        self._session = session
        self._report = report
        self._delay_s = session.settings.target.gateway_delay_s
        self._settler = Settler(session.api, session.clock, session.settings.target.settle_s)

    def settle_creates(self, creates: list[Intent]) -> None:
        """Settle creates, with one reading of the history for all."""
        if not creates:
            return
        since = max(_since(intent, self._session.clock.now()) for intent in creates)
        verdicts = self._settler.settle_creates([intent.write for intent in creates], since)
        for intent, verdict in zip(creates, verdicts, strict=True):
            self._write(intent, self._hold_back(intent, verdict))

    def settle_one(self, intent: Intent) -> None:
        """Settle any other request, by reading its trade."""
        self._write(intent, self._hold_back(intent, self._read(intent)))

    def _read(self, intent: Intent) -> Verdict:
        try:
            live = self._settler.settle(intent.write, _since(intent, self._session.clock.now()))
        except Unsettled as error:
            if isinstance(error.cause, NotFound):
                return Unclear(reason(SettlingReason.MISSING, live_id=intent.write.live_id or 0))
            if error.cause is not None:
                raise error.cause from error
            return Unclear(reason(SettlingReason.UNREADABLE, message=error.message))
        return HadNone() if live is None else HadEffect(live)

    def _hold_back(self, intent: Intent, verdict: Verdict) -> Verdict:
        """Return a verdict that says no more than can be known: what commits money may still arrive."""
        now = self._session.clock.now()
        may_arrive = isinstance(verdict, HadNone) and intent.write.kind in SENT_ONCE
        if may_arrive and is_delayed(intent, now, self._delay_s):
            return Delayed(describe_delay(intent, now, self._delay_s))
        return verdict

    def _write(self, intent: Intent, verdict: Verdict) -> None:
        match verdict:
            case Delayed(why):
                self.blocked[intent.write.trade] = why
            case Unclear(why):
                kind = name_kind(intent.write.kind)
                self.blocked[intent.write.trade] = reason(
                    SettlingReason.UNSETTLED, run=intent.run_id, kind=kind, why=why, request=intent.id
                )
            case HadNone():
                self._resolve(intent, IntentState.FAILED, SettlingReason.SETTLED_NO_EFFECT)
                self._report(_describe(intent, SettlingReason.NO_EFFECT))
            case HadEffect(live):
                self._resolve(intent, IntentState.APPLIED, SettlingReason.SETTLED, live.id)
                found = _describe(intent, SettlingReason.HAD_EFFECT)
                self._report(reason(found.code, **dict(found.values), live_id=live.id, status=live.status))

    def _resolve(self, intent: Intent, state: IntentState, code: SettlingReason, live_id: int | None = None) -> None:
        self._session.journal.resolve(intent.id, state, why=reason(code), live_id=live_id)


def _describe(intent: Intent, code: SettlingReason) -> Reason:
    return reason(code, trade=intent.write.trade, run=intent.run_id, kind=name_kind(intent.write.kind))


def _describe_damage(intent: Intent) -> Reason:
    return reason(SettlingReason.DAMAGED, request=intent.id, damage=intent.damage)


def _since(intent: Intent, now: datetime) -> datetime:
    """Return from when on its effect must not show; it may have been sent until this run began."""
    return intent.intended_at if now - intent.intended_at > _OLD_AFTER else now
