"""`accounts`: the accounts of the key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve_aside
from tests.support.program import Cli


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An API on the wire, whose key is in the environment."""
    with Sandbox() as sandbox:
        sandbox.ensure_key("key", "secret-of-the-key")
        sandbox.ensure_account(5, name="Second Paper")
        with serve_aside(sandbox) as url:
            monkeypatch.setenv("THREE_COMMAS_API_KEY", "key")
            monkeypatch.setenv("THREE_COMMAS_API_SECRET", "secret-of-the-key")
            yield f"{url}/public/api"


def test_the_accounts_of_a_target_are_listed_with_a_line_to_write(cli: Cli, workspace: Path, address: str) -> None:
    (workspace / "reconciler.yaml").write_text(
        f"version: 1\nworkspace: test\ntargets:\n"
        f"  paper: {{kind: api, mode: paper, accounts: {{mine: 1}}, base_url: '{address}'}}\n"
    )
    done = cli("accounts")
    assert done.code == 0
    assert [line.split()[:2] for line in done.out.splitlines()[1:3]] == [["mine", "1"], ["second-paper", "5"]]
    assert done.out.endswith("  accounts: {mine: 1, second-paper: 5}\n")
    document = json.loads(cli("accounts", "--format", "json").out)
    assert [(each["id"], each["is_named"]) for each in document["accounts"]] == [(1, True), (5, False)]


def test_without_a_workspace_the_mode_is_given_and_a_key_is_needed(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("THREE_COMMAS_API_KEY", raising=False)
    done = cli("accounts", "--mode", "paper")
    assert done.code == 64
    assert "THREE_COMMAS_API_KEY" in done.err
    assert list(tmp_path.iterdir()) == []
    assert cli("accounts", "--mode", "paper", "--target", "paper").code == 64


def test_the_account_of_the_sandbox_is_listed(cli: Cli, workspace: Path) -> None:
    assert cli("accounts").out.splitlines()[1].split()[:2] == ["main", "1"]
