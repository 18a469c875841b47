"""Fees and margins of the base of a review, for the accounts of the workspace of now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.guardrails.base_rules import is_same_place
from reconciler.settings import Settings, Target, read_percents
from reconciler.workflows.base_rules import FoundBase
from reconciler.workflows.base_workspaces import BaseWorkspace
from reconciler.workflows.plan_risk import Figures


def find_figures(found: FoundBase, settings: Settings) -> tuple[Figures, ...]:
    """Find the fees and margins by which the numbers of a plan are reckoned at the base, one for each of its rules.

    They are found by the ids of accounts: a change can give an account another alias.

    Args:
        found: The base.
        settings: The workspace of now.
    """
    figures = tuple(
        Figures(
            fees_pct=_translate(workspace, settings.target, "fees"),
            maintenance_pct=_translate(workspace, settings.target, "maintenance_margin_pct"),
        )
        for workspace in found.workspaces
    )
    return figures or (Figures(),)


def _translate(workspace: BaseWorkspace, target: Target, key: str) -> Mapping[str, Decimal]:
    """Return percentages by the aliases of now; of an account with several aliases the highest counts."""
    stated = read_percents(workspace.config, key)
    by_account: dict[int, Decimal] = {}
    for each in workspace.targets:
        for alias, account in each.accounts.items() if is_same_place(each, target) else ():
            if alias in stated:
                by_account[account] = max(stated[alias], by_account.get(account, stated[alias]))
    return {alias: by_account[account] for alias, account in target.accounts.items() if account in by_account}
