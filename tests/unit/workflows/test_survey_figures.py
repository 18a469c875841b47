"""Fees, margins and averaging orders of a survey."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.specs import DesiredState
from reconciler.workflows.survey_figures import describe_figures, list_active
from tests.support import builders
from tests.support.surveys import make_survey
from tests.support.world import World

ORDER = AveragingOrder(price=Decimal(59000), units=Decimal("0.01"))


def test_the_fee_of_the_file_counts_and_else_that_of_live_trades() -> None:
    live = replace(builders.live(), commission=Decimal("0.002"))
    survey = make_survey([builders.spec()], [live])
    with World() as world:
        settings = world.settings
        _, seen_fees = describe_figures(settings, survey, list_active(survey))
        _, stated = describe_figures(replace(settings, fees_pct={"main": Decimal("0.3")}), survey, ())
        _, assumed = describe_figures(settings, survey, ())
    fees = [rules[1].fee for rules in (seen_fees, stated, assumed)]
    assert fees == [Decimal("0.002"), Decimal("0.003"), Decimal("0.001")]


def test_averaging_orders_of_trades_that_shall_be_open_count() -> None:
    wanted = replace(builders.spec(), averaging=(ORDER,))
    closed = replace(builders.spec(name="old"), averaging=(ORDER,), state=DesiredState.CLOSED)
    with World() as world:
        seen, _ = describe_figures(world.settings, make_survey([wanted, closed], []), ())
    assert seen.planned == {"btc-dip": (ORDER,)}
