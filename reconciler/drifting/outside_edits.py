"""Edits of a live trade outside the files: fields, funds, averaging orders and the note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from reconciler.codec.body import write_body
from reconciler.codec.numbers import is_near, plain
from reconciler.drifting.averaging_edits import find_averaged_units, find_averaging_edits
from reconciler.drifting.baseline import Baseline
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.drifting.edits import STOP_PATH, Edit, Edits
from reconciler.model.drift import Finding, FindingKind, Part, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import Phase
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Step, StopLoss, Terms

_NOTE_PATH = "note"
_UNITS_PATH = "position.units.value"
# Largest accepted difference between a held size and the wanted one, as a share of it: a fee in base currency makes it
# smaller.
_HELD_TOLERANCE = Decimal("0.02")


def find_outside_edits(trade: ComparedTrade, baseline: Baseline, edits: Edits) -> Iterator[Finding]:
    """Find the edits of a live trade outside the files; none while a change by apply is not finished.

    Args:
        trade: The trade.
        baseline: Its last applied values.
        edits: The differences between live and these values.
    """
    if baseline.is_under_way:
        return
    is_open = trade.live.phase is Phase.OPEN
    found = [*(edits.entry if baseline.knows_entry else ()), *(edits.exits if baseline.knows_exits else ())]
    for edit in found:
        # An open position without its stop is reported as a loss.
        is_loss = is_open and edit.path == STOP_PATH and edit.live is None
        # An apply that was interrupted before it wrote the marker: the trade already is as its file wants it.
        is_wanted = trade.spec is not None and edit.live == _find_filed(trade.spec, edit)
        if not is_loss and not is_wanted:
            yield _make_finding(trade, edit, Topic.FIELD, reason(DriftCode.FIELD_EDITED))
    if baseline.knows_entry:
        yield from _find_added_funds(trade, baseline.terms)
    if trade.spec is not None and is_open:
        yield from find_averaging_edits(trade, trade.spec)
    if baseline.is_known and trade.live.reading.marker is not None:
        yield from _find_note_edit(trade, baseline)


def _find_added_funds(trade: ComparedTrade, wanted: Terms) -> Iterator[Finding]:
    """Funds that somebody else added to an open position."""
    live = trade.live
    averaged = find_averaged_units(live, trade.averaging)
    if live.phase is not Phase.OPEN or live.terms.skip_enter_step or averaged is None or not live.entered_units:
        return
    expected = wanted.entry.units + averaged
    if live.entered_units > expected and not is_near(live.entered_units, expected, _HELD_TOLERANCE):
        edit = Edit(path=_UNITS_PATH, applied=plain(expected), live=plain(live.entered_units))
        entered, planned = trade.base_amount(live.entered_units), trade.base_amount(expected)
        added = reason(DriftCode.FUNDS_ADDED, entered=entered, expected=planned)
        yield _make_finding(trade, edit, Topic.FUNDS, added)


def _find_note_edit(trade: ComparedTrade, baseline: Baseline) -> Iterator[Finding]:
    applied, live = baseline.note.strip(), trade.live.reading.text
    if Ignored.NOTE not in trade.ignored and live != applied:
        edit = Edit(path=_NOTE_PATH, applied=applied, live=live)
        yield _make_finding(trade, edit, Topic.NOTE, reason(DriftCode.NOTE_EDITED))


def _make_finding(trade: ComparedTrade, edit: Edit, topic: Topic, found: Reason) -> Finding:
    return Finding(
        kind=FindingKind.DRIFT,
        topic=topic,
        trade=trade.name,
        live_id=trade.live.id,
        reason=found,
        path=edit.path,
        applied=edit.applied,
        filed=_find_filed(trade.spec, edit) if trade.spec else None,
        live=edit.live,
    )


def _find_filed(spec: TradeSpec, edit: Edit) -> Part:
    """Return the value of an edited input in the file, or None if the file has none."""
    if edit.path == _NOTE_PATH:
        return spec.note.strip()
    match edit.applied or edit.live:
        case StopLoss():
            return spec.terms.stop_loss
        case Step():
            steps = spec.terms.steps
            return steps[edit.step] if edit.step is not None and edit.step < len(steps) else None
    return _find_text(write_body(spec.terms), edit.path)


def _find_text(body: object, path: str) -> str | None:
    """Return the text of a field of a body, or None if the body does not have it."""
    value = body
    for key in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None or isinstance(value, dict | list) else str(value)
