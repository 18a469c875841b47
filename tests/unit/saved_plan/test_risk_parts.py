"""Money at risk in a saved plan."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.risk import OperationRisk, WorkspaceRisk
from reconciler.saved_plan.risk_parts import (
    read_operation_risk,
    read_workspace_risk,
    write_operation_risk,
    write_workspace_risk,
)
from tests.support.risks import any_workspace_risk, risk_of_two_currencies, trade_risk


@given(any_workspace_risk(["a", "b"]))
def test_what_is_written_is_read_back(risk: WorkspaceRisk) -> None:
    document = json.loads(json.dumps(write_workspace_risk(risk)))
    operations = tuple(
        read_operation_risk({"trade": each.trade, **write_operation_risk(each)}) for each in risk.operations
    )
    assert read_workspace_risk(document, operations) == risk


@given(st.sampled_from([None, OperationRisk(trade="a")]))
def test_without_numbers_every_key_is_there(risk: OperationRisk | None) -> None:
    assert write_operation_risk(risk) == {"risk": {"before": None, "after": None}, "levels": []}


def test_a_plan_whose_risk_was_not_computed_is_read_back_as_such() -> None:
    assert read_workspace_risk(write_workspace_risk(WorkspaceRisk()), (OperationRisk(trade="a"),)) == WorkspaceRisk()


def test_trades_that_stay_as_they_are_are_in_the_sums_only() -> None:
    risk = risk_of_two_currencies()
    written = write_workspace_risk(WorkspaceRisk(before=risk.before, trades={"still": trade_risk(units="1")}))
    assert "still" not in json.dumps(written)
