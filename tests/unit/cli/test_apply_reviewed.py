"""`apply --reviewed`: the remedy for a plan that expired or went stale before it was applied."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.saved_plan.files import load_plan, write_plan
from tests.support.git_repositories import commit_all, make_repository
from tests.support.program import Cli


def add_trade(workspace: Path, name: str) -> None:
    text = (workspace / "btc-dip.yaml").read_text().replace("btc-dip", name)
    (workspace / f"{name}.yaml").write_text(text)


@pytest.fixture
def expired(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved plan whose time is over; a weekend has passed."""
    assert cli("plan", "--out", "plan.json").code == 0
    _expire(workspace / "plan.json")
    return workspace / "plan.json"


def _expire(path: Path) -> None:
    plan = load_plan(path)
    days = timedelta(days=3)
    context = replace(plan.context, made_at=plan.context.made_at - days, expires_at=plan.context.expires_at - days)
    path.write_text(write_plan(replace(plan, context=context)))


def test_an_expired_plan_is_carried_out_if_it_is_still_the_same(cli: Cli, expired: Path) -> None:
    stale = cli("apply", str(expired))
    assert stale.code == 10
    assert "--reviewed" in stale.err
    done = cli("apply", "--reviewed", str(expired))
    assert done.code == 0
    assert "Apply complete!" in done.out
    # Once more there is nothing to do.
    assert cli("apply", "--reviewed", str(expired)).code == 0


def test_what_was_not_reviewed_is_refused_by_name_and_not_sent(cli: Cli, workspace: Path, expired: Path) -> None:
    add_trade(workspace, "second")
    done = cli("apply", "--reviewed", str(expired))
    assert done.code == 13
    assert "second: create" in done.err
    assert "not part of the reviewed plan" in done.err
    assert "not opened" in cli("status", "second.yaml").out
    assert "not opened" not in cli("status", "btc-dip.yaml").out
    again = cli("apply", "--reviewed", str(expired))
    assert again.code == 10
    assert "second (create)" in again.err


def test_a_changed_file_is_refused_as_stale(cli: Cli, workspace: Path, expired: Path) -> None:
    file = workspace / "btc-dip.yaml"
    file.write_text(file.read_text().replace("58500", "58000"))
    done = cli("apply", "--reviewed", str(expired))
    assert done.code == 10
    assert "Not part of the reviewed plan: btc-dip (create)" in done.err
    assert json.loads(cli("status", "--format", "json").out)["trades"][0]["live_id"] is None


def test_a_narrow_plan_is_planned_again_for_its_own_trades_only(cli: Cli, workspace: Path) -> None:
    add_trade(workspace, "second")
    assert cli("plan", "--trade", "second", "--out", "plan.json").code == 0
    done = cli("apply", "--reviewed", "plan.json")
    assert done.code == 0
    assert "btc-dip" not in done.err


def test_a_saved_plan_is_given_once(cli: Cli, expired: Path) -> None:
    assert cli("apply", "--reviewed", str(expired), str(expired)).code == 64


def test_a_plan_that_was_changed_is_refused(cli: Cli, expired: Path) -> None:
    expired.write_text(expired.read_text().replace("58500", "58400"))
    done = cli("apply", "--reviewed", str(expired))
    assert done.code == 1
    assert "was changed" in done.err


@pytest.mark.parametrize("options", [["--reviewed", "../plan.json"], ["../plan.json"], ["--auto-approve"]])
def test_require_commit_refuses_another_commit_and_a_dirty_tree(
    cli: Cli, tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    folder = workspace / "repo"
    folder.mkdir()
    for name in ("reconciler.yaml", "btc-dip.yaml"):
        (workspace / name).rename(folder / name)
    monkeypatch.chdir(folder)
    command = ["apply", "--require-commit", *options]
    cli("plan", "--out", "../plan.json")
    outside = cli(*command)
    assert (outside.code, "git" in outside.err) == (10, True)
    make_repository(folder)
    commit_all(folder)
    planned = cli("plan", "--out", "../plan.json")
    assert ", commit " in planned.out.splitlines()[0]
    (folder / "btc-dip.yaml").write_text((folder / "btc-dip.yaml").read_text() + "# a comment\n")
    dirty = cli(*command)
    assert dirty.code == 10
    assert "uncommitted changes" in dirty.err
    assert cli("plan").out.splitlines()[0].endswith("with uncommitted changes")
    commit_all(folder)
    other = cli(*command)
    if options == ["--auto-approve"]:
        assert other.code == 0
        return
    assert other.code == 10
    assert "the plan was made at commit" in other.err
    cli("plan", "--out", "../plan.json")
    assert cli(*command).code == 0


def test_an_acknowledgement_of_the_reviewed_plan_is_enough(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    file = workspace / "btc-dip.yaml"
    file.write_text(file.read_text().replace("  btc-dip:\n", "  btc-dip:\n    state: closed\n"))
    assert cli("plan", "--out", "without.json").code == 0
    assert cli("plan", "--acknowledge", "closes=1", "--out", "plan.json").code == 0
    for name in ("without.json", "plan.json"):
        _expire(workspace / name)
    assert cli("apply", "--reviewed", "without.json").code == 12
    done = cli("apply", "--reviewed", "plan.json")
    assert done.code == 0, done.err
    assert "btc-dip: close" in done.err


def test_what_sells_at_market_is_held_against_the_reviewed_price(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    file = workspace / "btc-dip.yaml"
    file.write_text(file.read_text().replace("  btc-dip:\n", "  btc-dip:\n    state: closed\n"))
    assert cli("plan", "--acknowledge", "closes=1", "--out", "plan.json").code == 0
    cli("sandbox", "price", "USDT_BTC", "62000")
    moved = cli("apply", "--reviewed", "plan.json")
    assert moved.code == 10
    assert "price_moved_pct" in moved.err


@pytest.mark.parametrize(("price", "code"), [(63500, 0), (64000, 12)])
def test_what_was_acknowledged_up_to_an_amount_passes_up_to_it_after_the_price_has_moved(
    cli: Cli, workspace: Path, price: int, code: int
) -> None:
    file = workspace / "btc-dip.yaml"
    at_market = "{type: buy, order_type: market, units: 0.01}"
    steps = file.read_text().replace("63000", "73000").replace("66000", "76000")
    file.write_text(steps.replace("{type: buy, order_type: limit, units: 0.01, price: 60000}", at_market))
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {notional_per_trade: {USDT: 500}}\n")
    # The ask is 63802.45.
    assert cli("plan", "--acknowledge", "notional_per_trade=638.1", "--out", "plan.json").code == 0
    _expire(workspace / "plan.json")
    cli("sandbox", "price", "USDT_BTC", str(price))
    assert cli("apply", "--reviewed", "plan.json").code == code
