"""`lifecycle.prevent`: operations that the file of a trade forbids are blocked, each with what it would have done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reconciler.model.lifecycle import Prevented
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.plan import Blocked
from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.reasons import reason
from reconciler.model.specs import TradeSpec
from reconciler.planning.decisions import Decision

_ACTIONS = {
    Action.CREATE: (Prevented.CREATE,),
    Action.UPDATE: (Prevented.UPDATE,),
    Action.REPLACE: (Prevented.REPLACE, Prevented.CANCEL, Prevented.CREATE),
    Action.CANCEL: (Prevented.CANCEL,),
    Action.CANCEL_STEP: (Prevented.CANCEL_STEP,),
    Action.CLOSE: (Prevented.CLOSE,),
    Action.RELEASE: (Prevented.RELEASE,),
    Action.ADD_FUNDS: (Prevented.ADD_FUNDS,),
    Action.CANCEL_AVERAGING: (Prevented.CANCEL_AVERAGING,),
}
_EFFECTS = {
    Effect.COMMITS: Prevented.COMMITS,
    Effect.EXECUTES: Prevented.EXECUTES,
    Effect.FREES: Prevented.FREES,
    Effect.REPRICES: Prevented.REPRICES,
    Effect.UNPROTECTS: Prevented.UNPROTECTS,
}


def hold_back(decision: Decision, spec: TradeSpec, live: LiveTrade | None) -> Decision:
    """Take the operations out of a decision that its file prevents.

    If one is held back, the note is not rewritten either, since it would say that all was applied.

    Args:
        decision: What was decided about one trade.
        spec: What its file wants.
        live: The trade as it is, or None.
    """
    prevented = spec.lifecycle.prevent
    held = {each: word for each in decision.operations if (word := find_prevented(each, prevented)) is not None}
    if not held:
        return decision
    blocked = Blocked(
        trade=spec.name,
        live_id=live.id if live else None,
        reason=reason(
            BlockReason.PREVENTED,
            operations=tuple(
                reason(
                    BlockReason.PREVENTED_OPERATION,
                    word=word.value,
                    effect=operation.effect.value,
                    money=operation.money,
                )
                for operation, word in held.items()
            ),
        ),
        hint=reason(
            BlockHint.ALLOW, words=tuple(word.value for word in dict.fromkeys(held.values())), file=spec.origin.file
        ),
        changes=tuple(change for operation in held for change in operation.changes),
    )
    kept = [each for each in decision.operations if each not in held and each.action is not Action.SET_NOTE]
    return replace(decision, operations=tuple(kept), blocked=(*decision.blocked, blocked))


def find_prevented(operation: Operation, prevented: Collection[Prevented]) -> Prevented | None:
    """Find the word that prevents an operation; None if it may be done.

    Making a stop active again does not count as an update.

    Args:
        operation: What would be done.
        prevented: What `lifecycle.prevent` of its trade lists.
    """
    words = list(() if operation.cause is Cause.LOSS else _ACTIONS.get(operation.action, ()))
    if operation.closes:
        words.append(Prevented.CLOSE)
    words += [_EFFECTS[effect] for effect in operation.effects if effect in _EFFECTS]
    return next((word for word in words if word in prevented), None)
