"""The text of a note shares 300 characters with the ownership marker, and must not resemble a marker.

Source: SmartTrade docs, note: "too long. Max is 300 symbols".
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.note import MARKER_START, NOTE_LIMIT_CHARS, room_for_text
from reconciler.codec.printable import is_plain
from reconciler.rules.candidate import Candidate, Finding


def check_note(candidate: Candidate) -> Iterator[Finding]:
    """Find a note that is too long, is not one line of text, or contains a marker."""
    note = candidate.text("note")
    if note is None:
        return
    text, room = note.strip(), room_for_text(candidate.workspace, candidate.name)
    if len(text) > room:
        message = (
            f"found {len(text)} characters, expected at most {room}: "
            f"the ownership marker takes the rest of the {NOTE_LIMIT_CHARS}"
        )
        yield Finding(path=("note",), message=message)
    if MARKER_START in text.lower():
        message = f"found {MARKER_START!r}, which begins the ownership marker; use other words"
        yield Finding(path=("note",), message=message)
    if not is_plain(text):
        message = "found a line break, or a character that does not show, expected one line of text"
        yield Finding(path=("note",), message=message)
