"""Averaging orders that were counted in a marker: how the count is kept, and what proves that one was never sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.codec.note import NOTE_LIMIT_CHARS, read_note, write_note
from reconciler.model.journal import Intent, IntentState, WriteKind
from reconciler.model.live import LiveTrade


def keep_count(note: str, live: LiveTrade) -> str:
    """Return a note whose marker counts at least as many averaging orders as the live one, so that none is forgotten.

    Args:
        note: What is to be written; without a valid marker it is given back as it is.
        live: The trade as just read.
    """
    marker, counted = read_note(note).marker, count_sent(live)
    return note if marker is None or marker.averaging_sent >= counted else write_count(note, counted)


def write_count(note: str, count: int) -> str:
    """Return a note whose marker counts this many averaging orders; without a valid marker it is returned unchanged."""
    reading = read_note(note)
    if reading.marker is None:
        return note
    return write_note(replace(reading.marker, averaging_sent=count), reading.text)[:NOTE_LIMIT_CHARS].rstrip()


def count_sent(live: LiveTrade) -> int:
    """Return how many averaging orders the marker of a trade counts."""
    return live.reading.marker.averaging_sent if live.reading.marker else 0


def is_proven_unsent(writes: Sequence[Intent], counted: int, *, is_settled: bool) -> bool:
    """Return whether the order that was counted last was never sent, by a journal that saw it counted.

    A run that died between the count and the order leaves this behind. Only the run that counted could send it, as all
    others find it counted and not listed.

    Args:
        writes: All writes of the journal on one trade, oldest first.
        counted: What its marker counts now.
        is_settled: Whether what became of each write was settled before; if not, one whose answer is not known counts
            as not sent, since whoever sends settles it first.
    """
    last, is_open = 0, False
    for intent in writes:
        if intent.write.kind is WriteKind.ADD_FUNDS and not _had_no_effect(intent, is_settled=is_settled):
            is_open = False
        marker = read_note(intent.write.note).marker if intent.write.note else None
        if marker is None or intent.state is IntentState.FAILED:
            continue
        if marker.averaging_sent != last:
            is_open = marker.averaging_sent == last + 1
            last = marker.averaging_sent
    return is_open and last == counted


def _had_no_effect(intent: Intent, *, is_settled: bool) -> bool:
    return intent.state is IntentState.FAILED or (intent.state is IntentState.PENDING and not is_settled)
