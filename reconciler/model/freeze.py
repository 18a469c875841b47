"""A freeze: while it is in force, only operations that lower risk are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.model.operations import Action, Effect, Operation, Origin


class FreezeSource(StrEnum):
    """Origin of a freeze.

    Attributes:
        CONFIG: `freeze` in reconciler.yaml.
        VARIABLE: The variable RECONCILER_FREEZE.
        COMMAND: `reconciler freeze`, in the journal.
        GUARDRAIL: A guardrail that was breached, in the journal; a person clears it.
    """

    CONFIG = "config"
    VARIABLE = "variable"
    COMMAND = "command"
    GUARDRAIL = "guardrail"


class Allowed(StrEnum):
    """Kind of operation of a plan that can go through while a freeze is in force.

    Attributes:
        PROTECTS: Makes a position safer. It always goes through.
        FREES: Takes back what waits for its price.
        CLOSES: Closes a position whose file says `state: closed`.
        LABELS: Writes a note only.
    """

    PROTECTS = "protects"
    FREES = "frees"
    CLOSES = "closes"
    LABELS = "labels"


# What lowers risk. Source: design, section 9, the reduce-only state of exchanges.
DEFAULT_ALLOWED = frozenset({Allowed.PROTECTS, Allowed.FREES, Allowed.CLOSES})

_EFFECTS = {Effect.PROTECTS: Allowed.PROTECTS, Effect.FREES: Allowed.FREES, Effect.LABELS: Allowed.LABELS}
# By hand these end a trade or a part of it, or take an order back: they go through always, whatever is allowed.
_LOWERING_COMMANDS = frozenset(
    {
        Action.CLOSE,
        Action.CANCEL,
        Action.CLOSE_STEP,
        Action.CANCEL_STEP,
        Action.CANCEL_ORDER,
        Action.CANCEL_AVERAGING,
        Action.REDUCE_FUNDS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A freeze that is in force.

    Attributes:
        source: Where it comes from.
        reason: Why, in the words of who set it; untrusted text.
        until: When it ends by itself, or None if somebody must end it.
        allow: What goes through; `protects` does in any case.
        who: User and machine that set it; empty if that is not known.
        set_at: When it was set, or None if that is not known.
        measured: What the guardrail found that set it, as data; empty for all others.
    """

    source: FreezeSource
    reason: str
    until: datetime | None = None
    allow: frozenset[Allowed] = DEFAULT_ALLOWED
    who: str = ""
    set_at: datetime | None = None
    measured: str = ""

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended by itself."""
        return self.until is not None and now >= self.until

    def holds_back(self, operation: Operation) -> bool:
        """Return whether an operation must not be sent."""
        if operation.origin is Origin.BY_HAND:
            is_label = operation.action is Action.NOTE and Allowed.LABELS in self.allow
            return operation.action not in _LOWERING_COMMANDS and not is_label
        kinds = {_find_kind(operation, effect) for effect in operation.effects}
        return not kinds <= {*self.allow, Allowed.PROTECTS}


def find_allowed(freezes: Iterable[Freeze]) -> tuple[Allowed, ...]:
    """Find what goes through while several freezes are in force, in the order of `Allowed`."""
    each = [freeze.allow | {Allowed.PROTECTS} for freeze in freezes]
    return tuple(kind for kind in Allowed if all(kind in allowed for allowed in each))


def find_held(operations: Iterable[Operation], freezes: Sequence[Freeze]) -> tuple[Operation, ...]:
    """Find the operations that must not be sent while some freezes are in force."""
    return tuple(each for each in operations if any(freeze.holds_back(each) for freeze in freezes))


def _find_kind(operation: Operation, effect: Effect) -> Allowed | None:
    """Return what must be allowed for an effect; None if nothing allows it."""
    if effect is Effect.EXECUTES and operation.action is Action.CLOSE:
        return Allowed.CLOSES
    return None if operation.opens else _EFFECTS.get(effect)
