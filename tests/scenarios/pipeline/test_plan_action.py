"""The action `plan`, run as it stands in its YAML file, against the sandbox and a stand-in of the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reconciler.workflows.new_workspace import FIRST_PLAN
from tests.scenarios.pipeline.conftest import Pipeline
from tests.support.github_stand_in import GitHubStandIn

Branch = Callable[[str, str], str]
ETH = (
    FIRST_PLAN.replace("btc-dip", "eth-dip")
    .replace("USDT_BTC", "USDT_ETH")
    .replace("60000", "2400")
    .replace("63000", "2500")
)


def test_a_plan_is_made_stored_commented_and_counted(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    branch("btc-dip.yaml", FIRST_PLAN.replace("63000", "64000"))
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    outputs = result.outputs
    assert (outputs["to_add"], outputs["to_change"], outputs["to_destroy"]) == ("1", "0", "0")
    assert (outputs["changes"], outputs["applicable"], outputs["exit_code"]) == ("true", "true", "0")
    assert outputs["summary"] == "Plan: 1 to add, 0 to change, 0 to destroy."
    assert Path(outputs["plan_path"]).is_file()
    (comment,) = service.visible()
    assert outputs["comment_id"] == str(comment["id"])
    assert outputs["comment_url"] == comment["html_url"]
    assert outputs["artifact_url"] in comment["body"]
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in comment["body"]
    assert "Plan: 1 to add" in runner.summary
    assert service.artifacts[0]["name"] == "reconciler-plan-prod-sandbox"
