"""Notifications of a run: compared with those before, sent, and remembered. They never change how a run ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.errors import Interrupted, ReconcilerError, UsageError
from reconciler.model.alerts import Alert, AlertEvent, KnownAlert
from reconciler.settings import find_notify_urls, find_passwords, find_secrets

if TYPE_CHECKING:
    from reconciler.journal.alerts import AlertBook
    from reconciler.model.drift import DriftReport
    from reconciler.model.plan import Plan
    from reconciler.session import Session
    from reconciler.workflows.applying import Applied

_DRIFT_EVENTS = (AlertEvent.LOSS, AlertEvent.DRIFT)
_APPLY_EVENTS = (AlertEvent.APPLY_FAILED, AlertEvent.INDETERMINATE, AlertEvent.GUARDRAIL)


class Alerting:
    """Notifies the addresses of RECONCILER_NOTIFY_URLS; does nothing without any.

    Args:
        session: The run; its clock, its workspace and its reports are used.
        urls: The addresses.
        book: Keeps what was sent; by default the journal.
    """

    def __init__(self, session: Session, urls: tuple[str, ...], book: AlertBook | None = None) -> None:
        self._session = session
        self._urls = urls
        self._book = book
        self._last_warning = ""

    def check_drift(self, report: DriftReport, names: Iterable[str] | None) -> None:
        """Notify of what a check for drift has found.

        Args:
            report: The check.
            names: The trades that were checked; None for all.
        """
        from reconciler.alerts.find_alerts import find_drift_alerts

        checked = None if names is None else frozenset(names)

        def covers(known: KnownAlert) -> bool:
            is_checked = checked is None or known.subject in checked
            return (known.event in _DRIFT_EVENTS and is_checked) or known.event is AlertEvent.FREEZE

        self._notify(lambda: find_drift_alerts(report), covers)

    def end_apply(self, plan: Plan, applied: Applied) -> None:
        """Notify of what an apply did, and of what it has left."""
        from reconciler.alerts.find_alerts import (
            find_freeze_alerts,
            find_held_alerts,
            find_outcome_alerts,
            find_plan_alerts,
        )

        names = {each.trade for each in plan.operations}
        # A whole plan has all that is still to do: what is in none of these is over.
        is_whole = plan.is_whole and applied.error is None
        open_ends = {*(each.trade for each in plan.blocked), *applied.unsettled}

        def find() -> Iterator[Alert]:
            yield from find_plan_alerts(plan)
            yield from find_held_alerts(plan, applied.outcomes)
            yield from find_outcome_alerts(applied.outcomes, applied.error)
            yield from find_freeze_alerts(self._session.find_freezes())

        def covers(known: KnownAlert) -> bool:
            is_about = known.subject in names or (is_whole and known.subject not in open_ends)
            return (known.event in _APPLY_EVENTS and is_about) or known.event is AlertEvent.FREEZE

        self._notify_last(find, covers)

    def refuse_apply(self, plan: Plan | None, error: ReconcilerError) -> None:
        """Notify of an apply that was refused or could not be carried out."""
        from reconciler.alerts.find_alerts import find_freeze_alerts, find_refusal_alerts

        def find() -> Iterator[Alert]:
            yield from find_refusal_alerts(plan, error)
            yield from find_freeze_alerts(self._session.find_freezes())

        self._notify_last(find, lambda known: known.event is AlertEvent.FREEZE)

    def _notify_last(self, find: Callable[[], Iterable[Alert]], covers: Callable[[KnownAlert], bool]) -> None:
        """Notify when the run is over: an interrupt ends only this."""
        with suppress(KeyboardInterrupt):
            self._notify(find, covers)

    def _notify(self, find: Callable[[], Iterable[Alert]], covers: Callable[[KnownAlert], bool]) -> None:
        if not self._urls:
            return
        try:
            fault = self._send(tuple(find()), covers)
        except Exception as error:  # noqa: BLE001 - whatever fails here, the run ends as it would without it
            fault = type(error).__name__
        if fault and fault != self._last_warning:
            self._session.report(f"Warning: RECONCILER_NOTIFY_URLS: a notification was not sent: {fault}.")
        self._last_warning = fault

    def _send(self, found: tuple[Alert, ...], covers: Callable[[KnownAlert], bool]) -> str:
        from reconciler.alerts.compare import compare_alerts
        from reconciler.alerts.sender import send_text
        from reconciler.journal.json_texts import Redactor
        from reconciler.rendering.alert_text import render_alert_body, render_alert_title

        with self._open_book() as book:
            compared = compare_alerts(found, book.find(), self._session.clock.now().timestamp(), covers)
            book.keep(compared.quiet)
            if not compared.due:
                return ""
            clean = Redactor((*find_secrets(os.environ), *find_passwords(os.environ))).clean
            title = clean(render_alert_title(self._describe_place(), compared.due))
            body = clean(render_alert_body(compared.due))
            is_bad = any(due.event is not AlertEvent.APPLIED for due in compared.due)
            sent = send_text(self._urls, title, body, is_bad=is_bad)
            if sent.count:
                book.keep(compared.sent)
            return sent.fault

    @contextmanager
    def _open_book(self) -> Iterator[AlertBook]:
        """Open what was sent before: in the journal, or in memory if there is none that can be written."""
        from reconciler.errors import JournalError, UsageError
        from reconciler.journal.alerts import MemoryAlertBook
        from reconciler.workflows.journal import open_alert_book

        if self._book is not None:
            yield self._book
            return
        try:
            opened = open_alert_book(self._session.settings)
        except (JournalError, UsageError):
            # Without a journal each new process sends everything again. This one remembers what it has sent.
            self._book = MemoryAlertBook()
            yield self._book
            return
        with opened as book:
            yield book

    def _describe_place(self) -> str:
        target = self._session.settings.target
        return f"{self._session.settings.workspace} on {target.name} ({target.mode})"


@dataclass(slots=True)
class WatchedApply:
    """An apply that is in progress.

    Attributes:
        is_approved: Whether somebody wants it to be carried out, so that its failure is news.
        plan: The plan, once it is made.
        applied: What it did, once it has ended.
    """

    is_approved: bool = False
    plan: Plan | None = None
    applied: Applied | None = None


@contextmanager
def watch_apply(session: Session, *, is_approved: bool = False) -> Iterator[WatchedApply]:
    """Notify at the end of the block of what an apply did, or why it could not.

    Args:
        session: The run; it is open until the end of the block.
        is_approved: Whether nobody is asked, so that a failure before there is a plan is news, too.
    """
    watched, alerting = WatchedApply(is_approved=is_approved), open_alerting(session)
    try:
        yield watched
    except ReconcilerError as error:
        if watched.is_approved and not isinstance(error, UsageError | Interrupted):
            alerting.refuse_apply(watched.plan, error)
        raise
    if watched.plan is not None and watched.applied is not None:
        alerting.end_apply(watched.plan, watched.applied)


def open_alerting(session: Session) -> Alerting:
    """Open the notifications of a run."""
    return Alerting(session, find_notify_urls(os.environ))
