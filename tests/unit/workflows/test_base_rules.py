"""The rules of a base: read from the store of git alone, with what its trades prevented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.model.lifecycle import Prevented
from reconciler.settings import load_settings
from reconciler.workflows.base_commit import find_base
from reconciler.workflows.base_rules import FoundBase, read_base
from reconciler.workflows.plan_files import check_files
from tests.support.git_repositories import commit_all, make_repository
from tests.support.program import BTC_DIP, CONFIG

PREVENTING = BTC_DIP + "    lifecycle: {prevent: [close]}\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(
        f"{CONFIG}foreign: [5, 6]\nprice_moved_pct: 1\nguardrails: {{closes: 3}}\n"
    )
    (tmp_path / "btc-dip.yaml").write_text(PREVENTING)
    return tmp_path


def read(root: Path) -> FoundBase:
    settings = load_settings(root, None, {})
    base = find_base(root, "HEAD", {})
    assert base is not None
    return read_base(base, settings, check_files(settings))


def test_limits_ids_and_targets_are_those_of_the_base(repository: Path) -> None:
    commit_all(repository)
    (repository / "reconciler.yaml").write_text(f"{CONFIG}foreign: [7]\n")
    (rules,) = read(repository).rules
    assert rules.folder == ""
    assert rules.limits == {"closes": 3}
    assert rules.foreign == {5, 6}
    assert rules.price_moved_pct == Decimal(1)
    assert rules.workspaces == {"test"}
    assert [target.name for target in rules.targets] == ["sandbox"]


def test_only_files_that_have_changed_are_read_for_what_they_prevent(repository: Path) -> None:
    commit_all(repository)
    assert read(repository).specs == ()
    (repository / "btc-dip.yaml").write_text(BTC_DIP)
    found = read(repository)
    assert [spec.name for spec in found.specs] == ["btc-dip"]
    assert found.rules[0].prevented == {"btc-dip": {Prevented.CLOSE}}


def test_a_file_that_is_no_plan_file_any_more_is_read(repository: Path) -> None:
    commit_all(repository)
    (repository / "other.yaml").write_text(BTC_DIP.replace("btc-dip", "other"))
    (repository / "reconciler.yaml").write_text(f"{CONFIG}include: [other.yaml]\n")
    assert read(repository).rules[0].prevented == {"btc-dip": {Prevented.CLOSE}}


def test_former_names_of_the_base_are_held_too(repository: Path) -> None:
    moved = PREVENTING.replace("btc-dip:", "btc-new:") + "moved: [{from: btc-dip, to: btc-new}]\n"
    (repository / "btc-dip.yaml").write_text(moved)
    commit_all(repository)
    (repository / "btc-dip.yaml").write_text(BTC_DIP)
    assert read(repository).rules[0].prevented.keys() == {"btc-dip", "btc-new"}


def test_a_damaged_plan_file_of_the_base_is_named(repository: Path) -> None:
    (repository / "btc-dip.yaml").write_text("trades: [1\n")
    commit_all(repository)
    (repository / "btc-dip.yaml").write_text(BTC_DIP)
    assert read(repository).unread == ("btc-dip.yaml",)


def test_without_a_workspace_at_the_base_the_built_in_rules_count(repository: Path) -> None:
    (repository / "reconciler.yaml").rename(repository / "later")
    commit_all(repository)
    (repository / "later").rename(repository / "reconciler.yaml")
    found = read(repository)
    assert found.workspaces == ()
    assert [(rules.folder, rules.limits, rules.foreign) for rules in found.rules] == [(None, {}, frozenset())]
