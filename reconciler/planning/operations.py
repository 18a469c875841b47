"""Operations, made with their effect, precondition and note."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.note import write_note
from reconciler.diffing.compare import Difference
from reconciler.diffing.firing import find_certain_fires, find_fires
from reconciler.matching.sighting import owned_marker
from reconciler.model.field_groups import STOP_STATUS_PATH, FieldGroup
from reconciler.model.fires import Fire
from reconciler.model.forecasts import Forecast
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveStep, LiveTrade, Phase, Prices, Rates
from reconciler.model.marker import Digest, Marker
from reconciler.model.operations import Action, Cause, Effect, FieldChange, Operation, Precondition
from reconciler.model.reasons import Reason, reason
from reconciler.model.refused_updates import RefusedUpdate
from reconciler.model.specs import TradeSpec
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import Terms
from reconciler.planning import forecasts
from reconciler.planning.consequences import foresee_close, foresee_liquidation, foresee_opening, foresee_update
from reconciler.planning.update_forecasts import UpdateForecasts, find_weaker, forecast_rearm, forecast_update

# The API takes no empty note. Source: SmartTradesV2 set note, 1 to 300 characters.
RELEASED_TEXT = "released by reconciler"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A spec with its live trade, seen from one workspace.

    Attributes:
        workspace: Name of the workspace.
        spec: What the file wants.
        live: What the API has.
        rates: Prices and limits of the pair, or None if they were not read.
        difference: What differs.
        refused: Updates that were refused after a step was executed.
    """

    workspace: str
    spec: TradeSpec
    live: LiveTrade
    rates: Rates | None
    difference: Difference
    refused: tuple[RefusedUpdate, ...] = ()

    @property
    def prices(self) -> Prices | None:
        """The freshest prices at hand."""
        return self.rates.prices if self.rates else self.live.prices

    @property
    def is_entered(self) -> bool:
        """Return whether a position is held."""
        return self.live.phase is not Phase.ENTERING

    @property
    def wanted_note(self) -> str:
        """The note that says that the file was applied."""
        marker = dataclasses.replace(
            wanted_marker(self.workspace, self.spec), averaging_sent=owned_marker(self.live).averaging_sent
        )
        return write_note(marker, self.spec.note)


def changes_trigger(subject: Subject, changes: Sequence[FieldChange]) -> bool:
    """Return whether an update sends the file's stop trigger: it repeats the live one if no change names it."""
    stops = [change for change in changes if change.group is FieldGroup.STOP_LOSS]
    is_new = bool(stops) and subject.live.terms.stop_loss is None
    return is_new or any(change.is_of_trigger for change in stops)


def wanted_marker(workspace: str, spec: TradeSpec) -> Marker:
    """Return the marker of a trade that is as its file says."""
    return Marker(
        workspace=workspace,
        name=spec.name,
        generation=spec.generation,
        entry=Digest(applied=entry_digest(spec.terms)),
        exits=Digest(applied=exits_digest(spec.terms, spec.lifecycle.ignored)),
    )


def create(spec: TradeSpec, workspace: str, rates: Rates | None) -> Operation:
    """Open a trade.

    Args:
        spec: The trade.
        workspace: Name of the workspace.
        rates: Prices and limits of its pair, or None if no exchange is asked.
    """
    prices = rates.prices if rates else None
    fires = find_fires(spec.terms, prices, is_entered=False) if prices else find_certain_fires(spec.terms)
    closing = foresee_opening(spec.terms, prices)
    effect, money = forecasts.forecast_create(spec.terms, prices, fires, closing)
    return Operation(
        action=Action.CREATE,
        trade=spec.name,
        generation=spec.generation,
        cause=Cause.FILE,
        effect=effect,
        money=money,
        after=spec.terms,
        note_after=write_note(wanted_marker(workspace, spec), spec.note),
        fires=fires,
        closing=closing,
        liquidation=foresee_liquidation(spec.terms, prices),
        reviewed_prices=prices,
    )


def replace(subject: Subject, rates: Rates | None) -> Operation:
    """Cancel a waiting trade and open it again, if an update cannot change it.

    Args:
        subject: The trade.
        rates: Of the pair that the file names, which need not be the live one; None if no exchange is asked.
    """
    opening = create(subject.spec, subject.workspace, rates)
    _, cancelled = forecasts.forecast_cancel(subject.live)
    if subject.live.was_never_filled:
        cancelled = (
            reason(
                Forecast.FREES_FIRST,
                total=forecasts.find_commitment(subject.live.terms),
                price=forecasts.price_of_contracts(subject.live.terms),
            ),
        )
    before, after = subject.difference.live, subject.spec.terms
    weaker = find_weaker(subject.live, before, after, rates.prices if rates else None)
    return dataclasses.replace(
        opening,
        action=Action.REPLACE,
        cause=_find_cause(subject),
        money=(*opening.money, *cancelled, *weaker),
        side_effects=(Effect.UNPROTECTS,) if weaker else (),
        changes=subject.difference.all,
        precondition=precondition_of(subject.live),
    )


