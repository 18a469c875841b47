"""`trade note`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import CONFIG, Cli

pytestmark = pytest.mark.usefixtures("workspace")
FIRST = "30000001"


@pytest.mark.usefixtures("waiting")
def test_a_note_keeps_its_marker_and_the_plan_puts_the_files_note_back(cli: Cli) -> None:
    before = json.loads(cli("trade", "show", "btc-dip", "--format", "json").out)["note"]
    assert cli("trade", "note", "btc-dip", "moved by hand", "--auto-approve").code == 0
    after = json.loads(cli("trade", "show", "btc-dip", "--format", "json").out)["note"]
    assert after == before.replace("weekly support retest", "moved by hand")
    assert "note rewritten" in cli("plan").out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mine [reconciler:1 x/y#1 00000000 00000000]", "begins the ownership marker"),
        ("two\nlines", "expected one line"),
        ("x" * 300, "found a note of 300 characters, expected at most 2"),
    ],
)
@pytest.mark.usefixtures("waiting")
def test_a_note_that_cannot_be_one_is_refused(cli: Cli, text: str, reason: str) -> None:
    done = cli("trade", "note", "btc-dip", text, "--auto-approve")
    assert done.code == 64
    assert reason in done.err


@pytest.mark.usefixtures("waiting")
def test_by_id_a_trade_of_nobody_is_reached_and_the_question_says_so(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(CONFIG.replace("workspace: test", "workspace: other"))
    done = cli("trade", "note", "--id", FIRST, "seen", "--auto-approve")
    assert done.code == 0
    assert "NOT of this workspace: it belongs to `test/btc-dip`" in done.err
    assert done.out == "[1/1] #30000001: note: done\n"
    assert cli("trade", "show", "btc-dip").code == 12
