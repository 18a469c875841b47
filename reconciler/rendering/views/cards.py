"""Cards: all that a plan does to one trade, and what is blocked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from reconciler.codec.averaging import write_order_text
from reconciler.codec.note import find_former_name, read_note
from reconciler.codec.numbers import plain
from reconciler.model.consequences import Moment, PreviousGeneration
from reconciler.model.fires import ENTRY_FIRES, Fire, FireKind
from reconciler.model.guardrails import Guardrail
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.phrases import Phrase, Span, Tone
from reconciler.model.plan import Blocked, Plan
from reconciler.model.plan_view import BlockedView, CardView, OperationView
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import Terms
from reconciler.model.views import AlertView, FieldView
from reconciler.rendering.phrases import mark_code, phrase, unit, value
from reconciler.rendering.plan_words import CAUSES, FIRES, WAITS
from reconciler.rendering.reasons import say, say_all
from reconciler.rendering.risk_text import describe_risk_change, name_part
from reconciler.rendering.terms_text import describe_step
from reconciler.rendering.views.fields import find_source, shorten_path, view_fields
from reconciler.rendering.views.figures import view_figures
from reconciler.rendering.views.index import view_blocked_row, view_row
from reconciler.rendering.views.ladders import view_ladder
from reconciler.rendering.views.limits import view_limit
from reconciler.rendering.views.new_terms import view_terms
from reconciler.rendering.views.tones import find_symbol, find_verb, view_effect
from reconciler.risk.danger import TradeOperations, sort_blocked

_STATES = {
    Action.CLOSE: "the file says `state: closed`",
    Action.RELEASE: "the file says `state: released`",
}
Breaches = Mapping[str, Sequence[Guardrail]]


def view_cards(plan: Plan, groups: Sequence[TradeOperations]) -> tuple[CardView, ...]:
    """Make the cards of a plan, the most dangerous first."""
    breaches: dict[str, list[Guardrail]] = defaultdict(list)
    for guardrail in plan.breaches:
        for trade in guardrail.holds or guardrail.trades:
            breaches[trade].append(guardrail)
    return tuple(
        CardView(
            row=view_row(group),
            danger=group.danger,
            source=find_source(group.trade, plan.sources),
            operations=tuple(_view_operations(group, find_source(group.trade, plan.sources), breaches)),
        )
        for group in groups
    )


def view_blocked(plan: Plan) -> tuple[BlockedView, ...]:
    """Make the cards of what is not done: trades that are live first, then by name."""
    return tuple(_view_blocked(each, plan) for each in sort_blocked(plan.blocked))


def _view_blocked(blocked: Blocked, plan: Plan) -> BlockedView:
    return BlockedView(
        row=view_blocked_row(blocked),
        source=find_source(blocked.trade, plan.sources),
        reason=say(blocked.reason),
        hint=say(blocked.hint),
        fields=view_fields(blocked.changes),
    )


def _view_operations(group: TradeOperations, source: str, breaches: Breaches) -> Iterator[OperationView]:
    pairs = list(zip(group.operations, group.risks, strict=True))
    # Beside real work the marker is bookkeeping, and bookkeeping hides what matters.
    shown = [each for each in pairs if each[0].cause is not Cause.MARKER] or pairs
    said: OperationRisk | None = None
    for operation, risk in shown:
        is_said = said is not None and risk.before == risk.after
        held = breaches.get(group.trade, ()) if said is None else ()
        yield _view_operation(operation, OperationRisk(trade=group.trade) if is_said else risk, source, held)
        said = risk


def _view_operation(
    operation: Operation, risk: OperationRisk, source: str, breaches: Sequence[Guardrail]
) -> OperationView:
    side = risk.after or risk.before
    ladder = view_ladder(risk, _find_unit(operation))
    return OperationView(
        symbol=find_symbol(operation),
        action=operation.action.value,
        verb=find_verb(operation),
        effects=tuple(map(view_effect, operation.effects)),
        money=say_all(operation.money),
        cause=_say_cause(operation, source),
        alerts=(*map(_view_breach, breaches), *_view_alerts(operation)),
        renamed=find_former_name(operation) or "",
        note=_find_note(operation),
        fields=tuple(_view_fields(operation)),
        terms=view_terms(operation.after, has_ladder=ladder is not None) if _is_new(operation) else (),
        risk=phrase(describe_risk_change(risk)),
        figures=view_figures(risk),
        is_bare=risk.after is not None and not risk.after.has_stop,
        unknown=tuple(
            phrase(f"not known: {name_part(each.part)}: ", say(each.reason)) for each in (side.unknown if side else ())
        ),
        ladder=ladder,
    )


def _is_new(operation: Operation) -> bool:
    return operation.action is Action.CREATE and operation.after is not None


def _find_unit(operation: Operation) -> str:
    terms = operation.after or (operation.precondition.terms if operation.precondition else None)
    return terms.unit if terms else ""


def _find_note(operation: Operation) -> str:
    """Find the user's text of a note that is written; empty if it stays as it is."""
    if operation.note_after is None:
        return ""
    text = read_note(operation.note_after).text
    known = read_note(operation.precondition.note).text if operation.precondition else ""
    return "" if text == known and not operation.opens else text


