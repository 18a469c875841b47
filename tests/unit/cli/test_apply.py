"""`apply`: approval, saved plans, guardrails and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_a_saved_plan_is_carried_out_without_asking_and_once(cli: Cli) -> None:
    cli("plan", "--out", "review.json")
    assert cli("apply", "review.json").code == 0
    again = cli("apply", "review.json")
    assert again.code == 0
    assert "done already" in again.err
    assert cli("plan", "--detailed-exitcode").code == 0


def test_what_is_applied_is_what_was_reviewed_and_not_what_the_file_says_now(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "review.json")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("units: 0.01", "units: 5"))
    cli("apply", "review.json")
    assert "position.units:  0.01 -> 5" in cli("plan").out


def test_a_saved_plan_that_was_changed_is_refused(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "review.json")
    text = (workspace / "review.json").read_text()
    (workspace / "review.json").write_text(text.replace('"0.01"', '"10"'))
    done = cli("apply", "review.json")
    assert (done.code, done.out) == (1, "")
    assert "changed after it was made" in done.err


def test_a_stale_plan_exits_ten_and_sends_nothing(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("price: 60000", "price: 60500"))
    cli("plan", "--out", "review.json")
    cli("sandbox", "price", "USDT_BTC", "59900")
    done = cli("apply", "review.json")
    assert done.code == 10
    assert "waiting_targets now, waiting_position when planned" in done.err
    partly = cli("apply", "review.json", "--partial")
    assert partly.code == 10
    assert "not sent, stale" in partly.err


def test_a_plan_for_another_target_is_refused(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "review.json")
    (workspace / "reconciler.yaml").write_text(CONFIG.replace("main: 1", "main: 2"))
    done = cli("apply", "review.json")
    assert done.code == 1
    assert "accounts" in done.err


def test_apply_asks_and_only_yes_is_a_yes(cli: Cli) -> None:
    refused = cli("apply", typed="y\n")
    assert refused.code == 1
    assert refused.err.endswith("Cancelled. Nothing was sent.\n")
    assert cli("plan", "--detailed-exitcode").code == 2
    assert cli("apply", typed="yes\n").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_apply_without_a_terminal_and_without_approval_is_a_usage_error(cli: Cli) -> None:
    done = cli("apply")
    assert done.code == 64
    assert "--auto-approve" in done.err


def test_closing_a_position_needs_its_exact_count_acknowledged(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    state: closed\n")
    planned = cli("plan")
    assert planned.code == 0
    assert "--acknowledge closes=1" in planned.out
    assert cli("apply", "--auto-approve").code == 12
    assert cli("apply", "--auto-approve", "--acknowledge", "closes=2").code == 12
    done = cli("apply", "--auto-approve", "--acknowledge", "closes=1")
    assert done.code == 0
    assert "Acknowledged: closes=1" in done.out
    assert "To allow this" not in done.out
    assert cli("plan", "--detailed-exitcode").code == 0


def test_something_blocked_leaves_the_rest_alone_and_exits_twelve(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("units: 0.01", "units: 0.02"))
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "Apply complete! Trades: 1 added" in done.out
    assert "the position is open and the file has another entry" in done.flat


def test_a_saved_plan_that_does_not_exist_is_named_before_anything_else(cli: Cli, workspace: Path) -> None:
    done = cli("apply", "nosuch.json")
    assert done.code == 64
    assert "nosuch.json: there is no such file or folder" in done.err
    assert not (workspace / ".reconciler").exists()


def test_a_file_that_is_no_saved_plan_is_named_before_approval_is_asked_for(cli: Cli, workspace: Path) -> None:
    (workspace / "bad.json").write_text("{}")
    done = cli("apply", "bad.json")
    assert done.code == 64
    assert "bad.json is neither a saved plan nor a plan file" in done.err


def test_a_saved_plan_is_applied_alone(cli: Cli) -> None:
    cli("plan", "--out", "review.json")
    assert "is a saved plan and is applied alone" in cli("apply", "review.json", "btc-dip.yaml").err
    assert "--trade narrows plan files" in cli("apply", "review.json", "--trade", "btc-dip").err
