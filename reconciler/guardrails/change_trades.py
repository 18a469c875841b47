"""Which trades of a plan a changed rule is about: those that only the change lets pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.model.changed_rules import ChangedRule
from reconciler.model.guardrails import Guardrail
from reconciler.model.review import ConfigChange

_TARGET_RULES: Mapping[str, ChangedRule] = {
    "kind": ChangedRule.TARGET,
    "mode": ChangedRule.TARGET,
    "base_url": ChangedRule.TARGET,
    "accounts": ChangedRule.TARGET,
    "settle": ChangedRule.SETTLE,
    "gateway_delay": ChangedRule.SETTLE,
    "lock": ChangedRule.LOCK,
}


def name_trades(changes: Iterable[ConfigChange], guardrails: Iterable[Guardrail]) -> tuple[ConfigChange, ...]:
    """Name beside each changed rule the trades that only the change lets pass.

    Args:
        changes: The changed rules.
        guardrails: All limits of the plan, marked if only the change lets them pass.
    """
    raised: dict[str, tuple[str, ...]] = {}
    for each in guardrails:
        if each.is_raised:
            raised[each.name] = tuple(dict.fromkeys((*raised.get(each.name, ()), *each.trades)))
    return tuple(replace(change, trades=_find_trades(change, raised)) for change in changes)


def _find_trades(change: ConfigChange, raised: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    group, *rest = change.path.split(".")
    if group == "trades":
        prevented = raised.get(ChangedRule.PREVENT, ())
        return tuple(trade for trade in prevented if change.path.startswith(f"trades.{trade}."))
    if group == "targets":
        rules = [_TARGET_RULES[part] for part in rest if part in _TARGET_RULES]
        return raised.get(rules[-1], ()) if rules else ()
    return raised.get(rest[0] if group == "guardrails" else group, ())
