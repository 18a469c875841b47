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


def test_the_result_is_saved_whatever_is_printed_and_also_if_the_plan_was_refused(cli: Cli, workspace: Path) -> None:
    done = cli("apply", "--auto-approve", "--result", "result.json")
    assert "Apply complete!" in done.out
    saved = json.loads((workspace / "result.json").read_text())
    assert (saved["kind"], saved["summary"]["applied"], saved["exit_code"]) == ("reconciler-apply", 1, 0)
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {creates: 0}\n")
    (workspace / "eth.yaml").write_text(BTC_DIP.replace("btc-dip", "eth-dip").replace("USDT_BTC", "USDT_ETH"))
    assert cli("apply", "--auto-approve", "--result", "result.json").code == 12
    saved = json.loads((workspace / "result.json").read_text())
    assert saved["error"].startswith("Guardrail: ")
    assert saved["summary"]["applied"] == 0


def test_no_other_file_is_overwritten_by_a_result(cli: Cli, workspace: Path) -> None:
    (workspace / "notes.txt").write_text("mine")
    assert cli("apply", "--auto-approve", "--result", "notes.txt").code == 64
    assert (workspace / "notes.txt").read_text() == "mine"
    assert cli("apply", "--auto-approve", "--result", "more.yaml").code == 64
