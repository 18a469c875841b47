"""`init`: a workspace whose first plan applies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve_aside
from tests.support.program import CONFIG, Cli


def test_init_writes_a_workspace_whose_first_plan_applies(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = cli("init", "My Trades!")
    assert made.code == 0
    monkeypatch.chdir(tmp_path / "My Trades!")
    assert cli("validate").code == 0
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_init_writes_the_line_by_which_an_editor_finds_the_schema_and_the_schema(cli: Cli, tmp_path: Path) -> None:
    cli("init", str(tmp_path / "trades"))
    for name in ("btc-dip.yaml", "reconciler.yaml"):
        line = (tmp_path / "trades" / name).read_text().splitlines()[0]
        head, _, path = line.partition("=")
        assert head == "# yaml-language-server: $schema"
        assert (tmp_path / "trades" / path).is_file()


def test_init_gives_two_folders_of_one_name_different_workspaces(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli("init", "a/trades")
    cli("init", "b/trades")
    assert (tmp_path / "a/trades/reconciler.yaml").read_text() != (tmp_path / "b/trades/reconciler.yaml").read_text()


def test_init_overwrites_nothing(cli: Cli, workspace: Path) -> None:
    done = cli("init")
    assert done.code == 1
    assert "exists already" in done.err
    assert (workspace / "reconciler.yaml").read_text() == CONFIG


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """An API on the wire with two accounts, whose key is in the environment."""
    monkeypatch.chdir(tmp_path)
    with Sandbox() as sandbox:
        sandbox.ensure_key("key", "secret-of-the-key")
        sandbox.ensure_account(5, name="Second Paper")
        with serve_aside(sandbox) as url:
            monkeypatch.setenv("THREE_COMMAS_API_KEY", "key")
            monkeypatch.setenv("THREE_COMMAS_API_SECRET", "secret-of-the-key")
            yield f"{url}/public/api"


def test_init_for_paper_asks_for_accounts_of_the_key(cli: Cli, address: str) -> None:
    made = cli("init", "trades", "--target", "paper", "--base-url", address, typed="5 1\n")
    assert made.code == 0
    assert "second-paper" in made.err
    assert made.err.endswith("Next: reconciler plan --workspace trades --target paper\n")
    config = Path("trades/reconciler.yaml").read_text()
    assert "target: paper" in config
    assert "accounts: {main: 5, " in config
    assert cli("validate", "--workspace", "trades").code == 0
    planned = cli("plan", "--workspace", "trades")
    assert "target paper (paper)" in planned.out
    assert "account_id: 5" in planned.out
    assert cli("plan", "--workspace", "trades", "--target", "sandbox").code == 0


@pytest.mark.parametrize("typed", ["", "\n", "7\n", "5 x\n"])
def test_an_answer_that_names_no_account_writes_nothing(cli: Cli, address: str, typed: str) -> None:
    done = cli("init", "trades", "--target", "paper", "--base-url", address, typed=typed)
    assert done.code == 64
    assert "nothing was written" in done.err
    assert not Path("trades").exists()


def test_init_for_an_api_target_takes_accounts_as_options_without_a_terminal(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = cli("init", "--target", "paper")
    assert refused.code == 64
    assert "add --account main=ID" in refused.err
    made = cli("init", "--target", "real", "--account", "spot=12345678", "--account", "futures=12345679")
    assert made.code == 0
    assert made.err.endswith("Next: reconciler plan --target real\n")
    config = Path("reconciler.yaml").read_text()
    assert "target: sandbox" in config
    assert "real: {kind: api, mode: real, accounts: {spot: 12345678, futures: 12345679}}" in config
    assert cli("apply", "--auto-approve").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--target", "live"],
        ["--account", "main=1"],
        ["--target", "paper", "--account", "main"],
        ["--target", "paper", "--account", "1=main"],
        ["--target", "paper", "--account", "a=1", "--account", "a=2"],
    ],
)
def test_options_that_make_no_sense_write_nothing(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("init", *words).code == 64
    assert list(tmp_path.iterdir()) == []


def test_the_next_command_can_be_pasted(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("init", "my trades").err.endswith("Next: reconciler plan --workspace 'my trades'\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert cli("init").err.endswith("Next: reconciler plan\n")
