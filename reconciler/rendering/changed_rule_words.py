"""Sentences about rules that a change under review has loosened."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.changed_rules import ChangedRuleReason

CHANGED_RULE_TEMPLATES: Mapping[StrEnum, str] = {
    ChangedRuleReason.FOREIGN_ADDED: "opened only because this change lists {ids:list} under `foreign`",
    ChangedRuleReason.FREEZE_LIFTED: "held back at the base by `freeze`: {text}",
    ChangedRuleReason.LOCK_LEFT: "sent in CI without a shared lock only because of `lock: external` in target {target}",
    ChangedRuleReason.PREVENT_REMOVED: "the base prevents it: `lifecycle.prevent` has `{word}` there",
    ChangedRuleReason.SETTLE_LOWERED: "opened after a shorter wait than at the base: `settle` or `gateway_delay` of"
    " target {target} is lower",
    ChangedRuleReason.TARGET_CHANGED: "commits money on account {account:n}, which the base does not name for the mode"
    " and the address of target {target}",
    ChangedRuleReason.WORKSPACE_RENAMED: "opened under the workspace name {workspace}, by which no live trade of the"
    " base is found",
    ChangedRuleReason.LIMIT_RAISED: "passes only by the limit of this change",
}
