"""A pull request that loosens the rules which would hold it back: each change is named, and refused or shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.workflows.connection import SANDBOX_FILE, make_own_folder, open_sandbox
from tests.support.git_repositories import commit_all, make_repository, run_git
from tests.support.program import BTC_DIP, CONFIG, Cli

CLOSED = BTC_DIP + "    state: closed\n"
PREVENTING = BTC_DIP + "    lifecycle: {prevent: [cancel, update]}\n"

NOTHING = "version: 1\ntrades: {}\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with a workspace in the folder `money`."""
    for name in ("CI", "GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        monkeypatch.delenv(name, raising=False)
    make_repository(tmp_path)
    (tmp_path / ".gitignore").write_text(".reconciler/\n*.json\n")
    (tmp_path / "money").mkdir()
    write(tmp_path, config=CONFIG, trade=BTC_DIP)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(repository: Path, *, config: str = "", trade: str = "", folder: str = "money") -> None:
    if config:
        (repository / folder / "reconciler.yaml").write_text(config)
    if trade:
        (repository / folder / "btc-dip.yaml").write_text(trade)


@pytest.fixture
def pull_request(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Commits what is there as the base, so that the next edits are those of a pull request."""

    def begin() -> None:
        run_git(repository, "update-ref", "refs/remotes/origin/main", commit_all(repository))
        monkeypatch.setenv("GITHUB_BASE_REF", "main")

    return begin


@pytest.fixture
def entered(repository: Path, cli: Cli) -> None:
    """Opens the trade, and lets its entry fill."""
    assert cli("--workspace", "money", "apply", "--auto-approve").code == 0
    assert cli("--workspace", "money", "sandbox", "price", "USDT_BTC", "59900").code == 0


@pytest.fixture
def refused(cli: Cli, repository: Path) -> Callable[..., str]:
    """Makes a plan, checks that it is refused by name, and that the named acknowledgement lets it pass."""

    def check(acknowledgement: str, folder: str = "money") -> str:
        options = ("--workspace", folder)
        done = cli(*options, "plan", "--out", "refused.json")
        assert f"--acknowledge {acknowledgement}" in done.out
        document = json.loads((repository / "refused.json").read_text())
        assert document["is_applicable"] is False
        assert document["base"]["name"] == "main"
        applied = cli(*options, "apply", "refused.json")
        assert applied.code == 12
        assert f"--acknowledge {acknowledgement}" in applied.err
        assert cli(*options, "plan", "--acknowledge", acknowledgement, "--out", "passed.json").code == 0
        passed = json.loads((repository / "passed.json").read_text())
        assert passed["is_applicable"] is True
        name, _, number = acknowledgement.partition("=")
        assert passed["acknowledged"] == {name: number}
        # Lines wrap, and the width of a table depends on the longest path.
        return " ".join(done.out.split())

    return check


@pytest.mark.usefixtures("entered")
def test_a_raised_limit(repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]) -> None:
    pull_request()
    write(repository, config=f"{CONFIG}guardrails: {{closes: 50}}\n", trade=CLOSED)
    out = refused("closes=1")
    assert "guardrails.closes 0 -> 50" in out
    assert "closes: 1, over the limit of 0 at the base, raised in this change to 50 (btc-dip)." in out


@pytest.mark.usefixtures("entered")
def test_what_the_acknowledged_plan_says_is_carried_out(
    repository: Path, pull_request: Callable[[], None], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull_request()
    write(repository, config=f"{CONFIG}guardrails: {{closes: 50}}\n", trade=CLOSED)
    assert cli("--workspace", "money", "plan", "--acknowledge", "closes=1", "--out", "p.json").code == 0
    # The base is not needed any more, and no further word.
    monkeypatch.setenv("GITHUB_BASE_REF", "gone")
    assert cli("--workspace", "money", "apply", "p.json").code == 0


def test_a_removed_prevent(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str], cli: Cli
) -> None:
    write(repository, trade=PREVENTING)
    assert cli("--workspace", "money", "apply", "--auto-approve").code == 0
    pull_request()
    write(repository, trade=BTC_DIP.replace("58500", "58000"))
    out = refused("prevent=1")
    assert "trades.btc-dip.lifecycle.prevent cancel, update -> (none)" in out
    assert "`lifecycle.prevent` has `update` there" in out


def test_prevent_removed_with_its_file(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str], cli: Cli
) -> None:
    write(repository, trade=PREVENTING)
    assert cli("--workspace", "money", "apply", "--auto-approve").code == 0
    pull_request()
    (repository / "money" / "btc-dip.yaml").rename(repository / "money" / "other.yaml")
    (repository / "money" / "other.yaml").write_text(NOTHING)
    assert "trades.btc-dip.lifecycle.prevent" in refused("prevent=1")


def test_prevent_left_out_by_include(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str], cli: Cli
) -> None:
    write(repository, trade=PREVENTING)
    assert cli("--workspace", "money", "apply", "--auto-approve").code == 0
    pull_request()
    (repository / "money" / "other.yaml").write_text(NOTHING)
    write(repository, config=f"{CONFIG}include: [other.yaml]\n")
    assert "include (none) -> [other.yaml]" in refused("prevent=1")


def test_a_nested_workspace_takes_a_trade_with_its_prevent_away(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str], cli: Cli
) -> None:
    (repository / "money" / "team").mkdir()
    (repository / "money" / "btc-dip.yaml").rename(repository / "money" / "team" / "btc-dip.yaml")
    write(repository, trade=PREVENTING, folder="money/team")
    (repository / "money" / "other.yaml").write_text(NOTHING)
    assert cli("--workspace", "money", "apply", "--auto-approve").code == 0
    pull_request()
    write(repository, config=CONFIG.replace("workspace: test", "workspace: mine"), folder="money/team")
    write(repository, config=f"{CONFIG}nested: [team]\n")
    assert "nested (none) -> [team]" in refused("prevent=1")


def test_a_nested_workspace_is_held_by_the_rules_of_the_one_around_it(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    pull_request()
    (repository / "money" / "team").mkdir()
    mine = CONFIG.replace("workspace: test", "workspace: mine")
    write(repository, config=f"{mine}guardrails: {{closes: 50}}\n", trade=BTC_DIP, folder="money/team")
    out = refused("workspace=1", "money/team")
    assert "folder money -> money/team" in out
    assert "workspace test -> mine" in out
    assert "guardrails.closes 0 -> 50" in out


@pytest.mark.usefixtures("entered")
def test_a_moved_workspace_keeps_the_limits_of_its_name(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    pull_request()
    (repository / "money").rename(repository / "elsewhere")
    write(repository, config=f"{CONFIG}guardrails: {{closes: 50}}\n", trade=CLOSED, folder="elsewhere")
    out = refused("closes=1", "elsewhere")
    assert "folder money -> elsewhere" in out


def test_another_name_of_the_workspace(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    pull_request()
    write(repository, config=CONFIG.replace("workspace: test", "workspace: mine"))
    assert "workspace test -> mine" in refused("workspace=1")


def test_a_name_and_a_folder_that_are_new_are_held_by_who_has_the_accounts(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    pull_request()
    (repository / "money").rename(repository / "elsewhere")
    write(repository, config=CONFIG.replace("workspace: test", "workspace: mine"), folder="elsewhere")
    out = refused("workspace=1", "elsewhere")
    assert "folder money -> elsewhere" in out


def test_foreign_ids_that_let_a_second_trade_open(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str], cli: Cli
) -> None:
    # Somebody opened it by hand.
    order = ("USDT_BTC", "0.01", "--price", "60000", "--stop", "58500")
    assert cli("--workspace", "money", "sandbox", "act", "open", *order).code == 0
    pull_request()
    write(repository, config=f"{CONFIG}foreign: [30000001]\n")
    out = refused("foreign=1")
    assert "foreign (none) -> [30000001]" in out
    assert "Opened only because this change lists #30000001 under `foreign`" in out


def test_a_base_that_is_not_in_the_clone(
    repository: Path, pull_request: Callable[[], None], cli: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pull_request()
    write(repository, config=f"{CONFIG}guardrails: {{closes: 50}}\n")
    commit_all(repository)
    run_git(repository, "update-ref", "-d", "refs/remotes/origin/main")
    shallow = tmp_path_factory.mktemp("clone") / "clone"
    run_git(repository, "clone", "-q", "--depth", "1", "--branch", "main", f"file://{repository}", str(shallow))
    run_git(shallow, "update-ref", "-d", "refs/remotes/origin/main")
    run_git(shallow, "checkout", "-q", "--detach")
    run_git(shallow, "branch", "-q", "-D", "main")
    done = cli("--workspace", str(shallow / "money"), "plan")
    assert done.code == 64
    assert done.out == ""
    assert "GITHUB_BASE_REF=main" in done.err
    assert "fetch-depth: 0" in done.err


def test_a_clone_without_the_files_of_the_base(
    repository: Path, pull_request: Callable[[], None], cli: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pull_request()
    run_git(repository, "config", "uploadpack.allowFilter", "true")
    write(repository, config=f"{CONFIG}guardrails: {{closes: 50}}\n")
    commit_all(repository)
    partial = tmp_path_factory.mktemp("clone") / "clone"
    run_git(repository, "clone", "-q", "--filter=blob:none", f"file://{repository}", str(partial))
    run_git(partial, "update-ref", "refs/remotes/origin/main", "HEAD~1")
    done = cli("--workspace", str(partial / "money"), "plan")
    assert done.code == 64
    assert "its money/reconciler.yaml is not in this clone" in done.err


def test_an_acknowledgement_in_the_environment_has_no_effect(
    repository: Path, pull_request: Callable[[], None], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull_request()
    write(repository, config=CONFIG.replace("workspace: test", "workspace: mine"))
    for name in ("RECONCILER_ACKNOWLEDGE", "RECONCILER_PLAN_ACKNOWLEDGE", "RECONCILER_APPLY_ACKNOWLEDGE"):
        monkeypatch.setenv(name, "workspace=1")
        done = cli("--workspace", "money", "plan", "--format", "json")
        document = json.loads(done.out)
        assert document["is_applicable"] is False
        assert document["acknowledged"] == {}
        assert f"{name} is not read: an approval is never taken from the environment, give --acknowledge" in done.err
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("entered")
def test_a_folder_that_became_a_submodule_with_branches_of_its_own(
    repository: Path,
    pull_request: Callable[[], None],
    refused: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pull_request()
    own = make_repository(tmp_path_factory.mktemp("own"))
    (own / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{closes: 50}}\n")
    (own / "btc-dip.yaml").write_text(CLOSED)
    commit_all(own)
    (repository / "money").rename(repository / "before")
    run_git(repository, "rm", "-r", "-q", "--cached", "money")
    run_git(repository, "submodule", "add", "-q", str(own), "money")
    (repository / "before" / ".reconciler").rename(repository / "money" / ".reconciler")
    assert "guardrails.closes 0 -> 50" in refused("closes=1")


def test_a_distance_of_prices_that_the_base_does_not_allow(
    repository: Path, pull_request: Callable[[], None], cli: Cli
) -> None:
    pull_request()
    at_market = BTC_DIP.replace("order_type: limit, units: 0.01, price: 60000", "order_type: market, units: 0.01")
    write(repository, config=f"{CONFIG}price_moved_pct: 50\n", trade=at_market)
    options = ("--workspace", "money")
    assert "price_moved_pct 2 -> 50" in " ".join(cli(*options, "plan", "--out", "p.json").out.split())
    assert cli(*options, "sandbox", "price", "USDT_BTC", "62500").code == 0
    done = cli(*options, "apply", "p.json")
    assert done.code == 10
    assert "nothing was sent" in done.err


@pytest.mark.usefixtures("entered")
def test_an_apply_that_plans_is_held_by_the_base_too(
    repository: Path, pull_request: Callable[[], None], cli: Cli
) -> None:
    pull_request()
    write(repository, config=f"{CONFIG}guardrails: {{closes: 50}}\n", trade=CLOSED)
    done = cli("--workspace", "money", "apply", "--auto-approve")
    assert done.code == 12
    assert "--acknowledge closes=1" in done.err
    assert cli("--workspace", "money", "apply", "--auto-approve", "--acknowledge", "closes=2").code == 12
    assert cli("--workspace", "money", "apply", "--auto-approve", "--acknowledge", "closes=1").code == 0


@pytest.mark.usefixtures("entered")
def test_an_acknowledgement_is_bound_to_the_plan(repository: Path, pull_request: Callable[[], None], cli: Cli) -> None:
    pull_request()
    write(repository, trade=CLOSED)
    options = ("--workspace", "money")
    assert cli(*options, "plan", "--out", "p.json").code == 0
    document = json.loads((repository / "p.json").read_text())
    # Written in by hand, it is a change of the plan.
    document["acknowledged"] = {"closes": "1"}
    (repository / "p.json").write_text(json.dumps(document))
    done = cli(*options, "apply", "p.json")
    assert done.code == 1
    assert "was changed after it was made" in done.err
    # Another plan does not take over what was acknowledged for this one.
    assert cli(*options, "plan", "--acknowledge", "closes=1", "--out", "p.json").code == 0
    assert "Acknowledged: closes=1" in cli(*options, "show", "p.json").out
    assert cli(*options, "plan", "--out", "other.json").code == 0
    assert json.loads((repository / "other.json").read_text())["acknowledged"] == {}
    assert cli(*options, "apply", "other.json").code == 12
    assert cli(*options, "apply", "p.json").code == 0


@pytest.mark.parametrize("words", ["all", "all=1", "*", "closes", "closes=-1", "sells=1", "closes=1e3"])
def test_words_that_acknowledge_nothing_in_particular(repository: Path, cli: Cli, words: str) -> None:
    done = cli("--workspace", "money", "plan", "--acknowledge", words)
    assert done.code == 64
    assert f"--acknowledge {words}:" in done.err
    assert "closes=2" in done.err


def test_fees_that_make_a_loss_look_small(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    limited = f"{CONFIG}guardrails: {{loss_at_stop_total: {{USDT: 16}}}}\n"
    write(repository, config=f"{limited}fees: {{main: 0.1}}\n")
    pull_request()
    # 0.01 x (60000 - 58500) is 15; with fees it is 16.185.
    write(repository, config=f"{limited}fees: {{main: 0}}\n")
    out = refused("loss_at_stop_total=16.185")
    assert "fees.main 0.1 -> 0" in out
    assert "loss_at_stop_total: 16.185 USDT, over the limit of 16 USDT at the base" in out


def test_an_alias_that_hides_the_fees_of_its_account(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    limited = f"{CONFIG}guardrails: {{loss_at_stop_total: {{USDT: 16}}}}\n"
    write(repository, config=f"{limited}fees: {{main: 0.1}}\n")
    pull_request()
    config = limited.replace("{main: 1}", "{new: 1}") + "fees: {new: 0}\n"
    write(repository, config=config, trade=BTC_DIP.replace("account: main", "account: new"))
    assert "fees.main 0.1 -> (none)" in refused("loss_at_stop_total=16.185")


def test_a_limit_on_an_amount_that_was_raised_or_taken_out(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    write(repository, config=f"{CONFIG}guardrails: {{notional_total: {{USDT: 500}}}}\n")
    pull_request()
    write(repository, config=f"{CONFIG}guardrails: {{notional_total: {{USDT: 5000}}}}\n")
    out = refused("notional_total=600")
    assert "guardrails.notional_total.USDT 500 -> 5000" in out
    assert "over the limit of 500 USDT at the base, raised in this change to 5000 USDT" in out
    write(repository, config=CONFIG)
    assert "over the limit of 500 USDT at the base, removed in this change" in refused("notional_total=600")
    # A warning is no limit.
    write(repository, config=f"{CONFIG}guardrails: {{warn: {{notional_total: {{USDT: 500}}}}}}\n")
    assert "over the limit of 500 USDT at the base, removed in this change" in refused("notional_total=600")


def test_a_policy_that_the_change_takes_away(
    repository: Path, pull_request: Callable[[], None], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, config=f"{CONFIG}policy: 'false'\n")
    pull_request()
    write(repository, config=f"{CONFIG}policy: 'true'\n")
    options = ("--workspace", "money")
    done = cli(*options, "plan", "--out", "p.json")
    assert "policy false -> true" in " ".join(done.out.split())
    assert json.loads((repository / "p.json").read_text())["is_applicable"] is False
    assert cli(*options, "apply", "p.json").code == 12
    # Neither without the pull request around it, nor without its base, does the verdict get lost.
    monkeypatch.delenv("GITHUB_BASE_REF")
    assert cli(*options, "apply", "p.json").code == 12
    monkeypatch.setenv("GITHUB_BASE_REF", "gone")
    assert cli(*options, "apply", "p.json").code == 12
    assert cli(*options, "apply", "--auto-approve").code == 64


def test_a_freeze_that_the_change_lifts(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    write(repository, config=f"{CONFIG}freeze: {{reason: exchange is down}}\n")
    pull_request()
    write(repository, config=CONFIG)
    out = refused("freeze=1")
    assert "freeze.reason exchange is down -> (none)" in out
    assert "Held back at the base by `freeze`: exchange is down" in out


def test_what_was_acknowledged_in_the_review_is_carried_out_after_the_merge(
    repository: Path, pull_request: Callable[[], None], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, trade=PREVENTING)
    options = ("--workspace", "money")
    assert cli(*options, "apply", "--auto-approve").code == 0
    pull_request()
    write(repository, trade=BTC_DIP.replace("58500", "58000"))
    acknowledged = ("--acknowledge", "prevent=1", "--acknowledge", "unprotects=1")
    assert cli(*options, "plan", *acknowledged, "--out", "p.json").code == 0
    assert cli(*options, "plan", "--acknowledge", "unprotects=1", "--out", "refused.json").code == 0
    commit_all(repository)
    monkeypatch.delenv("GITHUB_BASE_REF")
    assert cli(*options, "apply", "--reviewed", "refused.json").code == 12
    assert cli(*options, "apply", "--reviewed", "p.json").code == 0


def test_a_limit_on_realised_losses_that_the_change_takes_out(
    repository: Path, pull_request: Callable[[], None], cli: Cli
) -> None:
    write(repository, config=f"{CONFIG}guardrails: {{loss_realised: {{USDT: 10, within: 3650d}}}}\n")
    options = ("--workspace", "money")
    assert cli(*options, "apply", "--auto-approve").code == 0
    # The entry fills, then the stop acts.
    for price in ("59900", "58500"):
        assert cli(*options, "sandbox", "price", "USDT_BTC", price).code == 0
    pull_request()
    again = (
        BTC_DIP.replace("60000", "57000").replace("58500", "55000").replace("btc-dip:", "btc-dip:\n    generation: 2")
    )
    write(repository, config=CONFIG, trade=again)
    out = " ".join(cli(*options, "plan", "--out", "p.json").out.split())
    assert "loss_realised: 16.185 USDT, over the limit of 10 USDT at the base, removed in this change" in out
    assert cli(*options, "apply", "p.json").code == 12


def test_an_alias_that_is_given_to_another_account(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    limited = CONFIG.replace("{main: 1}", "{main: 1, risky: 2}") + "guardrails: {accounts: [main]}\n"
    write(repository, config=limited)
    pull_request()
    # The account that was `risky` is called `main` now.
    write(repository, config=limited.replace("{main: 1, risky: 2}", "{risky: 1, main: 2}"))
    with open_sandbox(make_own_folder(repository / "money") / SANDBOX_FILE) as sandbox:
        sandbox.ensure_account(2)
    out = refused("accounts=1")
    assert "accounts: 1, not allowed at the base, which only rules of this change pass (btc-dip)." in out


def test_a_freeze_that_the_change_lets_end(
    repository: Path, pull_request: Callable[[], None], refused: Callable[..., str]
) -> None:
    write(repository, config=f"{CONFIG}freeze: {{reason: exchange is down}}\n")
    pull_request()
    write(repository, config=f"{CONFIG}freeze: {{reason: exchange is down, until: 2020-01-01T00:00:00Z}}\n")
    assert "freeze.until (none) -> 2020-01-01T00:00:00Z" in refused("freeze=1")
