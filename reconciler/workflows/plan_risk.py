"""The money at risk of a plan, from what the plan has read; nothing more is read for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.matching.match import Matching
from reconciler.matching.sighting import Index
from reconciler.model.averaging import AveragingReading
from reconciler.model.live import Rates
from reconciler.model.operations import Operation
from reconciler.model.risk import WorkspaceRisk
from reconciler.model.specs import DesiredState
from reconciler.planning.known import PairKey
from reconciler.risk.fees import choose_fees
from reconciler.risk.plan_risk import Accounts, Seen, assess_plan
from reconciler.settings import Settings
from reconciler.workflows.plan_files import PlanFiles


def assess_risk(
    settings: Settings,
    files: PlanFiles,
    index: Index,
    matching: Matching,
    operations: Sequence[Operation],
    *,
    rates: Mapping[PairKey, Rates],
    averaging: Mapping[int, AveragingReading],
) -> WorkspaceRisk:
    """Assess the money at risk of the whole workspace before and after some operations.

    Args:
        settings: Accounts, and their fees.
        files: All plan files, whether their trades are planned or not.
        index: The active trades.
        matching: The planned trades with their live trades, which may have ended.
        operations: In the order in which they are carried out.
        rates: Prices and grids that were read, by account id and pair.
        averaging: SmartTrade id to what was read of its averaging orders.
    """
    active = {live.id: live for lives in index.by_name.values() for live in lives}
    matched = {match.live.id: match.live for match in matching.matches if match.live is not None}
    accounts = settings.target.accounts
    fees = choose_fees(accounts, settings.fees_pct, active.values())
    seen = Seen(
        lives=index.by_name,
        rates=rates,
        averaging=averaging,
        planned={spec.name: spec.averaging for spec in files.specs if spec.state is DesiredState.OPEN},
    )
    figures = Accounts(ids=accounts, fees=fees, maintenance_pct=settings.maintenance_margin_pct)
    return assess_plan(operations, seen, figures, {**matched, **active})