def _say_cause(operation: Operation, source: str) -> Phrase:
    """Say why an operation is planned, and where that is written."""
    words = CAUSES.get(operation.cause) or _find_file_cause(operation)
    if not words:
        return ()
    return phrase(mark_code([Span(f"because {words}")]), phrase(" (", value(source), ")") if source else ())


def _find_file_cause(operation: Operation) -> str:
    if operation.cause is Cause.STATE:
        return _STATES.get(operation.action, "of its `state` in the file")
    if operation.cause is not Cause.FILE:
        return ""
    return "it is new in the file" if operation.action is Action.CREATE else "the file has changed"


def _view_breach(guardrail: Guardrail) -> AlertView:
    """Say which limit is passed by an operation, or by it and others together."""
    limit = view_limit(guardrail)
    if guardrail.value is None:
        text = phrase("the value of the guardrail ", value(guardrail.name), f" is not known, limit {limit.limit}")
    else:
        text = phrase("over the guardrail ", value(guardrail.name), f": {limit.value}, limit {limit.limit}")
    return AlertView(tone=Tone.DANGER, text=text)


def _view_alerts(operation: Operation) -> Iterator[AlertView]:
    if operation.previous is not None:
        yield AlertView(tone=Tone.WARNING, text=_say_previous(operation, operation.previous))
    elif operation.action is Action.CREATE and operation.generation > 1:
        text = f"generation {operation.generation}; no earlier one was found"
        yield AlertView(tone=Tone.QUIET, text=phrase(text))
    for fire in operation.fires:
        if fire in WAITS:
            yield AlertView(tone=Tone.QUIET, text=phrase(f"at the present price it {WAITS[fire]}"))
        elif fire != ENTRY_FIRES or operation.effect is not Effect.EXECUTES:
            yield _view_fire("at the present price", fire, operation)
    if operation.closing is not None and operation.closing.moment is Moment.AFTER_ENTRY:
        for part in operation.closing.parts:
            yield _view_fire("as soon as the entry fills", part, operation)


def _view_fire(when: str, fire: Fire, operation: Operation) -> AlertView:
    """Say what a part of a trade does that fires; a trailing step only begins to follow the price."""
    steps = operation.after.steps if operation.after else ()
    trailing = {Fire(FireKind.STEP, place) for place, step in enumerate(steps) if step.trailing_pct is not None}
    verb = "starts to trail" if fire in trailing else "executes"
    words = FIRES.get(fire, f"{shorten_path(str(fire))} {verb}")
    return AlertView(tone=Tone.DANGER, text=phrase(f"{when} {words} at once"))


def _say_previous(operation: Operation, previous: PreviousGeneration) -> Phrase:
    """Say how the previous generation of a trade ended."""
    terms: Terms | None = operation.after
    quote, base = (terms.quote, terms.base) if terms else ("", "")
    held = phrase(f", keeps {plain(previous.held_units)} ", unit(base), " without stop") if previous.held_units else ()
    profit = phrase(f", profit {plain(previous.profit)} ", unit(quote)) if previous.profit is not None else ()
    ended = f"generation {operation.generation}; generation {previous.generation} ended as: "
    return phrase(ended, value(previous.status), held, profit, f" (#{previous.live_id})")


def _view_fields(operation: Operation) -> Iterator[FieldView]:
    if operation.action is Action.CANCEL_STEP and operation.step is not None:
        yield FieldView(path="take_profit", before=describe_step(operation.step), after=None)
    if operation.averaging is not None:
        text, is_sent = write_order_text(operation.averaging), operation.action is Action.ADD_FUNDS
        yield FieldView(path="averaging", before=None if is_sent else text, after=text if is_sent else None)
    yield from view_fields(operation.changes)
