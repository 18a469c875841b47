"""Alerts: what somebody who does not watch the screen is notified of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AlertEvent(StrEnum):
    """The kind of an alert, the most severe first."""

    LOSS = "loss"
    INDETERMINATE = "indeterminate"
    APPLY_FAILED = "apply-failed"
    GUARDRAIL = "guardrail"
    FREEZE = "freeze"
    DRIFT = "drift"
    APPLIED = "applied"


class AlertChange(StrEnum):
    """What has happened to an alert since the last notification."""

    APPEARED = "appeared"
    WORSENED = "worsened"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to notify of.

    Attributes:
        event: Its kind.
        subject: The trade that it is about; empty if it is about none.
        topic: What tells it from others of the same kind about the same trade.
        text: One sentence; may have text from outside.
        weight: How bad it is, to see whether it becomes worse: an amount of money or a count.
        detail: What it is now, as a text that changes with it; empty if that is not known.
        is_lasting: Whether it stays until it is over; one that is not is notified of each time.
    """

    event: AlertEvent
    subject: str = ""
    topic: str = ""
    text: str
    weight: Decimal = Decimal(0)
    detail: str = ""
    is_lasting: bool = True

    @property
    def key(self) -> str:
        """The fingerprint by which it is known again."""
        return digest_text("\n".join((self.event, self.subject, self.topic)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlert:
    """An alert of which somebody was notified.

    Attributes:
        event: Its kind.
        subject: The trade that it is about; empty if it is about none.
        text: What was said of it.
        weight: How bad it was.
        detail: Digest of what it was; empty if that is not known.
        is_present: Whether it has not been cleared since.
        sent_at: When the last notification of it was sent, in seconds since 1970.
    """

    event: AlertEvent
    subject: str
    text: str
    weight: Decimal
    detail: str
    is_present: bool
    sent_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A line of a notification.

    Attributes:
        change: What has happened to the alert.
        event: The kind of the alert.
        subject: The trade that it is about; empty if it is about none.
        text: What it says.
    """

    change: AlertChange
    event: AlertEvent
    subject: str
    text: str


def digest_text(text: str) -> str:
    """Return the digest of a text; empty for an empty one."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32] if text else ""
