"""Two applies at the same time, from two real processes: one works, the other waits or exits 11, nothing twice.

70 tries in all; `TRIES=200 pytest tests/unit/journal/test_two_processes.py` makes 200 of each kind.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.world import World

pytestmark = pytest.mark.slow

# By the patience of both: a second one that is patient looks for the lock once a second, so of these there are fewer.
TRIES = {patience: int(os.environ.get("TRIES", tries)) for patience, tries in {"0": "30", "10": "5"}.items()}
CONFIG = "version: 1\nworkspace: test\ntargets:\n  sandbox: {kind: sandbox, accounts: {main: 1}}\n"
TRADE = """\
  t{number}:
    pair: USDT_BTC
    position: {{type: buy, order_type: limit, units: 0.01, price: {price}}}
    stop_loss: {{order_type: market, conditional: {{price: 40000}}}}
"""
# Runs one command a line and says how it ended.
WORKER = """
import io, sys
from contextlib import redirect_stderr, redirect_stdout
from reconciler.cli.main import run
import reconciler.cli.apply, reconciler.journal.sql_journal, reconciler.sandbox.wire.app
print("ready", flush=True)
for line in sys.stdin:
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        code = run(line.split())
    print(code, flush=True)
    if code not in (0, 11):
        print(told.getvalue(), file=sys.stderr, flush=True)
"""


@contextmanager
def worker(journal_url: str) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "RECONCILER_JOURNAL_URL": journal_url},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


def apply_at_once(workers: list[subprocess.Popen[str]], folder: Path, patience: str) -> list[int]:
    for process in workers:
        assert process.stdin is not None
        process.stdin.write(f"--workspace {folder} apply --auto-approve --lock-timeout {patience}\n")
        process.stdin.flush()
    return [int(process.stdout.readline()) for process in workers if process.stdout is not None]


@pytest.mark.parametrize("patience", ["0", "10"])
def test_of_two_applies_one_works_and_nothing_is_opened_twice(journal_url: str, tmp_path: Path, patience: str) -> None:
    trades = "".join(TRADE.format(number=number, price=50000 + number) for number in range(4))
    codes: Counter[int] = Counter()
    with worker(journal_url) as first, worker(journal_url) as second:
        for number in range(TRIES[patience]):
            folder = tmp_path / f"try{number}"
            folder.mkdir()
            (folder / "reconciler.yaml").write_text(CONFIG)
            (folder / "plan.yaml").write_text(f"version: 1\naccount: main\ntrades:\n{trades}")
            ended = apply_at_once([first, second], folder, patience)
            codes.update(ended)
            assert set(ended) <= {0, 11}
            assert 0 in ended
            with World(folder / ".reconciler" / "sandbox.sqlite") as world:
                names = Counter(str(entity["note"]).split()[1] for entity in world.trades())
            assert len(names) == 4
            assert set(names.values()) == {1}
    if patience == "10":
        assert codes == {0: 2 * TRIES[patience]}
    else:
        assert codes[11] > 0
