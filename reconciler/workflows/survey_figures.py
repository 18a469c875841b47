"""What the money at risk of the trades of a survey depends on: fees, margins, averaging orders and prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.drifting.survey import Survey
from reconciler.model.live import LiveTrade
from reconciler.model.specs import DesiredState
from reconciler.risk.fees import choose_fees
from reconciler.risk.plan_risk import Accounts, Seen
from reconciler.risk.trade_risk import Rules
from reconciler.settings import Settings


def describe_figures(
    settings: Settings, survey: Survey, lives: Iterable[LiveTrade]
) -> tuple[Seen, Mapping[int, Rules]]:
    """Describe what the money at risk depends on.

    Args:
        settings: Accounts, and their fees.
        survey: What was read.
        lives: Trades whose commissions count for accounts without a fee in reconciler.yaml.
    """
    ids = settings.target.accounts
    fees = choose_fees(ids, settings.fees_pct, lives)
    seen = Seen(
        lives={},
        rates=survey.rates,
        averaging=survey.averaging,
        planned={spec.name: spec.averaging for spec in survey.specs if spec.state is DesiredState.OPEN},
    )
    return seen, Accounts(ids=ids, fees=fees, maintenance_pct=settings.maintenance_margin_pct).rules()


def list_active(survey: Survey) -> Iterable[LiveTrade]:
    """List the active trades of a survey that have a marker."""
    return (live for lives in survey.index.by_name.values() for live in lives)
