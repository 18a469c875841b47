"""Requests that may still have their effect, since a gateway may hold them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from reconciler.model.journal import Intent, WriteKind
from reconciler.model.outcome_codes import SettlingReason
from reconciler.model.reasons import Reason, reason


def find_pending(
    intents: Iterable[Intent], renames: Mapping[str, str], now: datetime, delay_s: float
) -> dict[str, Reason]:
    """Find trades that a create of an earlier run may still open, with the reason.

    Args:
        intents: Requests whose effect is not known.
        renames: Former to present name.
        now: The present.
        delay_s: The longest time in seconds that a gateway may hold a request back.
    """
    creates = [intent for intent in intents if intent.write.kind is WriteKind.CREATE]
    return {
        renames.get(intent.write.trade, intent.write.trade): describe_delay(intent, now, delay_s)
        for intent in creates
        if is_delayed(intent, now, delay_s)
    }


def is_delayed(intent: Intent, now: datetime, delay_s: float) -> bool:
    """Return whether a request may still have its effect: a gateway may hold it back.

    One from the future counts as new; if no gateway holds anything back, its clock does not count.
    """
    return delay_s > 0 and now - intent.intended_at < timedelta(seconds=delay_s)


def describe_delay(intent: Intent, now: datetime, delay_s: float) -> Reason:
    """Describe why a request of an earlier run is not sent again yet."""
    sent_at = min(intent.intended_at, now)
    return reason(
        SettlingReason.DELAYED,
        run=intent.run_id,
        kind=name_kind(intent.write.kind),
        sent_at=sent_at,
        until=sent_at + timedelta(seconds=delay_s),
    )


def name_kind(kind: WriteKind) -> str:
    """Name a kind of write in words: `add funds`."""
    return kind.value.replace("_", " ")
