"""`freeze`: what goes through from then on, and what says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Cli


def freeze(cli: Cli, *more: str) -> None:
    assert cli("freeze", "--reason", "CPI release", *more).code == 0


def test_a_plan_says_that_it_is_frozen_and_apply_refuses_with_twelve(cli: Cli, workspace: Path) -> None:
    freeze(cli)
    planned = cli("plan")
    assert planned.code == 0
    assert "FROZEN by " in planned.out
    assert "CPI release" in planned.out
    assert "Held back by the freeze: btc-dip (commits)" in planned.out
    for options in ([], ["--partial"]):
        refused = cli("apply", "--auto-approve", *options)
        assert refused.code == 12
    assert "not opened" in cli("status").out


def test_status_and_drift_say_it_first(cli: Cli, workspace: Path) -> None:
    freeze(cli)
    assert cli("status").out.startswith("FROZEN by ")
    assert cli("drift").out.splitlines()[1].startswith("FROZEN by ")
    assert json.loads(cli("status", "--format", "json").out)["freezes"][0]["reason"] == "CPI release"
    assert json.loads(cli("drift", "--format", "json").out)["freezes"][0]["source"] == "command"
    document = json.loads(cli("plan", "--format", "json").out)
    assert document["held_back"] == [{"trade": "btc-dip", "action": "create", "effect": "commits", "by": ["freeze"]}]
    assert document["is_applicable"] is False


def test_a_saved_plan_from_before_the_freeze_is_refused_and_shown_as_it_was(cli: Cli, workspace: Path) -> None:
    assert cli("plan", "--out", "plan.json").code == 0
    freeze(cli)
    assert cli("apply", "plan.json").code == 12
    assert "FROZEN" not in cli("show", "plan.json").out


def test_what_lowers_risk_is_sent_and_the_rest_once_the_freeze_is_over(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    file = workspace / "btc-dip.yaml"
    one = file.read_text()
    file.write_text(one.replace("58500", "59000"))
    (workspace / "second.yaml").write_text(one.replace("btc-dip", "second"))
    freeze(cli)
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "Not applicable as a whole: 1 of 2 operations lowers risk and would be sent; 1 waits." in done.out
    assert "btc-dip: update #30000001: done" in done.err
    assert "second: create: held back: a freeze is in force" in done.err
    again = cli("apply", "--auto-approve")
    assert again.code == 12
    assert "nothing was sent" in again.err
    assert cli("unfreeze", "--reason", "published").code == 0
    assert cli("apply", "--auto-approve").code == 0


def test_by_hand_nothing_is_added_and_everything_can_be_ended(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    freeze(cli)
    added = cli("trade", "add-funds", "btc-dip", "--units", "0.01", "--market", "--auto-approve")
    assert added.code == 12
    assert "CPI release" in added.err
    assert cli("trade", "note", "btc-dip", "x", "--auto-approve").code == 12
    reduced = cli("trade", "reduce-funds", "btc-dip", "--units", "0.001", "--market", "--auto-approve")
    assert reduced.code == 0
    assert cli("trade", "close", "btc-dip", "--auto-approve").code == 0


def test_a_damaged_journal_does_not_keep_a_trade_from_being_closed(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / ".reconciler" / "journal.sqlite").write_bytes(b"damaged")
    for ending in ("-wal", "-shm"):
        (workspace / ".reconciler" / f"journal.sqlite{ending}").unlink(missing_ok=True)
    assert cli("freeze", "--reason", "x").code == 1
    assert cli("trade", "close", "btc-dip", "--auto-approve").code == 0


@pytest.mark.parametrize("origin", ["variable", "file"])
def test_a_freeze_of_the_variable_or_of_the_file_stays_after_unfreeze(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    if origin == "variable":
        monkeypatch.setenv("RECONCILER_FREEZE", "holiday")
    else:
        with (workspace / "reconciler.yaml").open("a") as config:
            config.write("freeze: {reason: holiday, until: 2999-01-01T00:00:00Z}\n")
    assert cli("apply", "--auto-approve").code == 12
    done = cli("unfreeze", "--reason", "back")
    assert done.code == 12
    assert "holiday" in done.out


def test_a_freeze_ends_at_its_time(cli: Cli, workspace: Path) -> None:
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("freeze: {reason: holiday, until: 2020-01-01T00:00:00Z}\n")
    assert cli("apply", "--auto-approve").code == 0


@pytest.mark.parametrize("until", ["tomorrow", "0s", "2020-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "9999999999d"])
def test_an_end_that_is_none_is_refused(cli: Cli, workspace: Path, until: str) -> None:
    assert cli("freeze", "--reason", "x", "--until", until).code == 64


def test_a_reason_is_needed(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("freeze").code == 64
    assert cli("freeze", "--reason", "  ").code == 64
    monkeypatch.setenv("RECONCILER_UNFREEZE_REASON", "x")
    assert cli("unfreeze").code == 64


def test_the_config_is_checked_with_line_and_column(cli: Cli, workspace: Path) -> None:
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("freeze: {reason: x, allow: [frees]}\n")
    line = (workspace / "reconciler.yaml").read_text().count("\n")
    assert f"reconciler.yaml:{line}:28" in cli("plan").err


@pytest.fixture
def lost(cli: Cli, workspace: Path) -> Path:
    """A workspace whose first trade was stopped out, with a second one in its files."""
    assert cli("apply", "--auto-approve").code == 0
    for price in (59900, 58000):
        cli("sandbox", "price", "USDT_BTC", str(price))
    cli("sandbox", "advance", "90s")
    cli("sandbox", "price", "USDT_BTC", "61000")
    text = (workspace / "btc-dip.yaml").read_text()
    (workspace / "second.yaml").write_text(text.replace("btc-dip", "second"))
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {loss_realised: {USDT: 5, within: 24h}}\n")
    return workspace


def test_a_realised_loss_over_its_limit_freezes_by_itself_until_a_person_ends_it(cli: Cli, lost: Path) -> None:
    refused = cli("apply", "--auto-approve")
    assert refused.code == 12
    assert "Frozen: loss_realised" in refused.err
    assert "FROZEN by guardrail" in cli("status").out
    with (lost / "reconciler.yaml").open("a") as config:
        config.write("# the limit is the same\n")
    assert cli("apply", "--auto-approve").code == 12
    assert cli("unfreeze", "--reason", "a bad day, checked").code == 0
    again = cli("apply", "--auto-approve")
    # The limit itself still holds it back, and the same loss sets no second freeze.
    assert again.code == 12
    assert "Guardrail: loss_realised" in again.err
    assert "FROZEN" not in cli("status").out


def test_a_loss_counts_by_the_clock_of_the_sandbox_and_no_longer_than_stated(cli: Cli, lost: Path) -> None:
    assert "loss_realised" in cli("plan").out
    cli("sandbox", "advance", "23h")
    assert cli("apply", "--auto-approve").code == 12
    assert cli("unfreeze", "--reason", "checked").code == 0
    cli("sandbox", "advance", "2h")
    assert cli("apply", "--auto-approve").code == 0
    assert "FROZEN" not in cli("status").out


def test_a_loss_that_is_acknowledged_sets_no_freeze(cli: Cli, lost: Path) -> None:
    words = next(
        word for word in cli("plan").out.split() if word.startswith("loss_realised=") or "loss_realised." in word
    )
    assert cli("apply", "--auto-approve", "--acknowledge", words.rstrip(".;)")).code == 0
    assert "FROZEN" not in cli("status").out
