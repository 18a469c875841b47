"""`drift --watch`: one line for each finding that appears, changes or goes away."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from reconciler.clock import Clock
from reconciler.codec.instants import write_instant
from reconciler.errors import ReconcilerError
from reconciler.model.drift import DriftReport, Finding
from reconciler.rendering.drift_json import write_finding
from reconciler.rendering.finding_text import finding_line, finding_trade

_Key = tuple[str, str, str, int | None]


class DriftWatcher:
    """Compares each check with the one before.

    Args:
        check: One check.
        clock: Says when a check failed.
        show: Prints a result.
        report: Prints a message.
        is_json: Whether lines are JSON objects.
    """

    def __init__(
        self,
        check: Callable[[], DriftReport],
        clock: Clock,
        show: Callable[[str], None],
        report: Callable[[str], None],
        *,
        is_json: bool,
    ) -> None:
        self._check = check
        self._clock = clock
        self._show = show
        self._report = report
        self._is_json = is_json
        self._is_blind = False
        self.present: dict[_Key, Finding] = {}

    def check(self) -> None:
        """Check once, and show what is new, what has changed and what is gone.

        Raises:
            ReconcilerError: Nothing could be read.
        """
        report = self._check()
        if self._is_blind:
            self._is_blind = False
            self._report_event(report.made_at, "sees_again", "the live trades can be read again")
        present = {_key_of(finding): finding for finding in report.alarms}
        for key, finding in present.items():
            known = self.present.get(key)
            if known is None or (known.live, known.reason, known.hint) != (finding.live, finding.reason, finding.hint):
                self._show_finding(report, "found", finding)
        for key, finding in self.present.items():
            if key not in present:
                self._show_finding(report, "gone", finding)
        self.present = present

    def report_error(self, error: ReconcilerError) -> None:
        """Report that a check failed; the findings of the one before stay until the next."""
        self._is_blind = True
        self._report_event(self._clock.now(), "error", error.message)

    def _report_event(self, at: datetime, event: str, text: str) -> None:
        if self._is_json:
            self._show(json.dumps({"at": write_instant(at), "event": event, "text": text}, ensure_ascii=False))
        else:
            self._report(f"{write_instant(at)}  {text}")

    def _show_finding(self, report: DriftReport, event: str, finding: Finding) -> None:
        at = write_instant(report.made_at)
        if self._is_json:
            written = {"at": at, "event": event, **write_finding(finding, report.pairs)}
            self._show(json.dumps(written, ensure_ascii=False))
        else:
            words = f"{finding.kind.value:<5}  {finding_trade(finding)}  {finding_line(finding)}"
            self._show(f"{at}  {event:<5}  {words}")


def _key_of(finding: Finding) -> _Key:
    return (finding.trade, finding.topic.value, finding.path, finding.live_id)
