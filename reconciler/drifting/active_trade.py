"""What is to be said about a trade that is live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.codec.body import write_body
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.numbers import is_near, plain
from reconciler.diffing.ignored_fields import take_ignored
from reconciler.drifting.averaging_edits import find_averaging_edits, find_entered_besides, has_averaging_changes
from reconciler.drifting.baseline import Baseline, find_baseline, shows_exits_as_applied
from reconciler.drifting.edits import STOP_PATH, Edit, Edits, find_edits
from reconciler.drifting.progress import find_progress
from reconciler.model.averaging import AveragingReading
from reconciler.model.drift import Finding, FindingKind, Part, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms

# How far a held size may be from the one that was asked for, as a share of it: a fee in base currency makes it smaller.
_HELD_TOLERANCE = Decimal("0.02")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTrade:
    """A live trade and all that is known of it.

    Attributes:
        name: Name of the trade.
        spec: What the file says, or None where no file names it.
        live: What the API has; its marker may be gone.
        applied: What the journal knows, or None.
        rates: Limits of its pair, or None where they were not read.
        averaging: What was read of its averaging orders, or None where its marker counts none.
    """

    name: str
    spec: TradeSpec | None
    live: LiveTrade
    applied: AppliedTrade | None
    rates: Rates | None
    averaging: AveragingReading | None = None

    @property
    def ignored(self) -> frozenset[Ignored]:
        """Fields that the file leaves to others."""
        return self.spec.lifecycle.ignored if self.spec else frozenset()


def check_active(subject: ComparedTrade) -> Iterator[Finding]:
    """Everything that is to be said about a live trade."""
    live = subject.live
    if live.phase is Phase.ENDED:
        return
    baseline = find_baseline(live, subject.spec, subject.applied)
    yield from _find_losses(subject, baseline)
    if live.phase is Phase.BUSY:
        yield _describe(subject, FindingKind.PROGRESS, Topic.BUSY, f"{live.status}; nothing can be said now")
        return
    if baseline is None:
        yield from find_progress(subject.name, live, None, None)
        return
    edits = find_edits(live, baseline.terms, subject.rates, subject.ignored)
    yield from find_progress(subject.name, live, baseline.terms, edits.stated)
    if subject.ignored:
        baseline = replace(baseline, terms=take_ignored(baseline.terms, edits.stated, subject.ignored))
        edits = find_edits(live, baseline.terms, subject.rates, subject.ignored)
    yield from _find_drift(subject, baseline, edits)
    changes = tuple(_find_file_changes(subject, baseline, edits))
    yield from changes
    spec = subject.spec
    if not changes and spec is not None and has_averaging_changes(spec, live, subject.averaging, subject.rates):
        yield _describe(subject, FindingKind.FILE, Topic.CHANGED, "averaging orders are to be sent or cancelled")


def _find_losses(subject: ComparedTrade, baseline: Baseline | None) -> Iterator[Finding]:
    live = subject.live
    if live.phase is not Phase.OPEN:
        return
    stop = live.terms.stop_loss
    asked = baseline.terms.stop_loss if baseline and baseline.knows_exits else None
    if subject.spec is not None and Ignored.STOP_LOSS in subject.ignored:
        asked = subject.spec.terms.stop_loss
    is_unwanted = subject.spec is not None and subject.spec.terms.stop_loss is None
    if stop is None and asked is not None and not is_unwanted:
        text = "the position is open and its stop is gone: reconciler plan shows how to set it again"
        if Ignored.STOP_LOSS in subject.ignored:
            text = "the position is open and has no stop; its file has one, and lifecycle.ignore_changes leaves it so"
        filed = subject.spec.terms.stop_loss if subject.spec else None
        yield Finding(
            kind=FindingKind.LOSS,
            topic=Topic.STOP_GONE,
            trade=subject.name,
            live_id=live.id,
            text=text,
            path=STOP_PATH,
            applied=asked,
            filed=filed,
        )
    elif stop is not None and not live.is_stop_armed:
        text = f"the position is open and its stop does not stand ({live.stop_status or 'without status'})"
        text += ": reconciler plan shows how to arm it again"
        yield _describe(subject, FindingKind.LOSS, Topic.STOP_NOT_ARMED, text)
    for place, step in enumerate(live.steps, start=1):
        if step.status == "failed":
            text = f"take-profit step {place} does not stand ({step.status})"
            yield _describe(subject, FindingKind.LOSS, Topic.STEP_FAILED, text)


def _find_drift(subject: ComparedTrade, baseline: Baseline, edits: Edits) -> Iterator[Finding]:
    if baseline.is_under_way:
        return
    is_open = subject.live.phase is Phase.OPEN
    found = [*(edits.entry if baseline.knows_entry else ()), *(edits.exits if baseline.knows_exits else ())]
    for edit in found:
        # An open position without its stop is a loss, and told as one.
        is_loss = is_open and edit.path == STOP_PATH and edit.after is None
        # What the file asks for by now was no edit against it: an apply died before it could write the marker.
        is_wanted = subject.spec is not None and edit.after == _find_filed(subject, edit)
        if not is_loss and not is_wanted:
            yield _describe_edit(subject, edit)
    if baseline.knows_entry:
        yield from _find_funds(subject, baseline.terms)
    if subject.spec is not None and subject.live.phase is Phase.OPEN:
        yield from find_averaging_edits(subject.spec, subject.live, subject.averaging, subject.rates)
    if baseline.is_known and subject.live.reading.marker is not None:
        yield from _find_note(subject, baseline)


def _find_funds(subject: ComparedTrade, wanted: Terms) -> Iterator[Finding]:
    """Funds that were added to an open position by somebody else."""
    live = subject.live
    added = find_entered_besides(live, subject.averaging)
    if live.phase is not Phase.OPEN or live.terms.skip_enter_step or added is None or not live.entered_units:
        return
    asked = wanted.entry.units + added
    if live.entered_units > asked and not is_near(live.entered_units, asked, _HELD_TOLERANCE):
        text = f"funds were added: {plain(live.entered_units)} {wanted.base} were entered instead of {plain(asked)}"
        edit = Edit(path="position.units.value", before=plain(asked), after=plain(live.entered_units))
        yield _describe_edit(subject, edit, topic=Topic.FUNDS, text=text)


def _find_note(subject: ComparedTrade, baseline: Baseline) -> Iterator[Finding]:
    text = subject.live.reading.text
    if Ignored.NOTE not in subject.ignored and text != baseline.note.strip():
        edit = Edit(path="note", before=baseline.note.strip(), after=text)
        yield _describe_edit(subject, edit, topic=Topic.NOTE, text="the text of its note was edited")


def _find_file_changes(subject: ComparedTrade, baseline: Baseline, edits: Edits) -> Iterator[Finding]:
    """That the file is not what was last applied, which is for `plan`."""
    spec, live = subject.spec, subject.live
    if baseline.is_under_way:
        text = "a change was begun and is not finished: apply settles it"
        yield _describe(subject, FindingKind.FILE, Topic.UNDER_WAY, text)
        return
    if spec is None:
        return
    if spec.state is not DesiredState.OPEN or _is_raised(spec, live):
        yield _describe(subject, FindingKind.FILE, Topic.CHANGED, "changed in the file")
        return
    if baseline.is_known:
        has_other_note = Ignored.NOTE not in subject.ignored and spec.note.strip() != baseline.note.strip()
        if has_other_note or not _says_the_same(spec, baseline.terms):
            yield _describe(subject, FindingKind.FILE, Topic.CHANGED, "changed in the file")
        return
    is_entry_sure = baseline.knows_entry or live.phase is Phase.OPEN or _shows_entry_as_applied(live)
    is_exits_sure = (
        baseline.knows_exits or not edits.exits or shows_exits_as_applied(live, edits.stated, subject.ignored)
    )
    if is_entry_sure and is_exits_sure:
        yield _describe(subject, FindingKind.FILE, Topic.CHANGED, "changed in the file")
    else:
        text = "changed in the file, and perhaps outside too"
        yield _describe(subject, FindingKind.FILE, Topic.CHANGED_AND_PERHAPS_EDITED, text)


def _is_raised(spec: TradeSpec, live: LiveTrade) -> bool:
    marker = live.reading.marker
    return marker is not None and spec.generation != marker.generation


def _says_the_same(spec: TradeSpec, other: Terms) -> bool:
    """The marker counts what its digests count."""
    one, ignored = spec.terms, spec.lifecycle.ignored
    return one == other or (
        entry_digest(one) == entry_digest(other) and exits_digest(one, ignored) == exits_digest(other, ignored)
    )


def _shows_entry_as_applied(live: LiveTrade) -> bool:
    marker = live.reading.marker
    return marker is not None and entry_digest(live.terms) == marker.entry.applied


def _describe(subject: ComparedTrade, kind: FindingKind, topic: Topic, text: str) -> Finding:
    return Finding(kind=kind, topic=topic, trade=subject.name, live_id=subject.live.id, text=text)


def _describe_edit(
    subject: ComparedTrade, edit: Edit, *, topic: Topic = Topic.FIELD, text: str = "edited outside the files"
) -> Finding:
    return Finding(
        kind=FindingKind.DRIFT,
        topic=topic,
        trade=subject.name,
        live_id=subject.live.id,
        text=text,
        path=edit.path,
        applied=edit.before,
        filed=_find_filed(subject, edit),
        live=edit.after,
    )


def _find_filed(subject: ComparedTrade, edit: Edit) -> Part:
    """What the file says of an edited input."""
    spec = subject.spec
    if spec is None:
        return None
    if edit.path == "note":
        return spec.note.strip()
    value: object = write_body(spec.terms)
    for key in edit.path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        place = edit.path.removeprefix("take_profit.steps[").removesuffix("]")
        return spec.terms.stop_loss if edit.path == STOP_PATH else spec.terms.steps[int(place)]
    return None if value is None else str(value)
