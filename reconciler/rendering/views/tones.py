"""Signs and meanings of operations and effects, alike in all formats."""

from __future__ import annotations

from reconciler.model.danger import Danger
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.phrases import Tone
from reconciler.model.plan_view import EffectView
from reconciler.rendering.plan_words import CLOSING_UPDATE, VERBS

_SYMBOLS = {Action.CREATE: "+", Action.REPLACE: "-/+", Action.CANCEL: "-", Action.CLOSE: "-"}
_EFFECTS = {
    Effect.EXECUTES: Tone.DANGER,
    Effect.UNPROTECTS: Tone.DANGER,
    Effect.COMMITS: Tone.MONEY,
    Effect.REPRICES: Tone.NEUTRAL,
    Effect.PROTECTS: Tone.GOOD,
    Effect.FREES: Tone.QUIET,
    Effect.LABELS: Tone.QUIET,
}


def find_symbol(operation: Operation) -> str:
    """Return the sign of what an operation does to a live trade."""
    return _SYMBOLS.get(operation.action, "-" if operation.destroys else "~")


def find_verb(operation: Operation) -> str:
    """Return what happens to the trade of an operation."""
    is_closing = operation.destroys and operation.action is Action.UPDATE
    return CLOSING_UPDATE if is_closing else VERBS[operation.action]


def view_effect(effect: Effect) -> EffectView:
    """Make the view of an effect on money."""
    return EffectView(name=effect.value, tone=_EFFECTS[effect])


def tone_of(danger: Danger) -> Tone:
    """Return the meaning of a rank."""
    if danger <= Danger.UNPROTECTS:
        return Tone.DANGER
    if danger <= Danger.AVERAGES:
        return Tone.MONEY
    if danger is Danger.REPRICES:
        return Tone.NEUTRAL
    return Tone.GOOD if danger is Danger.PROTECTS else Tone.QUIET
