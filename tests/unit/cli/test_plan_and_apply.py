"""`plan`, `show` and `apply` as a user types them: output, exit codes, approval, saved plans."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_plan_then_apply_then_plan_again_shows_no_changes(cli: Cli) -> None:
    first = cli("plan", "--detailed-exitcode")
    assert first.code == 2
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in first.out
    applied = cli("apply", "--auto-approve")
    assert applied.code == 0
    assert "Apply complete! Trades: 1 added, 0 changed, 0 destroyed." in applied.out
    again = cli("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes." in again.out


def test_plan_without_the_option_exits_zero_though_there_is_something_to_do(cli: Cli) -> None:
    assert cli("plan").code == 0


def test_a_plan_for_machines_is_alone_on_standard_output(cli: Cli) -> None:
    done = cli("plan", "--format", "json")
    document = json.loads(done.out)
    assert document["kind"] == "reconciler-plan"
    assert document["operations"][0]["actions"] == ["create"]
    assert document["summary"] == {"add": 1, "change": 0, "destroy": 0, "blocked": 0, "unchanged": 0, "attention": 0}


def test_a_saved_plan_is_shown_again_as_it_was_made(cli: Cli, workspace: Path) -> None:
    planned = cli("plan", "--out", "review.json")
    assert "reconciler apply review.json" in planned.err
    assert cli("show", "review.json").out == planned.out
    assert cli("show", "review.json", "--format", "json").out == (workspace / "review.json").read_text()


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
    assert cli("apply", "--auto-approve", "--acknowledge", "closes=1").code == 0
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
    assert "the position is open and the file has another entry" in done.out


def test_narrowing_to_one_trade_looks_for_no_removals(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").unlink()
    assert "No changes." in cli("plan", "--trade", "other").out
    assert "No changes." in cli("plan", "other.yaml").out
    assert "1 to destroy" in cli("plan").out


def test_an_unknown_trade_or_path_is_a_usage_error(cli: Cli) -> None:
    assert cli("plan", "--trade", "nobody").code == 64
    assert cli("plan", "nowhere.yaml").code == 64


def test_removing_every_file_is_an_error_and_removes_nothing(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").unlink()
    done = cli("apply", "--auto-approve")
    assert done.code == 1
    assert "no plan file" in done.err


def test_bad_files_stop_plan_and_apply_with_all_their_problems(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("volume: 50", "volume: 40").replace("buy", "bye"))
    done = cli("plan")
    assert done.code == 1
    assert done.out == ""
    assert "btc-dip.yaml:6:" in done.err
    assert cli("apply", "--auto-approve").code == 1


def test_the_colour_option_decides(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in cli("plan").out
    assert "\x1b[" in cli("plan", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in cli("plan").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cli("plan").out


def test_verbose_names_every_request_on_standard_error(cli: Cli) -> None:
    done = cli("plan", "--verbose")
    assert "GET /ver1/accounts" in done.err
    assert "GET /v2/smart_trades" in done.err


def test_options_before_and_after_the_command_mean_the_same(cli: Cli, workspace: Path) -> None:
    there = str(workspace)
    assert cli("--workspace", there, "plan").out == cli("plan", "--workspace", there).out


def test_an_option_may_come_from_the_environment_but_an_approval_may_not(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_PLAN_FORMAT", "json")
    assert cli("plan").out.startswith("{")
    monkeypatch.setenv("RECONCILER_APPLY_AUTO_APPROVE", "1")
    assert cli("apply").code == 64


def test_in_ci_an_api_target_must_be_named(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / "reconciler.yaml").write_text(
        CONFIG + "  real: {kind: api, mode: real, accounts: {main: 32402783}}\ntarget: sandbox\n"
    )
    assert cli("plan").code == 0
    monkeypatch.setenv("CI", "true")
    done = cli("plan")
    assert done.code == 64
    assert "--target" in done.err
    assert cli("plan", "--target", "sandbox").code == 0


def test_an_api_target_without_a_key_says_which_variables_are_missing(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(
        CONFIG + "  real: {kind: api, mode: real, accounts: {main: 32402783}}\ntarget: sandbox\n"
    )
    done = cli("plan", "--target", "real")
    assert done.code == 64
    assert "THREE_COMMAS_API_KEY" in done.err


def test_a_damaged_sandbox_file_is_an_error_and_no_traceback(cli: Cli, workspace: Path) -> None:
    (workspace / ".reconciler").mkdir()
    (workspace / ".reconciler" / "sandbox.sqlite").write_bytes(b"not a database at all" * 100)
    done = cli("plan")
    assert done.code == 1
    assert "Traceback" not in done.err
