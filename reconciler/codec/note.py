"""The marker: the ownership text that a live trade carries in its note.

    [reconciler:1 prod-7f3a/btc-dip#1 5f3a9c1e 0b77d2aa]

Format version, workspace / trade # generation, digest of the entry, digest of the exits, both as last applied;
`old>new` in a digest's place while a change is under way; `a2` counts averaging orders sent. The user's text follows.
The API has no client order id and writes the note atomically with the create, so this text is the only proof of what
was already opened. Source: SmartTradesV2 page, `note`; assumed: the API returns the note as it was sent.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from reconciler.codec.body import write_body
from reconciler.model.lifecycle import drop_ignored
from reconciler.model.terms import Terms

FORMAT_VERSION = 1
# Source: SmartTradesV2 create page: "note" has 1 to 300 characters.
NOTE_LIMIT_CHARS = 300
MARKER_START = "[reconciler"
NAME_PATTERN = r"[a-z0-9][a-z0-9._-]{0,47}"
WORKSPACE_PATTERN = r"[a-z0-9][a-z0-9._-]{0,23}"

_DIGEST = r"[0-9a-f]{8}"
_CHANGING_DIGEST = rf"({_DIGEST})(?:>({_DIGEST}))?"
_MARKER = re.compile(
    rf"\[reconciler:1 ({WORKSPACE_PATTERN})/({NAME_PATTERN})#([1-9][0-9]{{0,8}})"
    rf" {_CHANGING_DIGEST} {_CHANGING_DIGEST}(?: a([1-9][0-9]{{0,3}}))?\]"
)
_VERSION = re.compile(r"\[reconciler:([0-9]{1,9}) ")
_NAME_IN_DAMAGED = re.compile(rf"({WORKSPACE_PATTERN})/({NAME_PATTERN})#")
# Sorted keys, no white space, the version inside the hashed text: any change of the canonical form changes the number.
_DIGEST_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest as last applied, and the one a change under way leads to.

    Attributes:
        applied: 8 hex digits.
        pending: 8 hex digits while a change is under way, else None.
    """

    applied: str
    pending: str | None = None

    def __str__(self) -> str:
        return self.applied if self.pending is None else f"{self.applied}>{self.pending}"

    @property
    def target(self) -> str:
        """What the digest is, or will be when the change under way is done."""
        return self.pending or self.applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """Who owns a live trade, and what was last applied to it.

    Attributes:
        workspace: Name of the workspace.
        name: Name of the trade.
        generation: Generation of the trade, from 1.
        entry: Digest of account, pair, kind and position.
        exits: Digest of leverage, take profit and stop loss.
        averaging_sent: Averaging orders sent so far.
    """

    workspace: str
    name: str
    generation: int
    entry: Digest
    exits: Digest
    averaging_sent: int = 0

    def __str__(self) -> str:
        averaging = f" a{self.averaging_sent}" if self.averaging_sent else ""
        return (
            f"[reconciler:{FORMAT_VERSION} {self.workspace}/{self.name}#{self.generation}"
            f" {self.entry} {self.exits}{averaging}]"
        )


class MarkerState(StrEnum):
    """What kind of marker a note holds."""

    ABSENT = "absent"
    VALID = "valid"
    DAMAGED = "damaged"
    UNKNOWN_VERSION = "unknown_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReading:
    """What a note says about ownership.

    Attributes:
        state: Whether there is a marker and whether it can be read.
        marker: The marker, when valid.
        text: The note without the marker, stripped.
        damaged_name: The trade's name where a damaged or newer marker still shows it, else None.
        damaged_workspace: The workspace, likewise.
    """

    state: MarkerState
    marker: Marker | None
    text: str
    damaged_name: str | None = None
    damaged_workspace: str | None = None


def read_note(*notes: str | None) -> NoteReading:
    """What a live trade's note says about ownership.

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


def write_note(marker: Marker, text: str) -> str:
    """The whole note: marker, then the user's text.

    Args:
        marker: Who owns the trade.
        text: The user's text, at most `room_for_text(marker)` characters.
    """
    return f"{marker} {text}" if text else str(marker)


def room_for_text(workspace: str, name: str) -> int:
    """How many characters of the user's text always fit beside the marker of a trade.

    The longest form counts: both digests changing, large generation and averaging numbers.
    """
    digest = Digest(applied="0" * 8, pending="0" * 8)
    longest = Marker(
        workspace=workspace, name=name, generation=999_999_999, entry=digest, exits=digest, averaging_sent=9999
    )
    return NOTE_LIMIT_CHARS - len(str(longest)) - 1


def entry_digest(terms: Terms) -> str:
    """8 hex digits over account, pair, kind and position."""
    body = write_body(terms)
    return _digest({key: body.get(key) for key in ("account_id", "pair", "instant", "skip_enter_step", "position")})


def exits_digest(terms: Terms, ignored: Collection[str] = ()) -> str:
    """8 hex digits over leverage, take profit and stop loss.

    Args:
        terms: Inputs.
        ignored: Paths that do not count, since nothing is done about them.
    """
    body = drop_ignored(write_body(terms), ignored)
    return _digest({key: body.get(key) for key in ("leverage", "take_profit", "stop_loss")})


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
    # Where two are named, the trade may be either.
    named = set(_NAME_IN_DAMAGED.findall(marked))
    workspace, name = named.pop() if len(named) == 1 else (None, None)
    return NoteReading(
        state=MarkerState.UNKNOWN_VERSION if is_newer else MarkerState.DAMAGED,
        marker=None,
        text=note,
        damaged_name=name,
        damaged_workspace=workspace,
    )


def _digest(content: dict[str, object]) -> str:
    text = json.dumps({"v": _DIGEST_VERSION, **content}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
