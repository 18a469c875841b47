"""What files change against others, without an account, a key or a network."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.git_repositories import commit_all, make_repository
from tests.support.program import BTC_DIP, CONFIG, Cli, Done

AVERAGED = f"{BTC_DIP}    averaging: [{{price: 59500, units: 0.01}}]\n"
API = "version: 1\nworkspace: test\ntargets: {paper: {kind: api, mode: paper, accounts: {main: 5}}}\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace on an API target, in a commit; no key is there, and no connection can be made."""
    top = make_repository(tmp_path / "repository")
    (top / "reconciler.yaml").write_text(API)
    (top / "btc-dip.yaml").write_text(BTC_DIP)
    commit_all(top)
    monkeypatch.chdir(top)

    def refuse(*_: object) -> None:
        raise AssertionError("something was to be sent")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("CI", "true")
    return top


@pytest.fixture
def compare(cli: Cli, repository: Path) -> Callable[..., Done]:
    def call(text: str | None, *arguments: str, name: str = "btc-dip.yaml") -> Done:
        if text is None:
            (repository / name).unlink()
        else:
            (repository / name).write_text(text)
        return cli("plan", "--against", "git:main", *arguments)

    return call


Compare = Callable[..., Done]


def test_a_stop_that_moves_away_is_shown_with_its_loss_and_breaks_the_guardrail(compare: Compare) -> None:
    done = compare(BTC_DIP.replace("58500", "57000"), "--fail-on", "guardrail")
    assert done.code == 12
    assert "unprotects: stop at 57,000 instead of 58,500" in done.out
    assert "loss at stop 16.18 -> 31.17" in done.out
    assert "To allow this: --acknowledge unprotects=1" in done.out
    assert "without an account" in done.flat
    assert "#" not in done.out
    assert "Prices seen" not in done.out


def test_the_same_files_change_nothing(compare: Compare) -> None:
    done = compare(BTC_DIP)
    assert done.code == 0
    assert "No changes. 1 trade is up to date." in done.out


def test_a_new_trade_and_one_that_is_gone(compare: Compare, repository: Path) -> None:
    (repository / "more.yaml").write_text(BTC_DIP.replace("btc-dip", "eth-dip").replace("USDT_BTC", "USDT_ETH"))
    document = json.loads(compare(None, "--format", "json").out)
    assert {each["trade"]: each["action"] for each in document["operations"]} == {
        "eth-dip": "create",
        "btc-dip": "cancel",
    }
    assert document["kind"] == "reconciler-comparison"
    assert document["against"].startswith("git:main (")
    assert document["prices"] == {}
    assert document["requests"] == {"used": 0, "needed": 0, "seconds_needed": 0}


def test_an_entry_at_market_is_named_and_its_money_is_not_guessed(compare: Compare) -> None:
    text = BTC_DIP.replace("order_type: limit, units: 0.01, price: 60000", "order_type: market, units: 0.01")
    done = compare(text.replace("btc-dip", "btc-now"), name="now.yaml")
    assert "executes: buys 0.01 BTC at once" in done.out
    assert "not known: loss at stop" in done.out


def test_changed_averaging_orders_are_changes(compare: Compare, repository: Path) -> None:
    (repository / "btc-dip.yaml").write_text(AVERAGED)
    commit_all(repository)
    assert "No changes." in compare(AVERAGED).out
    more = compare(AVERAGED.replace("0.01}]", "0.01}, {price: 59000, units: 0.05}]"))
    assert "59000" in more.out
    assert "Plan: 0 to add, 1 to change, 0 to destroy." in more.out
    assert "59500" in compare(BTC_DIP).out


def test_a_closed_trade_is_a_close_at_market(compare: Compare) -> None:
    done = compare(BTC_DIP.replace("    pair:", "    state: closed\n    pair:"), "--format", "json")
    (operation,) = json.loads(done.out)["operations"]
    assert (operation["action"], operation["danger"]) == ("close", 1)


def test_rules_that_change_are_shown_and_those_of_the_commit_count(compare: Compare, repository: Path) -> None:
    (repository / "reconciler.yaml").write_text(f"{API}guardrails: {{unprotects: 1}}\n")
    document = json.loads(compare(BTC_DIP.replace("58500", "57000"), "--format", "json").out)
    assert [each["path"] for each in document["config_changes"]] == ["guardrails.unprotects"]
    assert document["is_applicable"] is False


def test_files_of_another_folder_are_compared_too(compare: Compare, repository: Path, cli: Cli, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "reconciler.yaml").write_text(CONFIG)
    (other / "btc-dip.yaml").write_text(BTC_DIP)
    (repository / "btc-dip.yaml").write_text(BTC_DIP.replace("58500", "59000"))
    done = cli("plan", "--against", f"files:{other}")
    # That folder has no such target, so its aliases mean the accounts of now.
    assert "protects: stop at 59,000 instead of 58,500" in done.out
    same = BTC_DIP.replace("58500", "59000")
    (other / "btc-dip.yaml").write_text(same)
    (other / "reconciler.yaml").write_text(API)
    assert "No changes." in cli("plan", "--against", f"files:{other}").out


def test_a_comparison_is_never_applied(compare: Compare, repository: Path, cli: Cli) -> None:
    text = compare(BTC_DIP.replace("58500", "57000"), "--format", "json").out
    (repository / "compared.json").write_text(text)
    done = cli("apply", "--target", "paper", "compared.json")
    assert done.code != 0
    assert "neither a saved plan nor a plan file" in done.err
    assert compare(BTC_DIP, "--out", "plan.json").code == 64


def test_files_that_are_not_valid_there_are_an_error_with_their_place(compare: Compare, repository: Path) -> None:
    (repository / "btc-dip.yaml").write_text(BTC_DIP.replace("units: 0.01", "units: many"))
    commit_all(repository)
    done = compare(BTC_DIP)
    assert done.code == 64
    assert "btc-dip.yaml:6:" in done.err
    assert "reconciler-against-" not in done.err


@pytest.mark.parametrize("against", ["main", "git:", "git:nowhere", "files:nowhere", "files:", "git:--help"])
def test_what_names_nothing_is_a_usage_error(compare: Compare, cli: Cli, against: str) -> None:
    assert cli("plan", "--against", against).code == 64


def test_a_folder_outside_git_is_an_error(cli: Cli, workspace: Path) -> None:
    done = cli("plan", "--against", "git:main")
    assert done.code == 64
    assert "found no such commit" in done.err
    assert (workspace / "btc-dip.yaml").is_file()
