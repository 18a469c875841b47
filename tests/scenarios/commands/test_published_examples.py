"""The examples that stand in the repository, lived through from the first plan to moving prices."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.program import Cli

ROOT = Path(__file__).parents[3]


def test_all_published_examples_converge_and_progress_is_no_difference(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "plans" / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".reconciler"))
    monkeypatch.chdir(tmp_path / "examples")
    cli("sandbox", "price", "USDT_BTC", "9500")
    assert cli("validate").code == 0
    planned = cli("plan", "--detailed-exitcode", "--format", "json")
    assert planned.code == 2
    counts = {"add": 23, "change": 0, "destroy": 0, "blocked": 0, "unchanged": 0, "attention": 0, "dangerous": 14}
    counts |= {"held_back": 0, "sent": 23}
    assert json.loads(planned.out)["summary"] == counts
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0
    cli("sandbox", "price", "USDT_BTC", "9900")
    assert cli("plan", "--detailed-exitcode").code == 0
    cli("sandbox", "price", "USDT_BTC", "9500")
    assert cli("plan", "--detailed-exitcode").code == 0
