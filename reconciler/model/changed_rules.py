"""Rules other than limits that hold back operations, and that a change under review can loosen."""

from __future__ import annotations

from enum import StrEnum


class ChangedRule(StrEnum):
    """Rule of the base of a review; its name acknowledges the operations that only a change of the rule lets pass.

    Attributes:
        FOREIGN: Ids under `foreign`, which never stand in the way of a trade that is opened.
        FREEZE: `freeze`, which holds back what does not lower risk.
        LOCK: `lock: external`, by which trades are opened in CI without a shared lock.
        PREVENT: `lifecycle.prevent` of a trade.
        SETTLE: `settle` and `gateway_delay`, the waits before a trade is opened.
        TARGET: Accounts, mode and address of the target.
        WORKSPACE: The name of the workspace, by which its live trades are found.
    """

    FOREIGN = "foreign"
    FREEZE = "freeze"
    LOCK = "lock"
    PREVENT = "prevent"
    SETTLE = "settle"
    TARGET = "target"
    WORKSPACE = "workspace"


class ChangedRuleReason(StrEnum):
    """Reason why the base would not let an operation pass."""

    FOREIGN_ADDED = "rule_foreign_added"
    FREEZE_LIFTED = "rule_freeze_lifted"
    LOCK_LEFT = "rule_lock_left"
    PREVENT_REMOVED = "rule_prevent_removed"
    SETTLE_LOWERED = "rule_settle_lowered"
    TARGET_CHANGED = "rule_target_changed"
    WORKSPACE_RENAMED = "rule_workspace_renamed"
    LIMIT_RAISED = "rule_limit_raised"