def update(subject: Subject, changes: Sequence[FieldChange], *, is_last: bool = True) -> Operation:
    """Change the inputs of a live trade.

    Args:
        subject: The trade.
        changes: Which inputs change.
        is_last: Whether the note may say afterwards that the whole file was applied.
    """
    after = _apply_part(subject, changes)
    before, sent = (_as_echoed(subject, changes, terms) for terms in (subject.difference.live, after))
    fires = _find_fires(subject, sent)
    closing = foresee_update(subject.live, before, sent, prices=subject.prices)
    found = forecast_update(subject.live, before, sent, prices=subject.prices, fires=fires, closing=closing)
    made = _update(subject, after, changes, found, cause=_find_cause(subject), is_last=is_last)
    liquidation = foresee_liquidation(sent, subject.prices, subject.live)
    return dataclasses.replace(made, fires=fires, closing=closing, liquidation=liquidation)


def rearm(subject: Subject, changes: Sequence[FieldChange], *, is_last: bool = True) -> Operation:
    """Send the stop of a live trade again, since it is not active.

    Args:
        subject: The trade.
        changes: Which inputs change beside that; if the trigger is not among them it is sent as it was.
        is_last: Whether the note may say afterwards that the whole file was applied.
    """
    before, after = subject.difference.live, _as_echoed(subject, changes, _apply_part(subject, changes))
    armed = FieldChange(
        path=STOP_STATUS_PATH, live=subject.live.stop_status or None, wanted=OrderStatus.TO_PROCESS.value
    )
    closing = foresee_update(subject.live, before, after, prices=subject.prices, sends_stop=True)
    found = forecast_rearm(subject.live, before, after, prices=subject.prices, closing=closing)
    made = _update(subject, after, (*changes, armed), found, cause=Cause.LOSS, is_last=is_last)
    liquidation = foresee_liquidation(after, subject.prices, subject.live)
    return dataclasses.replace(made, fires=_find_fires(subject, after), closing=closing, liquidation=liquidation)


def cancel_step(subject: Subject, step: LiveStep, *, copies_left: int) -> Operation:
    """Cancel one take-profit step and keep the others unchanged.

    Args:
        subject: The trade.
        step: Which step.
        copies_left: How many open steps just like it stay.
    """
    effect, money = forecasts.forecast_cancel_step(subject.live, step.terms)
    return Operation(
        action=Action.CANCEL_STEP,
        trade=subject.spec.name,
        generation=subject.spec.generation,
        cause=_find_cause(subject),
        effect=effect,
        money=money,
        step=step.terms,
        copies_left=copies_left,
        precondition=precondition_of(subject.live),
    )


def set_note(subject: Subject) -> Operation:
    """Write the marker and the user's text, nothing else."""
    is_moved = owned_marker(subject.live).name != subject.spec.name
    return Operation(
        action=Action.SET_NOTE,
        trade=subject.spec.name,
        generation=subject.spec.generation,
        cause=Cause.MOVED if is_moved else Cause.MARKER,
        effect=Effect.LABELS,
        money=(reason(Forecast.MOVES_NO_MONEY),),
        changes=(FieldChange(path="note", live=subject.live.note, wanted=subject.wanted_note),),
        note_after=subject.wanted_note,
        precondition=precondition_of(subject.live),
    )


def release(spec: TradeSpec, live: LiveTrade) -> Operation:
    """Remove the marker from a live trade, so that it is the user's alone."""
    note = (live.reading.text if Ignored.NOTE in spec.lifecycle.ignored else spec.note) or RELEASED_TEXT
    return Operation(
        action=Action.RELEASE,
        trade=spec.name,
        generation=spec.generation,
        cause=Cause.STATE,
        effect=Effect.LABELS,
        money=(reason(Forecast.MOVES_NO_MONEY), reason(Forecast.LEFT_TO_USER)),
        changes=(FieldChange(path="note", live=live.note, wanted=note),),
        note_after=note,
        precondition=precondition_of(live),
    )


def cancel(live: LiveTrade, cause: Cause) -> Operation:
    """Cancel a trade; what was bought is kept."""
    effect, money = forecasts.forecast_cancel(live)
    return _end(live, Action.CANCEL, cause, effect, money)


