"""Adopt a live trade: write a marker in its note, and nothing else."""

from __future__ import annotations

import dataclasses

from reconciler.codec.note import NOTE_LIMIT_CHARS, write_note
from reconciler.codec.printable import clean_text
from reconciler.diffing.compare import compare
from reconciler.model.forecasts import Forecast
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.operations import Action, Cause, Effect, FieldChange, Operation, Precondition
from reconciler.model.reasons import reason
from reconciler.model.specs import TradeSpec
from reconciler.planning.operations import wanted_marker


def adopt(
    workspace: str, spec: TradeSpec, live: LiveTrade, rates: Rates | None = None, *, averaging_listed: int = 0
) -> Operation | None:
    """Return the operation that gives a live trade the name of a file; None if its note has that name already.

    The marker describes the live values. If the file differs, the next plan shows that the file has changed. A
    text of the user that the file does not have is kept.

    Args:
        workspace: Name of the workspace.
        spec: What the file says.
        live: The trade.
        rates: Limits of the pair for lot and tick rounding.
        averaging_listed: How many averaging orders the API lists: they count as sent, whoever sent them.

    Raises:
        ValueError: Marker and text do not fit into a note; the text says so.
    """
    stated = dataclasses.replace(spec, terms=compare(live, spec.terms, rates).live)
    known = live.reading.marker
    counted = max(known.averaging_sent if known else 0, averaging_listed)
    marker = dataclasses.replace(wanted_marker(workspace, stated), averaging_sent=counted)
    text = spec.note or (live.reading.text if clean_text(live.reading.text) else "")
    note = write_note(marker, text)
    if len(note) > NOTE_LIMIT_CHARS:
        excess = len(note) - NOTE_LIMIT_CHARS
        raise ValueError(
            f"its note and the marker would have {len(note)} characters, {NOTE_LIMIT_CHARS} are allowed: shorten the"
            f" note by {excess} in 3Commas, or say a shorter one in the file"
        )
    if note == live.note:
        return None
    return Operation(
        action=Action.SET_NOTE,
        trade=spec.name,
        generation=spec.generation,
        cause=Cause.MARKER,
        effect=Effect.LABELS,
        money=(reason(Forecast.MOVES_NO_MONEY),),
        changes=(FieldChange(path="note", live=live.note, wanted=note),),
        note_after=note,
        former_names=spec.former_names,
        ignored=tuple(sorted(spec.lifecycle.ignored)),
        precondition=Precondition(
            live_id=live.id,
            status=live.status,
            note=live.note,
            terms=live.terms,
            finished_steps=len(live.finished_steps),
        ),
    )
