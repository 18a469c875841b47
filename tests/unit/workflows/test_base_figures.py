"""Fees and margins of the base are those of the same account, whatever its alias is now."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from reconciler.settings import load_settings
from reconciler.workflows.base_commit import find_base
from reconciler.workflows.base_figures import find_figures
from reconciler.workflows.base_rules import read_base
from reconciler.workflows.plan_files import PlanFiles
from reconciler.workflows.plan_risk import Figures
from tests.support.git_repositories import commit_all, make_repository


def find(root: Path, before: str | None, now: str) -> tuple[Figures, ...]:
    make_repository(root)
    path = root / "reconciler.yaml"
    if before is not None:
        path.write_text(before)
    commit_all(root)
    path.write_text(now)
    settings = load_settings(root, None, {})
    base = find_base(root, "HEAD", {})
    assert base is not None
    return find_figures(read_base(base, settings, PlanFiles(specs=())), settings)


def config(accounts: str, more: str = "") -> str:
    return f"version: 1\nworkspace: test\ntargets:\n  sandbox: {{kind: sandbox, accounts: {{{accounts}}}}}\n{more}"


def test_fees_and_margins_are_those_of_the_base(tmp_path: Path) -> None:
    before = config("main: 1", "fees: {main: 0.2}\nmaintenance_margin_pct: {main: 0.5}\n")
    (figures,) = find(tmp_path, before, config("main: 1", "fees: {main: 0}\n"))
    assert figures == Figures(fees_pct={"main": Decimal("0.2")}, maintenance_pct={"main": Decimal("0.5")})


def test_an_account_keeps_its_fee_under_another_alias(tmp_path: Path) -> None:
    before = config("main: 1, other: 2", "fees: {main: 0.2, other: 0.1}\n")
    (figures,) = find(tmp_path, before, config("a: 1, main: 2", "fees: {a: 0, main: 0}\n"))
    assert figures.fees_pct == {"a": Decimal("0.2"), "main": Decimal("0.1")}


def test_of_two_aliases_of_an_account_the_higher_fee_counts(tmp_path: Path) -> None:
    before = config("low: 1, high: 1", "fees: {low: 0.1, high: 0.3}\n")
    (figures,) = find(tmp_path, before, config("low: 1"))
    assert figures.fees_pct == {"low": Decimal("0.3")}


def test_what_the_base_does_not_state_is_not_taken_from_the_change(tmp_path: Path) -> None:
    assert find(tmp_path, config("main: 1"), config("main: 1", "fees: {main: 0}\n")) == (Figures(),)


def test_without_a_workspace_at_the_base_nothing_is_stated(tmp_path: Path) -> None:
    assert find(tmp_path, None, config("main: 1", "fees: {main: 0}\n")) == (Figures(),)
