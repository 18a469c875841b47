"""A signal ends every wait of a real process at once; what was sent before is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.clock import SystemClock
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import RunStart
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve_aside
from reconciler.settings import load_settings
from reconciler.workflows.journal import open_database, scope_of

pytestmark = pytest.mark.slow

TRADE = """\
  t{number}:
    pair: USDT_BTC
    position: {{type: buy, order_type: limit, units: 0.001, price: {price}}}
    stop_loss: {{order_type: market, conditional: {{price: 40000}}}}
"""
CREATES = 8
# A slow machine needs some seconds to end a process; each wait here would last for a minute.
SOON_S = 20
ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Place:
    """A workspace whose API is on the wire.

    Args:
        folder: Where.
        url: Address of the API.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self._url = url
        trades = "".join(TRADE.format(number=number, price=50000 + number) for number in range(CREATES))
        (folder / "plan.yaml").write_text(f"version: 1\naccount: main\ntrades:\n{trades}")
        self.configure()

    def configure(self, *, pace: int = 100, settle: int = 0) -> None:
        """Say how fast requests may be sent, and how long a create may take to show."""
        target = f"{{kind: api, mode: paper, accounts: {{main: 1}}, base_url: '{self._url}/public/api'"
        target += f", requests_per_minute: {pace}, settle: {settle}}}"
        (self.folder / "reconciler.yaml").write_text(f"version: 1\nworkspace: test\ntargets:\n  api: {target}\n")

    @contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The program in a process of its own."""
        environment = {name: value for name, value in os.environ.items() if name != "CI"}
        environment |= {"THREE_COMMAS_API_KEY": "sandbox-key", "THREE_COMMAS_API_SECRET": "sandbox-secret"}
        command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", *arguments]
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Iterator[Place]:
    with serve_aside(sandbox) as url:
        yield Place(tmp_path, url)


def wait_for_word(process: subprocess.Popen[str], word: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"it never said {word}")


def end_by(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """The exit code and the last words after a signal, which must come soon."""
    began_s = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=50)
    assert time.monotonic() - began_s < SOON_S
    return process.returncode, out + err


@pytest.mark.parametrize("number", ENDING)
def test_a_plan_that_waits_for_the_pace_ends(place: Place, number: signal.Signals) -> None:
    place.configure(pace=3)
    with place.start("plan") as process:
        wait_for_word(process, "Waiting")
        code, told = end_by(process, number)
    assert code == 130
    assert "Interrupted." in told
    assert "Traceback" not in told


@pytest.mark.parametrize("number", ENDING)
def test_an_apply_that_waits_between_two_creates_ends_with_its_summary(
    place: Place, sandbox: Sandbox, number: signal.Signals
) -> None:
    place.configure(pace=12)
    with place.start("apply", "--auto-approve", "-v") as process:
        wait_for_word(process, "POST /v2/smart_trades")
        wait_for_word(process, "Waiting")
        code, told = end_by(process, number)
    assert code == 130, told
    assert "Interrupted: finishing the current request, starting nothing new." in told
    assert "Apply incomplete." in told
    assert "not started" in told
    opened = sandbox.show()["trades"]
    assert isinstance(opened, dict)
    # Whatever was opened is named by its id.
    assert told.count("create #") == sum(int(str(each)) for each in opened.values()) < CREATES


def test_an_apply_that_waits_for_what_a_killed_run_may_have_sent_ends(place: Place, sandbox: Sandbox) -> None:
    place.configure(settle=60)
    with place.start("apply", "--auto-approve") as process:
        wait_for_word(process, "what an earlier run may just have sent is not listed before")
        code, told = end_by(process, signal.SIGTERM)
    assert code == 130, told
    assert sandbox.show()["trades"] == {}


def test_an_apply_that_waits_for_another_run_ends(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(place.folder, None, {})
    with open_database(settings) as database:
        holding = SqlJournal(database, scope_of(settings), SystemClock())
        holding.begin_run(RunStart(git_commit=None, plan_digest="", operations=1), 0)
        with place.start("apply", "--auto-approve", "--lock-timeout", "60", "-v") as process:
            wait_for_word(process, "status=all")
            time.sleep(2)
            code, told = end_by(process, signal.SIGTERM)
    assert code == 130, told


def test_a_signal_that_is_ignored_stays_ignored(place: Place) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    program = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from reconciler.cli.signals import end_on_signals, stop_on_interrupt\n"
        "end_on_signals()\n"
        "with stop_on_interrupt() as stopped:\n    os.kill(os.getpid(), signal.SIGHUP); print(stopped())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "False\n")
