"""Signals to a real process in the middle of an apply: Ctrl-C once and twice, SIGTERM, and sleep past the lock."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest

from reconciler.journal import tables
from reconciler.settings import load_settings
from reconciler.workflows.journal import open_database
from tests.support.world import World

pytestmark = pytest.mark.slow

CONFIG = "version: 1\nworkspace: test\ntargets:\n  sandbox: {kind: sandbox, accounts: {main: 1}}\n"
TRADE = """\
  t{number}:
    pair: USDT_BTC
    position: {{type: buy, order_type: limit, units: 0.01, price: {price}}}
    stop_loss: {{order_type: market, conditional: {{price: 40000}}}}
"""
CREATES = 12


class Apply:
    """An apply in a process of its own, stopped right after it has announced its n-th create.

    Args:
        folder: The workspace.
        creates: Which create.
    """

    def __init__(self, folder: Path, creates: int) -> None:
        self.process = _start(folder, "apply", "--auto-approve", "--verbose")
        self.told = ""
        self._wait_for(creates)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def stop_outside_transactions(self, folder: Path) -> None:
        """SIGSTOP, at a point where it holds no lock on a file: that would keep everybody out until it goes on."""
        self.send(signal.SIGSTOP)
        while _is_locked(folder):
            self.send(signal.SIGCONT)
            self.wait_for_word("POST /v2/smart_trades")
            self.send(signal.SIGSTOP)

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        self.process.send_signal(number)

    def wait_for_word(self, word: str) -> None:
        """Go on reading until something is said."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told += line
            if word in line:
                return

    def end(self) -> int:
        """The exit code."""
        out, err = self.process.communicate()
        self.told += out + err
        return self.process.returncode

    def _wait_for(self, creates: int) -> None:
        for _ in range(creates):
            self.wait_for_word("POST /v2/smart_trades")


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", "--workspace", str(folder)]
    return subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of many creates."""
    (tmp_path / "reconciler.yaml").write_text(CONFIG)
    trades = "".join(TRADE.format(number=number, price=50000 + number) for number in range(CREATES))
    (tmp_path / "plan.yaml").write_text(f"version: 1\naccount: main\ntrades:\n{trades}")
    return tmp_path


def count_trades(folder: Path) -> Counter[str]:
    with World(folder / ".reconciler" / "sandbox.sqlite") as world:
        return Counter(str(entity["note"]).split()[1] for entity in world.trades())


def assert_resumed(folder: Path) -> None:
    """The next apply does the rest, and nothing twice."""
    again = _start(folder, "apply", "--auto-approve")
    out, err = again.communicate()
    assert again.returncode == 0, out + err
    counted = count_trades(folder)
    assert (len(counted), set(counted.values())) == (CREATES, {1})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_finishes_what_is_in_flight_and_reports_the_rest(folder: Path, number: signal.Signals) -> None:
    with Apply(folder, 3) as apply:
        apply.send(number)
        assert apply.end() == 130
    assert "Interrupted: finishing the current request, starting nothing new." in apply.told
    done = len(count_trades(folder))
    assert 3 <= done < CREATES
    assert f"Apply incomplete. Trades: {done} added, 0 changed, 0 destroyed." in apply.told
    assert f"Operations: {CREATES - done} not started." in apply.told
    assert_resumed(folder)


def test_two_signals_stop_at_once_and_the_next_run_settles(folder: Path) -> None:
    with Apply(folder, 3) as apply:
        apply.send(signal.SIGINT)
        apply.wait_for_word("Interrupted")
        apply.send(signal.SIGINT)
        assert apply.end() == 130
    assert "Traceback" not in apply.told
    assert_resumed(folder)


def test_a_process_that_was_stopped_past_its_expiry_writes_nothing_when_it_goes_on(folder: Path) -> None:
    with Apply(folder, 3) as apply:
        apply.stop_outside_transactions(folder)
        _let_lock_expire(folder)
        assert_resumed(folder)
        apply.send(signal.SIGCONT)
        assert apply.end() == 11, apply.told
    assert "the lock of this run was taken" in apply.told
    counted = count_trades(folder)
    assert (len(counted), set(counted.values())) == (CREATES, {1})


def _is_locked(folder: Path) -> bool:
    """Whether a process is in the middle of a transaction on one of the files."""
    for path in (folder / ".reconciler").glob("*.sqlite"):
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
    return False


def _let_lock_expire(folder: Path) -> None:
    """As if the lifetime of the lock were over."""
    with open_database(load_settings(folder, None, {})) as database, database.begin() as connection:
        connection.execute(tables.locks.update().values(expires_at=0.0))
