"""The view of a run: what an apply did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.apply_view import ApplyView, OutcomeView
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan import Plan
from reconciler.model.reasons import Reason
from reconciler.rendering.outcome_text import (
    describe_rest,
    describe_takeover_file,
    find_word,
    summarize_outcomes,
    waits,
)
from reconciler.rendering.phrases import phrase, value
from reconciler.rendering.reasons import say
from reconciler.rendering.views.closing import describe_attention
from reconciler.rendering.views.titles import view_title
from reconciler.rendering.views.tones import find_symbol, view_effect
from reconciler.rendering.words import count_of

_TONES = {
    OutcomeKind.APPLIED: Tone.GOOD,
    OutcomeKind.ALREADY_DONE: Tone.GOOD,
    OutcomeKind.FILLED_WHILE_CANCELLING: Tone.DANGER,
    OutcomeKind.STALE: Tone.WARNING,
    OutcomeKind.FAILED: Tone.DANGER,
    OutcomeKind.INDETERMINATE: Tone.DANGER,
    OutcomeKind.NOT_STARTED: Tone.WARNING,
}
_ORDER = (Tone.DANGER, Tone.WARNING, Tone.GOOD)


def view_apply(
    plan: Plan,
    outcomes: Sequence[Outcome],
    *,
    digest: str = "",
    error: str = "",
    unsettled: Mapping[str, Reason] | None = None,
) -> ApplyView:
    """Make the view of a run.

    Args:
        plan: What was to be done.
        outcomes: One for each operation, in the order in which they ended.
        digest: Digest of the plan.
        error: What stopped the run before its end, or refused it; foreign text.
        unsettled: Trade to the reason why it is not known what an earlier run did to it.
    """
    summary, others = summarize_outcomes(outcomes)
    unknown = unsettled or {}
    is_complete = not others and not error and not unknown
    rows = map(_view_outcome, outcomes)
    return ApplyView(
        title=view_title(plan.context, digest=digest),
        is_complete=is_complete,
        head="Apply complete!" if is_complete else "Apply incomplete.",
        tone=_find_tone(outcomes, is_complete=is_complete, is_stopped=bool(error or unknown)),
        summary=summary,
        others=others,
        rest=describe_rest(outcomes) if others else "",
        rows=tuple(sorted(rows, key=lambda row: _ORDER.index(row.tone))),
        error=(value(error),) if error else (),
        unsettled=tuple(phrase(value(trade), " was skipped: ", say(why)) for trade, why in unknown.items()),
        blocked=tuple(_say_blocked(plan)),
    )


def _find_tone(outcomes: Sequence[Outcome], *, is_complete: bool, is_stopped: bool) -> Tone:
    """Find the tone of a run; what only waits was said before anything was sent."""
    if is_complete:
        return Tone.GOOD
    is_waiting = not is_stopped and all(waits(each) or _TONES[each.kind] is Tone.GOOD for each in outcomes)
    return Tone.WARNING if is_waiting else Tone.DANGER


def _view_outcome(outcome: Outcome) -> OutcomeView:
    operation = outcome.operation
    return OutcomeView(
        symbol=find_symbol(operation),
        tone=_TONES[outcome.kind],
        trade=operation.trade,
        live_id=outcome.live_id,
        pair=operation.pair,
        action=operation.action.value.replace("_", " "),
        kind=outcome.kind.value,
        ending=find_word(outcome)[0],
        effect=view_effect(operation.effect),
        text=say(outcome.reason) if outcome.reason else (),
        takeover=describe_takeover_file(outcome),
    )


def _say_blocked(plan: Plan) -> Iterator[Phrase]:
    if plan.blocked:
        yield phrase(f"Blocked: {count_of(len(plan.blocked), 'trade')}, left unchanged.")
    if plan.attention:
        yield phrase(describe_attention(plan.attention))
