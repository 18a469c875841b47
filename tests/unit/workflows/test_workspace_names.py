"""The names that a workspace has, for shell completion."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.workflows.workspace_names import list_accounts, list_targets, list_trade_names

CONFIG = """\
version: 1
workspace: test
target: sandbox
targets:
  sandbox: {kind: sandbox, accounts: {main: 1, second: 2}}
  paper: {kind: api, mode: paper, accounts: {futures: 3}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "reconciler.yaml").write_text(CONFIG)
    (tmp_path / "a.yaml").write_text("version: 1\ntrades:\n  btc-dip: {}\n  ada-bag: {}\n")
    return tmp_path


def test_trades_of_all_files_are_listed_though_they_are_not_finished(root: Path) -> None:
    (root / "b.yaml").write_text("trades:\n  eth-swing:\n")
    (root / "broken.yaml").write_text("trades: [")
    assert list_trade_names(root) == ["ada-bag", "btc-dip", "eth-swing"]


def test_targets_and_the_accounts_of_one_are_listed(root: Path) -> None:
    assert list_targets(root) == ["sandbox", "paper"]
    assert list_accounts(root, None) == ["main", "second"]
    assert list_accounts(root, "paper") == ["futures"]


def test_a_folder_without_a_configuration_has_no_targets(tmp_path: Path) -> None:
    assert list_targets(tmp_path) == []
    assert list_trade_names(tmp_path) == []
