"""The marker: the ownership text that a live trade carries in its note.

    [reconciler:1 prod-7f3a/btc-dip#1 5f3a9c1e 0b77d2aa]

Format version, workspace / trade # generation, digest of the entry, digest of the exits, both as last applied;
`old>new` in a digest's place while a change is under way; `a2` counts averaging orders sent. The user's text follows.
The API has no client order id and writes the note atomically with the create, so this text is the only proof of what
was already opened. Source: SmartTradesV2 page, `note`; assumed: the API returns the note as it was sent.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from reconciler.model.marker import Digest, Marker, MarkerState, NoteReading
from reconciler.model.operations import Operation

FORMAT_VERSION = 1
# Source: SmartTradesV2 create page: "note" has 1 to 300 characters.
NOTE_LIMIT_CHARS = 300
MARKER_START = "[reconciler"
NAME_PATTERN = r"[a-z0-9][a-z0-9._-]{0,47}"
WORKSPACE_PATTERN = r"[a-z0-9][a-z0-9._-]{0,23}"
# A run asks for the same notes again and again; a page of the API has 100 trades.
_KEPT_READINGS = 2048

_DIGEST = r"[0-9a-f]{8}"
_CHANGING_DIGEST = rf"({_DIGEST})(?:>({_DIGEST}))?"
_MARKER = re.compile(
    rf"\[reconciler:1 ({WORKSPACE_PATTERN})/({NAME_PATTERN})#([1-9][0-9]{{0,8}})"
    rf" {_CHANGING_DIGEST} {_CHANGING_DIGEST}(?: a([1-9][0-9]{{0,3}}))?\]"
)
_LINE_BREAK = re.compile(r"<br ?/?>\r?\n?")
_VERSION = re.compile(r"\[reconciler:([0-9]{1,9}) ")
_SALE_TEXT = re.compile(r"\bsells what #([0-9]{1,18}) holds\b")
_NAME_IN_DAMAGED = re.compile(rf"({WORKSPACE_PATTERN})/({NAME_PATTERN})#")


@lru_cache(maxsize=_KEPT_READINGS)
def read_note(*notes: str | None) -> NoteReading:
    """Read who owns a live trade.

    Args:
        notes: `note_raw` first, then `note`; the first that holds any marker counts.

    Returns:
        The reading; without a marker its text is that of the first note that is not empty.
    """
    present = [note for note in notes if note]
    for note in present:
        if MARKER_START in note:
            return _read_marked(note)
    return NoteReading(state=MarkerState.ABSENT, marker=None, text=present[0].strip() if present else "")


def read_shown_note(shown: str) -> str:
    """Return the text of a note that the API shows as HTML only, as it did in 2021.

    Args:
        shown: `note` of an entity that has no `note_raw`. Observed: line breaks as `<br />`, signs as `&amp;`.
    """
    return unescape(_LINE_BREAK.sub("\n", shown))


def write_note(marker: Marker, text: str) -> str:
    """Return the whole note: marker, then the user's text.

    Args:
        marker: Who owns the trade.
        text: The user's text, at most `room_for_text(marker)` characters.
    """
    return f"{write_marker(marker)} {text}" if text else write_marker(marker)


def room_for_text(workspace: str, name: str) -> int:
    """Return the number of characters of the user's text that always fit beside the marker of a trade.

    The longest form counts: both digests changing, large generation and averaging numbers.
    """
    digest = Digest(applied="0" * 8, pending="0" * 8)
    longest = Marker(
        workspace=workspace, name=name, generation=999_999_999, entry=digest, exits=digest, averaging_sent=9999
    )
    return NOTE_LIMIT_CHARS - len(write_marker(longest)) - 1


def write_marker(marker: Marker) -> str:
    """Return the text of a marker."""
    averaging = f" a{marker.averaging_sent}" if marker.averaging_sent else ""
    return (
        f"[reconciler:{FORMAT_VERSION} {marker.workspace}/{marker.name}#{marker.generation}"
        f" {_write_digest(marker.entry)} {_write_digest(marker.exits)}{averaging}]"
    )


def find_former_name(operation: Operation) -> str | None:
    """Return the name that a live trade still has, if an operation gives it another one."""
    if operation.precondition is None or operation.note_after is None:
        return None
    before, after = read_note(operation.precondition.note).marker, read_note(operation.note_after).marker
    return before.name if before and after and before.name != after.name else None


def _write_digest(digest: Digest) -> str:
    return digest.applied if digest.pending is None else f"{digest.applied}>{digest.pending}"


def _read_marked(note: str) -> NoteReading:
    found = _MARKER.search(note)
    if found is None or note.count(MARKER_START) > 1:
        return _read_damaged(note)
    workspace, name, generation, entry, entry_next, exits, exits_next, averaging = found.groups()
    marker = Marker(
        workspace=workspace,
        name=name,
        generation=int(generation),
        entry=Digest(applied=entry, pending=entry_next),
        exits=Digest(applied=exits, pending=exits_next),
        averaging_sent=int(averaging or 0),
    )
    text = f"{note[: found.start()].strip()} {note[found.end() :].strip()}".strip()
    return NoteReading(state=MarkerState.VALID, marker=marker, text=text)


def _read_damaged(note: str) -> NoteReading:
    marked = note[note.find(MARKER_START) :]
    is_newer = any(int(version) != FORMAT_VERSION for version in _VERSION.findall(marked))
    # If two are named, the trade may be either.
    named = set(_NAME_IN_DAMAGED.findall(marked))
    workspace, name = named.pop() if len(named) == 1 else (None, None)
    return NoteReading(
        state=MarkerState.UNKNOWN_VERSION if is_newer else MarkerState.DAMAGED,
        marker=None,
        text=note,
        damaged_name=name,
        damaged_workspace=workspace,
    )


def write_sale_text(live_id: int) -> str:
    """Return the text of the note of a trade that sells what another one holds.

    Args:
        live_id: SmartTrade id of the other one.
    """
    return f"sells what #{live_id} holds"


def read_sale_text(text: str) -> int | None:
    """Return the id of the trade of which the note of another one says that it sells what the first holds, or None.

    Args:
        text: The text of the note. A person may have written before and behind it.
    """
    found = _SALE_TEXT.search(text)
    return None if found is None else int(found[1])
