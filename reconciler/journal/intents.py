"""Requests of the journal, from rows: an unreadable one becomes a damaged one, never an error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_

from reconciler.codec.note import read_note
from reconciler.journal import tables
from reconciler.journal.json_texts import read_write
from reconciler.journal.rows import Row
from reconciler.model.journal import Intent, IntentState, Write, WriteKind

T = TypeVar("T")
# Used if the name of a trade cannot be read; a real name never begins like this.
NO_NAME = "(unknown)"
# Whether these had their effect is seen by what the trade showed before.
_COMPARED_KINDS = (
    WriteKind.ADD_FUNDS,
    WriteKind.REDUCE_FUNDS,
    WriteKind.FORCE_START,
    WriteKind.FORCE_PROCESS,
    WriteKind.CLOSE_STEP,
    WriteKind.CANCEL_ORDER,
)
_STEP_KINDS = (
    WriteKind.CANCEL_STEP,
    WriteKind.CLOSE_STEP,
    WriteKind.CANCEL_ORDER,
    WriteKind.CANCEL_AVERAGING,
)


def is_unresolved() -> ColumnElement[bool]:
    """Select the requests with an unknown result; an unreadable state counts as unknown.

    As ranges, so that an index finds them.
    """
    state = tables.intents.c.state
    applied, failed = IntentState.APPLIED.value, IntentState.FAILED.value
    return or_(state.is_(None), state < applied, and_(state > applied, state < failed), state > failed)


def read_account(row: Row) -> int | None:
    """Read the account that a request was sent to, or None if that is not known."""
    write, body = row.document("write") or {}, row.document("body") or {}
    after = write.get("after")
    named = (write.get("account_id"), after.get("account_id") if isinstance(after, dict) else None)
    found = (each for each in (*named, body.get("account_id")) if isinstance(each, int) and each > 0)
    return next(found, None)


def read_intent(row: Row, to_instant: Callable[[float], datetime]) -> Intent:
    """Read a request.

    Args:
        row: Of the journal.
        to_instant: From the journal's time to that of this machine, never later than now.
    """
    intended = row.seconds("intended_at")
    write = _read_write(row)
    if isinstance(write, str):
        damage, write = write, _rescue(row)
    else:
        damage = ""
    return Intent(
        id=row.integer("id") or 0,
        run_id=row.integer("run_id") or 0,
        write=write,
        # An unknown time counts as just now: then nothing is concluded too early.
        intended_at=to_instant(datetime.max.replace(tzinfo=UTC).timestamp() if intended is None else intended),
        state=row.state(),
        text=row.text("text"),
        damage=damage,
    )


def _read_write(row: Row) -> Write | str:
    """Read what a request does; a text if that is damaged."""
    kind, trade, generation = row.text("kind"), row.text("trade"), row.integer("generation")
    if kind not in tuple(WriteKind) or kind == WriteKind.UNKNOWN:
        return "its kind cannot be read"
    if not trade or generation is None:
        return "the name of its trade cannot be read"
    document = row.document("write")
    if document is None:
        return "what it writes cannot be read"
    write = attempt(
        lambda: read_write(document, kind=kind, trade=trade, generation=generation, live_id=row.integer("live_id"))
    )
    if write is None:
        return "what it writes cannot be read"
    return write if _is_whole(write) else "what it writes is not complete"


def _is_whole(write: Write) -> bool:
    """Return whether a request says all that is needed to see by reading whether it had its effect."""
    if write.kind is WriteKind.CREATE:
        return read_note(write.note).marker is not None
    if write.live_id is None or (write.kind in _STEP_KINDS and write.step_id is None):
        return False
    if write.kind is WriteKind.SET_NOTE:
        return write.note is not None
    if write.kind is WriteKind.UPDATE:
        return write.after is not None
    return write.kind not in _COMPARED_KINDS or write.seen is not None or write.averaging is not None


def _rescue(row: Row) -> Write:
    """Read what can still be known of a damaged request: above all its trade, which a create names in its note too."""
    document, body = row.document("write") or {}, row.document("body") or {}
    notes = [each for each in (document.get("note"), body.get("note")) if isinstance(each, str)]
    markers = [marker for marker in map(_read_marker, notes) if marker is not None]
    name, generation = row.text("trade"), row.integer("generation")
    kind = row.text("kind")
    return Write(
        kind=WriteKind(kind) if kind in tuple(WriteKind) else WriteKind.UNKNOWN,
        trade=name or (markers[0][0] if markers else NO_NAME),
        generation=generation if generation is not None else (markers[0][1] if markers else 0),
        live_id=row.integer("live_id"),
        account_id=read_account(row) or 0,
    )


def _read_marker(note: str) -> tuple[str, int] | None:
    marker = attempt(lambda: read_note(note).marker)
    return None if marker is None else (marker.name, marker.generation)


def attempt(read: Callable[[], T]) -> T | None:
    """Read a value; None if it is damaged in any way."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - a damaged value may fail anywhere in its reader, and must end nothing
        return None
