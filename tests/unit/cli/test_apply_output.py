"""What `apply` prints for programs and for comments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_a_run_is_one_document_on_standard_output_and_all_else_is_not(cli: Cli) -> None:
    done = cli("apply", "--auto-approve", "--format", "json")
    document = json.loads(done.out)
    assert (done.code, document["exit_code"], document["summary"]["applied"]) == (0, 0, 1)
    assert document["outcomes"][0]["trade"] == "btc-dip"
    assert "will be created" in done.err


def test_events_are_lines_while_it_runs(cli: Cli) -> None:
    cli("plan", "--out", "review.json")
    done = cli("apply", "review.json", "--json-events")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert [event["type"] for event in events] == ["version", "apply_start", "apply_complete", "change_summary"]
    assert events[2]["hook"]["live_id"] == 30000001
    assert events[-1]["exit_code"] == done.code == 0


def test_a_refused_plan_says_why_in_every_format(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("58500", "57000"))
    cli("plan", "--out", "review.json")
    as_json = cli("apply", "review.json", "--format", "json")
    document = json.loads(as_json.out)
    assert as_json.code == document["exit_code"] == 12
    assert "unprotects" in document["error"]
    assert document["outcomes"] == []
    events = [json.loads(line) for line in cli("apply", "review.json", "--json-events").out.splitlines()]
    assert [event["type"] for event in events] == ["version", "diagnostic", "change_summary"]
    markdown = cli("apply", "review.json", "--format", "markdown")
    assert markdown.out.startswith("### Apply for `test` on `sandbox`")
    assert "[!CAUTION]" in markdown.out


def test_an_empty_plan_has_a_result_too(cli: Cli) -> None:
    cli("apply", "--auto-approve")
    done = cli("apply", "--auto-approve", "--format", "json")
    assert json.loads(done.out)["outcomes"] == []
    assert cli("apply", "--auto-approve", "--format", "markdown").out.startswith("### Apply for ")


def test_two_results_for_standard_output_are_refused(cli: Cli) -> None:
    assert cli("apply", "--auto-approve", "--json-events", "--format", "json").code == 64
