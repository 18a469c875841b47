"""Two processes: one applies, the other freezes; the next trade is not opened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from reconciler.clock import SystemClock
from reconciler.settings import load_settings
from reconciler.workflows.freeze import freeze
from tests.support.program import BTC_DIP, CONFIG, Cli

_COUNT = 150


def write_workspace(folder: Path) -> None:
    (folder / "reconciler.yaml").write_text(CONFIG + f"guardrails: {{creates: {_COUNT}}}\n")
    for number in range(_COUNT):
        (folder / f"t{number}.yaml").write_text(BTC_DIP.replace("btc-dip", f"t{number}"))


def test_a_freeze_in_the_middle_of_a_run_stops_the_next_trade(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").unlink()
    write_workspace(workspace)
    settings = load_settings(workspace, None, {})
    command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", "apply", "--auto-approve"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=workspace, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        seen = [process.stderr.readline()]
        freeze(settings, SystemClock(), lambda _: None, reason="stop it")
        seen += process.stderr.readlines()
    assert process.returncode == 13, "".join(seen[-5:])
    done = [line for line in seen if ": done" in line]
    held = [line for line in seen if "a freeze is in force" in line and "stop it" in line]
    assert 0 < len(done) < _COUNT
    assert len(done) + len(held) == _COUNT
    # The order of the plan: after the first that was held back nothing was opened.
    assert cli("status").out.count("not opened") == len(held)
