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
    """Compares each look with the one before.

    Args:
        look: One look.
        clock: Tells when a look failed.
        show: Prints a result.
        tell: Prints a message.
        is_json: Whether lines are JSON objects.
    """

    def __init__(
        self,
        look: Callable[[], DriftReport],
        clock: Clock,
        show: Callable[[str], None],
        tell: Callable[[str], None],
        *,
        is_json: bool,
    ) -> None:
        self._look = look
        self._clock = clock
        self._show = show
        self._tell = tell
        self._is_json = is_json
        self._is_blind = False
        self.standing: dict[_Key, Finding] = {}

    def look(self) -> None:
        """Look once, and tell what is new, what has changed and what is gone.

        Raises:
            ReconcilerError: Nothing could be seen.
        """
        report = self._look()
        if self._is_blind:
            self._is_blind = False
            self._tell_event(report.made_at, "sees_again", "the live trades can be read again")
        present = {_key_of(finding): finding for finding in report.alarms}
        for key, finding in present.items():
            known = self.standing.get(key)
            if known is None or (known.live, known.reason) != (finding.live, finding.reason):
                self._show_finding(report, "found", finding)
        for key, finding in self.standing.items():
            if key not in present:
                self._show_finding(report, "gone", finding)
        self.standing = present

    def tell_error(self, error: ReconcilerError) -> None:
        """Tell that a look failed; what stood before stands until the next."""
        self._is_blind = True
        self._tell_event(self._clock.now(), "error", error.message)

    def _tell_event(self, at: datetime, event: str, text: str) -> None:
        if self._is_json:
            self._show(json.dumps({"at": write_instant(at), "event": event, "text": text}, ensure_ascii=False))
        else:
            self._tell(f"{write_instant(at)}  {text}")

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
