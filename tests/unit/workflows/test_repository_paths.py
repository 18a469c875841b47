"""Annotations point to files from the top of the repository, whatever the current folder is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.problems import Problem, Severity
from reconciler.workflows.repository_paths import show_from_top
from tests.support.git_repositories import make_repository
from tests.support.program import BTC_DIP, CONFIG, Cli

WRONG = BTC_DIP.replace("units: 0.01", "units: many")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository whose folder `desk/trades` is a workspace with a wrong file."""
    top = make_repository(tmp_path / "repository")
    (top / "desk" / "trades" / "sub").mkdir(parents=True)
    (top / "desk" / "trades" / "reconciler.yaml").write_text(CONFIG)
    (top / "desk" / "trades" / "sub" / "btc-dip.yaml").write_text(WRONG)
    return top


@pytest.mark.parametrize("folder", [".", "desk", "desk/trades", "desk/trades/sub"])
def test_the_path_is_the_same_from_every_folder(
    cli: Cli, top: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(top / folder)
    arguments = () if "trades" in folder else ("--workspace", str(top / "desk" / "trades"))
    done = cli("validate", "--format", "github", *arguments)
    assert done.out.startswith("::error file=desk/trades/sub/btc-dip.yaml,line=6,")


def test_outside_git_paths_stay_as_they_are(tmp_path: Path) -> None:
    problem = Problem(file="a.yaml", line=1, column=1, path="", message="wrong", severity=Severity.ERROR)
    assert show_from_top([problem], tmp_path) == (problem,)
