"""A plan that passes a limit: what lowers risk is sent, the rest waits by name, and the exit code is 12."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import reconciler
from reconciler.errors import GuardrailError
from reconciler.model.outcomes import OutcomeKind, is_held_back
from tests.support.git_repositories import commit_all, make_repository, run_git
from tests.support.program import CONFIG, Cli

SECOND = "second: create: held back: the plan passes creates"
SHORT = """\
version: 1
account: main
trades:
  waiting:
    pair: USDT_BTC
    position: {type: sell, order_type: limit, units: 0.01, price: 70000}
    take_profit: [{order_type: limit, price: 62000, volume: 100}]
    stop_loss: {order_type: market, conditional: {price: 72000}}
"""
PART = "Not applicable as a whole: 1 of 2 operations lowers risk and would be sent; 1 waits."


def read_stop(cli: Cli, name: str = "btc-dip") -> str:
    """The trigger of the stop of a live trade."""
    shown = json.loads(cli("trade", "show", name, "--format", "json").out)
    return str(shown["stop_loss"]["conditional"]["price"]["value"])


def limit(workspace: Path, limits: str) -> None:
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{{limits}}}\n")


def write(workspace: Path, name: str, *changes: tuple[str, str]) -> None:
    text = (workspace / "btc-dip.yaml").read_text().replace("btc-dip", name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (workspace / f"{name}.yaml").write_text(text)


@pytest.fixture
def mixed(cli: Cli, workspace: Path) -> Path:
    """A workspace whose files make the stop of an open trade safer and open a second trade, over the limit."""
    assert cli("apply", "--auto-approve").code == 0
    for price in ("59900", "60500"):
        cli("sandbox", "price", "USDT_BTC", price)
    write(workspace, "btc-dip", ("58500", "59000"))
    write(workspace, "second")
    limit(workspace, "creates: 0")
    return workspace


def test_files_approved_at_once_send_the_safer_stop_and_hold_back_the_rest_by_name(cli: Cli, mixed: Path) -> None:
    planned = cli("plan")
    assert planned.code == 0
    assert PART in planned.out
    assert "Would be sent: btc-dip (update, protects)" in planned.out
    assert "Held back: second (create, commits)" in planned.out
    assert "Not applicable as a whole. To allow all: --acknowledge creates=1" in planned.out
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "btc-dip: update #30000001: done" in done.err
    assert SECOND in done.err
    assert "to allow it: --acknowledge creates=1" in done.err
    assert "1 held back" in done.out
    assert read_stop(cli).startswith("59000")
    assert "second" in cli("status").out
    assert [line for line in cli("trade", "trades", "second", "--format", "json").err.splitlines() if "no live" in line]


def test_running_again_with_the_acknowledgement_or_a_higher_limit_sends_the_rest(cli: Cli, mixed: Path) -> None:
    assert cli("apply", "--auto-approve").code == 12
    again = cli("apply", "--auto-approve")
    assert again.code == 12
    assert "Guardrail: creates: 1" in again.err
    assert cli("apply", "--auto-approve", "--acknowledge", "creates=1").code == 0
    write(mixed, "third")
    assert cli("apply", "--auto-approve").code == 12
    limit(mixed, "creates: 1")
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_saved_plan_does_the_same_and_can_be_applied_again_with_the_acknowledgement(cli: Cli, mixed: Path) -> None:
    assert cli("plan", "--out", "review.json").code == 0
    document = json.loads((mixed / "review.json").read_text())
    assert document["is_applicable"] is False
    assert document["held_back"] == [{"trade": "second", "action": "create", "effect": "commits", "by": ["creates"]}]
    assert (document["summary"]["sent"], document["summary"]["held_back"]) == (1, 1)
    assert PART in cli("show", "review.json").out
    done = cli("apply", "review.json")
    assert done.code == 12
    assert "Sent: btc-dip (update, protects)" in done.err
    assert "Held back: second (create, commits)" in done.err
    assert read_stop(cli).startswith("59000")
    rest = cli("apply", "review.json", "--acknowledge", "creates=1")
    assert rest.code == 0
    assert "done already" in rest.err


def test_the_question_is_asked_after_it_was_said_what_would_be_sent(cli: Cli, mixed: Path) -> None:
    declined = cli("apply", typed="no\n")
    assert declined.code == 1
    said = declined.err.index("Sent: btc-dip (update, protects)\n  Held back: second (create, commits)")
    assert said < declined.err.index("Do you want to do this?")
    assert read_stop(cli).startswith("58500")
    assert cli("apply", typed="yes\n").code == 12
    assert read_stop(cli).startswith("59000")


def test_the_library_sends_the_same_part_and_its_outcomes_say_so(cli: Cli, mixed: Path) -> None:
    with reconciler.open_workspace(mixed) as opened:
        applied = opened.apply(opened.plan())
        assert [(each.operation.trade, each.kind, is_held_back(each)) for each in applied.outcomes] == [
            ("btc-dip", OutcomeKind.APPLIED, False),
            ("second", OutcomeKind.NOT_STARTED, True),
        ]
        assert applied.error is None
        with pytest.raises(GuardrailError, match="creates: 1"):
            opened.apply(opened.plan())
        assert opened.apply(opened.plan(), acknowledged={"creates": 1}).count(OutcomeKind.APPLIED) == 1


def test_the_journal_has_what_was_held_back(cli: Cli, mixed: Path) -> None:
    assert cli("apply", "--auto-approve").code == 12
    assert "second" in cli("journal", "show").out


def test_a_freeze_adds_to_it(cli: Cli, mixed: Path) -> None:
    assert cli("freeze", "--reason", "news").code == 0
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "frozen, too" in done.err
    assert read_stop(cli).startswith("59000")
    assert cli("apply", "--auto-approve", "--acknowledge", "creates=1").code == 12
    assert cli("unfreeze", "--reason", "calm").code == 0
    assert cli("apply", "--auto-approve", "--acknowledge", "creates=1").code == 0


def test_a_freeze_that_allows_less_rules(cli: Cli, mixed: Path) -> None:
    (mixed / "second.yaml").unlink()
    write(mixed, "btc-dip", ("    stop_loss:", "    state: closed\n    stop_loss:"))
    limit(mixed, "closes: 1")
    with (mixed / "reconciler.yaml").open("a") as config:
        config.write("freeze: {reason: audit, allow: [protects]}\n")
    assert cli("apply", "--auto-approve").code == 12
    assert "btc-dip" in cli("status").out


@pytest.fixture
def two(cli: Cli, workspace: Path) -> Path:
    """A workspace with two open trades, of which one has a file that makes its stop safer."""
    write(workspace, "second")
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    write(workspace, "btc-dip", ("58500", "59000"))
    return workspace


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("closes", ("    stop_loss:", "    state: closed\n    stop_loss:")),
        ("unprotects", ("    stop_loss:", "    state: abandoned\n    stop_loss:")),
        ("unprotects", ("59000", "57000")),
    ],
)
def test_what_the_limit_counts_waits_and_the_safer_stop_does_not(
    cli: Cli, two: Path, name: str, change: tuple[str, str]
) -> None:
    write(two, "second", change)
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert f"held back: the plan passes {name}" in done.err
    assert read_stop(cli).startswith("59000")
    assert read_stop(cli, "second").startswith("58500")
    assert cli("apply", "--auto-approve", "--acknowledge", f"{name}=1").code == 0


def test_omissions_over_the_limit_wait_and_the_safer_stop_does_not(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    write(workspace, "second", ("price: 60000", "price: 50000"), ("58500", "48000"))
    assert cli("apply", "--auto-approve").code == 0
    (workspace / "second.yaml").unlink()
    write(workspace, "btc-dip", ("58500", "59000"))
    limit(workspace, "omissions: 0")
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "second: cancel: held back: the plan passes omissions" in done.err.replace(" #30000002", "")
    assert read_stop(cli).startswith("59000")
    limit(workspace, "omissions: 1")
    assert cli("apply", "--auto-approve").code == 0


def test_a_replace_does_not_lower_risk(cli: Cli, two: Path) -> None:
    write(two, "waiting", ("price: 60000", "price: 50000"), ("59000", "48000"))
    assert cli("apply", "--auto-approve").code == 0
    (two / "waiting.yaml").write_text(SHORT)
    write(two, "btc-dip", ("59000", "59100"))
    limit(two, "creates: 0")
    planned = json.loads(cli("plan", "--format", "json").out)
    assert [(each["trade"], each["action"]) for each in planned["held_back"]] == [("waiting", "replace")]
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "waiting: replace" in done.err
    assert read_stop(cli).startswith("59100")
    assert read_stop(cli, "waiting").startswith("48000")


def test_a_limit_that_only_the_pull_request_raises_holds_back_the_same(
    cli: Cli, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository(mixed)
    (mixed / ".gitignore").write_text(".reconciler/\n*.json\n")
    run_git(mixed, "update-ref", "refs/remotes/origin/main", commit_all(mixed))
    for name in ("CI", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    limit(mixed, "creates: 9")
    planned = cli("plan", "--out", "review.json")
    assert "raised in this change to 9" in planned.flat
    assert PART in planned.out
    assert cli("apply", "review.json").code == 12
    assert read_stop(cli).startswith("59000")
    assert cli("apply", "review.json", "--acknowledge", "creates=1").code == 0


def test_a_policy_refuses_the_whole(cli: Cli, mixed: Path) -> None:
    (mixed / "no.sh").write_text("#!/bin/sh\nexit 1\n")
    (mixed / "no.sh").chmod(0o700)
    refused = cli("apply", "--auto-approve", "--policy", "./no.sh")
    assert refused.code == 12
    assert PART not in refused.out
    assert read_stop(cli).startswith("58500")


def test_a_plan_for_another_account_is_refused_as_a_whole(cli: Cli, mixed: Path) -> None:
    assert cli("plan", "--out", "review.json").code == 0
    config = mixed / "reconciler.yaml"
    config.write_text(config.read_text().replace("main: 1", "main: 2"))
    assert cli("apply", "review.json").code == 1
    config.write_text(config.read_text().replace("main: 2", "main: 1"))
    assert read_stop(cli).startswith("58500")


def test_a_plan_whose_time_is_over_is_refused_as_a_whole(cli: Cli, mixed: Path) -> None:
    limit(mixed, "creates: 0, plan_age: 1s")
    assert cli("plan", "--out", "review.json").code == 0
    time.sleep(1.1)
    assert cli("apply", "review.json").code == 10
    assert read_stop(cli).startswith("58500")
