"""A saved plan against a world that moved on: what is refused, what is resumed, what `--partial` still does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.saved_plan.files import _digest
from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def other(name: str, price: int, **changes: tuple[str, str]) -> str:
    """One more plan file."""
    text = BTC_DIP.replace("btc-dip", name).replace("price: 60000", f"price: {price}")
    text = text.replace("price: 58500", f"price: {price - 1500}")
    for old, new in changes.values():
        text = text.replace(old, new)
    return text


def rewrite(path: Path, **changes: object) -> None:
    """Another document with a right digest, as another version of the tool would have made it."""
    document = json.loads(path.read_text())
    document.update(changes)
    document["digest"] = _digest(document)
    path.write_text(json.dumps(document))


def test_a_plan_past_its_time_exits_ten(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "review.json")
    rewrite(workspace / "review.json", made_at="2026-01-01T00:00:00.000Z", expires_at="2026-01-02T00:00:00.000Z")
    done = cli("apply", "review.json")
    assert done.code == 10
    assert "expired at 2026-01-02" in done.err
    assert cli("plan", "--detailed-exitcode").code == 2


def test_a_plan_of_another_reconciler_version_with_the_same_format_is_carried_out(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "review.json")
    assert "reconciler_version" in json.loads((workspace / "review.json").read_text())
    rewrite(workspace / "review.json", reconciler_version="0.0.1")
    assert cli("apply", "review.json").code == 0


def test_a_plan_of_another_format_is_refused(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "review.json")
    rewrite(workspace / "review.json", format_version="2.0")
    done = cli("apply", "review.json")
    assert done.code == 1
    assert "has format version '2.0', and this reconciler reads version 3.0. Make a new one" in done.err


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("workspace: test", "workspace: fork", "workspace"),
        ("accounts: {main: 1}", "accounts: {main: 1, second: 2}", "accounts"),
        ("  sandbox:", "  elsewhere:", "target"),
    ],
)
def test_a_plan_for_something_else_is_refused_by_name(cli: Cli, workspace: Path, old: str, new: str, word: str) -> None:
    cli("plan", "--out", "review.json")
    (workspace / "reconciler.yaml").write_text(CONFIG.replace(old, new))
    done = cli("apply", "review.json")
    assert done.code == 1
    assert f"was made for {word}" in done.err


def test_limits_that_became_stricter_since_the_review_count(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    state: closed\n")
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{closes: 1}}\n")
    assert cli("plan", "--out", "review.json").code == 0
    (workspace / "reconciler.yaml").write_text(CONFIG)
    done = cli("apply", "review.json")
    assert done.code == 12
    assert "--acknowledge closes=1" in done.err
    assert cli("apply", "review.json", "--acknowledge", "closes=1").code == 0


def test_a_plan_that_was_carried_out_in_part_is_resumed(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(other("other", 50000))
    cli("plan", "--out", "both.json")
    assert cli("apply", "--trade", "other", "--auto-approve").code == 0
    done = cli("apply", "both.json")
    assert done.code == 0
    assert "other: create #30000001: done already" in done.err
    assert "btc-dip: create #30000002: done" in done.err
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_plan_of_some_paths_is_carried_out_as_it_is_and_takes_nothing_away(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(other("other", 50000))
    cli("apply", "--auto-approve")
    (workspace / "other.yaml").unlink()
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("price: 60000", "price: 60500"))
    cli("plan", "btc-dip.yaml", "--out", "one.json")
    assert json.loads((workspace / "one.json").read_text())["is_whole"] is False
    done = cli("apply", "one.json")
    assert done.code == 0
    assert "0 added, 1 changed, 0 destroyed" in done.out


def test_partial_carries_out_what_still_holds_and_what_protects_comes_first(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(other("other", 50000))
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("price: 58500", "price: 59000"))
    (workspace / "other.yaml").write_text(other("other", 50100))
    (workspace / "new.yaml").write_text(other("new", 40000, stop=("price: 38500", "price: 39000")))
    cli("plan", "--out", "review.json")
    cli("sandbox", "price", "USDT_BTC", "49900")
    refused = cli("apply", "review.json")
    assert refused.code == 10
    assert "The plan is stale, nothing was sent" in refused.err
    partly = cli("apply", "review.json", "--partial")
    assert partly.code == 13
    assert "new: create #30000003: done" in partly.err
    assert partly.err.index("btc-dip: update") < partly.err.index("other: update") < partly.err.index("new: create")


def test_a_trade_that_the_key_does_not_see_any_more_makes_its_plan_stale(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("price: 60000", "price: 60500"))
    cli("plan", "--out", "review.json")
    cli("sandbox", "reset")
    done = cli("apply", "review.json")
    assert done.code == 10, done.err
    assert "#30000001 does not exist for this key and mode" in done.err


def test_a_file_that_became_unreadable_stops_the_run_and_takes_nothing_away(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(other("other", 50000))
    cli("apply", "--auto-approve")
    (workspace / "other.yaml").write_bytes(b"\xff\xfe broken")
    done = cli("apply", "--auto-approve")
    assert done.code == 1
    (workspace / "other.yaml").unlink()
    (workspace / "other.yaml").symlink_to("gone.yaml")
    assert cli("apply", "--auto-approve").code == 1


def test_a_nested_workspace_is_another_one(cli: Cli, workspace: Path) -> None:
    nested = workspace / "nested"
    nested.mkdir()
    (nested / "reconciler.yaml").write_text(CONFIG.replace("workspace: test", "workspace: inner"))
    (nested / "plan.yaml").write_text(other("inner", 50000))
    assert "1 to add" in cli("plan").out


def test_a_settle_time_that_would_outlast_the_lock_is_refused(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(CONFIG.replace("{main: 1}}", "{main: 1}, settle: 121}"))
    done = cli("plan")
    assert done.code == 1
    assert "reconciler.yaml:4:" in done.err
    assert "120" in done.err
