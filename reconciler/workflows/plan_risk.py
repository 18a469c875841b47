"""The money at risk of a plan, from what the plan has read; nothing more is read for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of reconciler.yaml by which numbers are reckoned.

    Attributes:
        fees_pct: Alias to fee in percent.
        maintenance_pct: Alias to maintenance margin in percent.
    """

    fees_pct: Mapping[str, Decimal] = field(default_factory=dict)
    maintenance_pct: Mapping[str, Decimal] = field(default_factory=dict)


def assess_risk(
    settings: Settings,
    files: PlanFiles,
    index: Index,
    matching: Matching,
    operations: Sequence[Operation],
    *,
    rates: Mapping[PairKey, Rates],
    averaging: Mapping[int, AveragingReading],
    figures: Figures | None = None,
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
        figures: Fees and margins; by default those of the settings.
    """
    chosen = figures or Figures(fees_pct=settings.fees_pct, maintenance_pct=settings.maintenance_margin_pct)
    active = {live.id: live for lives in index.by_name.values() for live in lives}
    matched = {match.live.id: match.live for match in matching.matches if match.live is not None}
    accounts = settings.target.accounts
    fees = choose_fees(accounts, chosen.fees_pct, active.values())
    seen = Seen(
        lives=index.by_name,
        rates=rates,
        averaging=averaging,
        planned={spec.name: spec.averaging for spec in files.specs if spec.state is DesiredState.OPEN},
    )
    reckoned = Accounts(ids=accounts, fees=fees, maintenance_pct=chosen.maintenance_pct)
    return assess_plan(operations, seen, reckoned, {**matched, **active})
