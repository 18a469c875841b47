"""`show`: a saved plan, shown again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_a_saved_plan_is_shown_again_as_it_was_made(cli: Cli, workspace: Path) -> None:
    planned = cli("plan", "--out", "review.json")
    assert "reconciler apply review.json" in planned.err
    assert cli("show", "review.json").out == planned.out
    assert cli("show", "review.json", "--format", "json").out == (workspace / "review.json").read_text()


def test_a_saved_plan_is_shown_as_markdown_with_its_digest_and_briefly(cli: Cli, workspace: Path) -> None:
    planned = cli("plan", "--out", "review.json", "--format", "markdown").out
    digest = json.loads((workspace / "review.json").read_text())["digest"]
    assert f"Plan `{digest[:19]}`" in planned
    assert cli("show", "review.json", "--format", "markdown").out == planned
    brief = cli("show", "review.json", "--brief").out
    assert "buys 0.01 BTC at 60,000" in brief
    assert "RISK" not in brief
    assert cli("plan", "--brief").out.splitlines()[3:] == brief.splitlines()[3:]


def test_a_saved_plan_is_shown_as_the_page_that_plan_writes(cli: Cli, workspace: Path) -> None:
    planned = cli("plan", "--out", "review.json", "--format", "html").out
    assert planned.startswith("<!doctype html>")
    assert planned.rstrip().endswith("</html>")
    assert json.loads((workspace / "review.json").read_text())["digest"] in planned
    assert cli("show", "review.json", "--format", "html").out == planned


def test_a_plan_file_is_not_a_saved_plan(cli: Cli) -> None:
    done = cli("show", "btc-dip.yaml")
    assert done.code == 1
    assert done.err == (
        "Error: btc-dip.yaml is a plan file, not a saved plan: `reconciler plan btc-dip.yaml --out FILE` makes one\n"
    )


def test_a_file_that_does_not_exist_is_named(cli: Cli) -> None:
    done = cli("show", "nosuch.json")
    assert done.code == 1
    assert "nosuch.json cannot be read: No such file or directory" in done.err