def close(live: LiveTrade, prices: Prices | None) -> Operation:
    """Close a position at market."""
    effect, money = forecasts.forecast_close(live, prices)
    made = _end(live, Action.CLOSE, Cause.STATE, effect, money)
    if not live.is_size_known:
        return dataclasses.replace(made, reviewed_prices=prices)
    return dataclasses.replace(made, closing=foresee_close(live, prices), reviewed_prices=prices)


def sell_rest(live: LiveTrade, prices: Prices | None) -> Operation:
    """Cancel the rest of a partly filled entry and close what it holds."""
    effect, money = forecasts.forecast_sale(live, prices)
    made = _end(live, Action.CLOSE, Cause.STATE, effect, money)
    return dataclasses.replace(made, closing=foresee_close(live, prices), reviewed_prices=prices)


def precondition_of(live: LiveTrade) -> Precondition:
    """Return what a live trade is now, for an operation on it."""
    return Precondition(
        live_id=live.id,
        status=live.status,
        note=live.note,
        terms=live.terms,
        finished_steps=len(live.finished_steps),
    )


def _end(live: LiveTrade, action: Action, cause: Cause, effect: Effect, money: tuple[Reason, ...]) -> Operation:
    marker = owned_marker(live)
    return Operation(
        action=action,
        trade=marker.name,
        generation=marker.generation,
        cause=cause,
        effect=effect,
        money=money,
        precondition=precondition_of(live),
    )


def _update(
    subject: Subject,
    after: Terms,
    changes: Sequence[FieldChange],
    found: UpdateForecasts,
    *,
    cause: Cause,
    is_last: bool,
) -> Operation:
    (effect, *side_effects), money = found
    return Operation(
        action=Action.UPDATE,
        trade=subject.spec.name,
        generation=subject.spec.generation,
        cause=cause,
        side_effects=tuple(side_effects),
        effect=effect,
        money=money,
        after=after,
        changes=tuple(changes),
        note_after=subject.wanted_note if is_last else None,
        precondition=precondition_of(subject.live),
        reviewed_prices=subject.prices,
    )


def _find_fires(subject: Subject, after: Terms) -> tuple[Fire, ...]:
    if subject.prices is None:
        return ()
    return find_fires(after, subject.prices, is_entered=subject.is_entered, executed=subject.live.executed_terms)


def _apply_part(subject: Subject, changes: Sequence[FieldChange]) -> Terms:
    """Return the live terms with only the groups that `changes` name taken from the file."""
    groups = {change.group for change in changes}
    before, wanted = subject.difference.live, subject.spec.terms
    return dataclasses.replace(
        before,
        entry=wanted.entry if FieldGroup.POSITION in groups else before.entry,
        leverage=wanted.leverage if FieldGroup.LEVERAGE in groups else before.leverage,
        steps=wanted.steps if FieldGroup.TAKE_PROFIT in groups else before.steps,
        stop_loss=wanted.stop_loss if FieldGroup.STOP_LOSS in groups else before.stop_loss,
    )


def _as_echoed(subject: Subject, changes: Sequence[FieldChange], terms: Terms) -> Terms:
    """Return terms with the live trigger of the stop, unless it changes: it may have moved, or become a price."""
    now = subject.live.terms.stop_loss
    if now is None or terms.stop_loss is None or changes_trigger(subject, changes):
        return terms
    return dataclasses.replace(terms, stop_loss=dataclasses.replace(terms.stop_loss, trigger=now.trigger))


def _find_cause(subject: Subject) -> Cause:
    """Find out whether the file changed, the live trade, or both.

    The digests in the marker are those of the file as last applied. If the digest of the live trade is another one, it
    was edited outside, or the server shows it differently: possibly edited.
    """
    marker, spec, live = owned_marker(subject.live), subject.spec.terms, subject.live.terms
    ignored = subject.spec.lifecycle.ignored
    wanted = (entry_digest(spec), exits_digest(spec, ignored))
    has_file_changed = (marker.entry.applied, marker.exits.applied) != wanted
    if not has_file_changed:
        return Cause.DRIFT
    is_under_way = marker.entry.pending is not None or marker.exits.pending is not None
    # A leverage that the API ignored was no edit, nor is progress.
    as_sent = live.with_leverage(subject.difference.live.leverage)
    is_exits_as_applied = marker.exits.applied in (
        exits_digest(as_sent, ignored),
        exits_digest(subject.difference.live, ignored),
    )
    is_entry_as_applied = subject.is_entered or entry_digest(live) == marker.entry.applied
    return Cause.FILE if is_under_way or (is_exits_as_applied and is_entry_as_applied) else Cause.FILE_AND_DRIFT
