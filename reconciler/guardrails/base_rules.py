"""Rules of a workspace at the base of a review, and which operations only a change of them lets pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reconciler.model.changed_rules import ChangedRule, ChangedRuleReason
from reconciler.model.freeze import Freeze, find_held
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.lifecycle import Prevented
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.reasons import Reason, reason
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT
from reconciler.planning.prevented import find_prevented
from reconciler.settings import DEFAULT_GATEWAY_DELAY_S, DEFAULT_SETTLE_S, Settings, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRules:
    """Rules of one reconciler.yaml at the base, and of the trades beside it; without any, the built-in ones.

    Attributes:
        folder: Folder of the workspace, from the top of the repository; None if the base has no such workspace.
        limits: The guardrails, as its reconciler.yaml states them.
        price_moved_pct: How far a price may move between review and execution at market, in percent.
        foreign: SmartTrade ids that do not belong to the workspace.
        targets: All its targets.
        workspaces: Its present and former names.
        freezes: Freezes of its reconciler.yaml that are in force.
        prevented: Name of a trade to what its file prevents.
    """

    folder: str | None = None
    limits: Mapping[str, object] = field(default_factory=dict)
    price_moved_pct: Decimal = DEFAULT_PRICE_MOVED_PCT
    foreign: frozenset[int] = frozenset()
    targets: Sequence[Target] = ()
    workspaces: frozenset[str] = frozenset()
    freezes: Sequence[Freeze] = ()
    prevented: Mapping[str, Collection[Prevented]] = field(default_factory=dict)

    def find_targets(self, target: Target) -> tuple[Target, ...]:
        """Find the targets that one of now was at the base: by its name, or by what it names; none if it is new."""
        return tuple(
            each
            for each in self.targets
            if each.name == target.name or (is_same_place(each, target) and each.account_ids & target.account_ids)
        )

    def find_aliases(self, target: Target) -> Mapping[str, int]:
        """Find the aliases that accounts of a target of now had at the base; those of its own name count first."""
        same = sorted(
            (each for each in self.targets if is_same_place(each, target)), key=lambda e: e.name == target.name
        )
        return {alias: number for each in same for alias, number in each.accounts.items()}


def is_same_place(one: Target, other: Target) -> bool:
    """Return whether two targets see the same accounts if these have the same ids."""
    return (one.kind, one.mode, one.base_url) == (other.kind, other.mode, other.base_url)


def find_loosened(
    operations: Sequence[Operation],
    settings: Settings,
    bases: Sequence[BaseRules],
    by_foreign: Mapping[str, Sequence[int]],
) -> tuple[Guardrail, ...]:
    """Find the rules of which only the change lets some operations pass.

    Args:
        operations: What would be done.
        settings: The rules of now.
        bases: The rules of the base; each of them counts.
        by_foreign: Trade to the ids that were added to `foreign` and without which it would not be opened.
    """
    found: dict[ChangedRule, dict[str, Reason]] = {}
    for rule, trade, why in _find_all(operations, settings, bases, by_foreign):
        found.setdefault(rule, {}).setdefault(trade, why)
    return tuple(_make_guardrail(rule, found[rule]) for rule in ChangedRule if rule in found)


def _make_guardrail(rule: ChangedRule, trades: Mapping[str, Reason]) -> Guardrail:
    return Guardrail(
        name=rule.value,
        value=Decimal(len(trades)),
        limit=None,
        limit_base=Decimal(0),
        trades=tuple(trades),
        holds=tuple(trades),
        state=GuardrailState.OVER,
        reason=next(iter(trades.values())),
        acknowledge=f"{rule}={len(trades)}",
        is_raised=True,
    )


Finding = tuple[ChangedRule, str, Reason]


def _find_all(
    operations: Sequence[Operation],
    settings: Settings,
    bases: Sequence[BaseRules],
    by_foreign: Mapping[str, Sequence[int]],
) -> Iterator[Finding]:
    opening = [each for each in operations if each.opens]
    for each in opening:
        if each.trade in by_foreign:
            ids = tuple(by_foreign[each.trade])
            yield ChangedRule.FOREIGN, each.trade, reason(ChangedRuleReason.FOREIGN_ADDED, ids=ids)
    for base in bases:
        yield from _find_prevented(operations, base)
        yield from _find_thawed(operations, settings, base)
        yield from _find_unlocked(operations, settings.target, base)
        yield from _find_unsettled(opening, settings.target, base)
        if base.folder is not None:
            yield from _find_moved(operations, settings.target, base)
            yield from _find_renamed(opening, settings, base)


def _find_prevented(operations: Sequence[Operation], base: BaseRules) -> Iterator[Finding]:
    for operation in operations:
        words = frozenset(word for name in operation.names for word in base.prevented.get(name, ()))
        word = find_prevented(operation, words)
        if word is not None:
            why = reason(ChangedRuleReason.PREVENT_REMOVED, word=word.value)
            yield ChangedRule.PREVENT, operation.trade, why


def _find_thawed(operations: Sequence[Operation], settings: Settings, base: BaseRules) -> Iterator[Finding]:
    for freeze in base.freezes:
        lasting = [each for each in settings.freezes if _lasts_as_long(each, freeze)]
        still_held = set(find_held(operations, lasting))
        for operation in find_held(operations, [freeze]):
            if operation not in still_held:
                yield ChangedRule.FREEZE, operation.trade, reason(ChangedRuleReason.FREEZE_LIFTED, text=freeze.reason)


def _lasts_as_long(freeze: Freeze, other: Freeze) -> bool:
    """Return whether a freeze ends no earlier than another one."""
    return freeze.until is None or (other.until is not None and freeze.until >= other.until)


def _find_unlocked(operations: Sequence[Operation], target: Target, base: BaseRules) -> Iterator[Finding]:
    before = base.find_targets(target)
    if not target.is_locked_outside or (before and all(each.is_locked_outside for each in before)):
        return
    for operation in operations:
        if operation.opens or operation.action is Action.ADD_FUNDS:
            yield ChangedRule.LOCK, operation.trade, reason(ChangedRuleReason.LOCK_LEFT, target=target.name)


def _find_unsettled(opening: Sequence[Operation], target: Target, base: BaseRules) -> Iterator[Finding]:
    if target.is_sandbox:
        return
    before = [each for each in base.find_targets(target) if not each.is_sandbox]
    settle_s = max((each.settle_s for each in before), default=DEFAULT_SETTLE_S)
    delay_s = max((each.gateway_delay_s for each in before), default=DEFAULT_GATEWAY_DELAY_S)
    if target.settle_s >= settle_s and target.gateway_delay_s >= delay_s:
        return
    for operation in opening:
        yield ChangedRule.SETTLE, operation.trade, reason(ChangedRuleReason.SETTLE_LOWERED, target=target.name)


def _find_moved(operations: Sequence[Operation], target: Target, base: BaseRules) -> Iterator[Finding]:
    known = {number for each in base.targets if is_same_place(each, target) for number in each.account_ids}
    for operation in operations:
        terms = operation.after
        if terms is not None and _commits(operation) and terms.account_id not in known:
            why = reason(ChangedRuleReason.TARGET_CHANGED, account=terms.account_id, target=target.name)
            yield ChangedRule.TARGET, operation.trade, why


def _find_renamed(opening: Sequence[Operation], settings: Settings, base: BaseRules) -> Iterator[Finding]:
    if base.workspaces & settings.workspaces:
        return
    for operation in opening:
        why = reason(ChangedRuleReason.WORKSPACE_RENAMED, workspace=settings.workspace)
        yield ChangedRule.WORKSPACE, operation.trade, why


def _commits(operation: Operation) -> bool:
    return operation.opens or Effect.COMMITS in operation.effects
