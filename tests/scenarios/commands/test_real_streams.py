"""The program as a process of its own, with real streams that are closed, full, gone, slow or of another encoding."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli.main import run
from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from reconciler.cli.main import main; main()"]
TRADES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a process left behind."""

    code: int
    out: str
    err: str


def _environment(**more: str) -> Mapping[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "TMPDIR", "COVERAGE_PROCESS_START")
    }
    return {**kept, **more}


def shell(line: str, **environment: str) -> Ended:
    """Run a line of the shell in which `R` is the program; its code is that of the first command of a pipe."""
    script = f"R() {{ {PROGRAM[0]} -c '{PROGRAM[2]}' \"$@\"; }}; {line}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, env=_environment(**environment), timeout=60, check=False
    )
    return Ended(
        code=done.returncode, out=done.stdout.decode("utf-8", "replace"), err=done.stderr.decode("utf-8", "replace")
    )


@pytest.fixture
def several(workspace: Path) -> Path:
    """A workspace of several trades."""
    for number in range(1, TRADES):
        text = BTC_DIP.replace("btc-dip", f"trade-{number}").replace("60000", str(59000 + number))
        (workspace / f"trade-{number}.yaml").write_text(text)
    return workspace


def test_an_apply_ends_its_work_though_its_reader_goes_away_early(several: Path, cli: Cli) -> None:
    ended = shell("R apply --auto-approve 2>&1 | head -1")
    assert (ended.code, ended.out) == (0, "Workspace test, target sandbox (paper)\n")
    assert "No changes." in cli("plan").out


def test_an_apply_ends_its_work_though_its_messages_find_no_reader(several: Path, cli: Cli) -> None:
    ended = shell("R apply --auto-approve 2>&1 >out.txt | head -1")
    assert ended.code == 0
    assert ended.out.startswith("[1/6]")
    assert f"Trades: {TRADES} added" in (several / "out.txt").read_text()
    assert "No changes." in cli("plan").out


@pytest.mark.parametrize(
    ("line", "code", "err"),
    [
        ("R plan >/dev/full", 1, "Error: standard output cannot be written: No space left on device\n"),
        ("R --help >/dev/full", 1, "Error: standard output cannot be written: No space left on device\n"),
        ("R plan --detailed-exitcode >&-", 2, ""),
        ("R plan --detailed-exitcode | true", 2, ""),
        ("R --help | true", 0, ""),
        ("R plan -v 2>&1 >/dev/null | true", 0, ""),
        ("R validate 2>/dev/full", 0, ""),
        ("R plan --nonsense 2>/dev/full", 64, ""),
        ("R validate >&- 2>&- <&-", 0, ""),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_python_itself_has_nothing_to_add(line: str, code: int, err: str) -> None:
    ended = shell(line)
    assert (ended.code, ended.err) == (code, err)


def test_an_apply_without_any_stream_is_an_apply(workspace: Path, cli: Cli) -> None:
    assert shell("R apply --auto-approve >&- 2>&- <&-").code == 0
    assert shell("R apply <&-").err.count("there is no terminal: add --auto-approve") == 1
    assert "No changes." in cli("plan").out
    # A file that took the number of a closed stream would hold what was printed.
    for file in (workspace / ".reconciler").iterdir():
        assert b"Apply complete" not in file.read_bytes()


def test_a_reader_who_is_slow_and_does_not_block_gets_everything(workspace: Path) -> None:
    text = (workspace / "btc-dip.yaml").read_text()
    trades = "".join(text.partition("trades:\n")[2].replace("btc-dip", f"trade-{number}") for number in range(400))
    (workspace / "btc-dip.yaml").write_text("version: 1\naccount: main\ntrades:\n" + trades)
    expected = subprocess.run([*PROGRAM, "plan"], capture_output=True, env=_environment(), check=True).stdout
    assert len(expected) > 100_000
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    process = subprocess.Popen([*PROGRAM, "plan"], stdout=writing, stderr=subprocess.DEVNULL, env=_environment())
    os.close(writing)
    time.sleep(1.0)
    with os.fdopen(reading, "rb") as stream:
        found = stream.read()
    assert (process.wait(), _strip_times(found)) == (0, _strip_times(expected))


def _strip_times(text: bytes) -> bytes:
    """The text without the moments at which prices were seen, which differ between two runs."""
    return re.sub(rb"[0-9-]{10} [0-9:]{8} UTC", b"then", text)


ODD_PLACES = {
    "C": {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii:strict"},
    "no home": {"HOME": ""},
    "dumb": {"TERM": "dumb", "COLUMNS": "0", "LINES": "-1"},
    "garbage": {"TERM": "\x01", "COLUMNS": "wide", "LINES": "9" * 30},
    "narrow": {"COLUMNS": "1", "LINES": "1"},
}


@pytest.mark.parametrize("place", ODD_PLACES)
def test_the_program_runs_wherever_it_is_started(workspace: Path, place: str) -> None:
    with (workspace / "btc-dip.yaml").open("a", encoding="utf-8") as file:
        file.write("    # caf\u00e9\n")
    (workspace / "caf\u00e9.yaml").write_text(BTC_DIP.replace("btc-dip", "UPPER"), encoding="utf-8")
    ended = shell("R validate; R plan btc-dip.yaml caf\u00e9; R --help", **ODD_PLACES[place])
    assert "Internal error" not in ended.err
    assert "Traceback" not in ended.err
    # Where names are not read as UTF-8 the file is named instead of its trade.
    assert ("UPPER" if place != "C" else "use a UTF-8 locale") in ended.err + ended.out
    assert "Commands:" in ended.out


def test_bytes_that_are_no_text_are_refused_with_the_name_of_the_argument(workspace: Path) -> None:
    for line, name in (
        ("R plan --trade $'caf\\xe9'", "--trade"),
        ("R plan $'caf\\xe9.yaml'", "caf"),
        ("R trade note btc-dip $'\\xff' --auto-approve", "text in UTF-8"),
        ("R $'caf\\xe9'", "caf"),
    ):
        ended = shell(line)
        assert ended.code == 64
        assert name in ended.err
    ended = shell("R plan", RECONCILER_PLAN_TRADE=os.fsdecode(b"\xff"))
    assert (ended.code, "RECONCILER_PLAN_TRADE" in ended.err) == (64, True)


def test_a_current_folder_that_was_removed_is_named(workspace: Path) -> None:
    ended = shell("mkdir gone; cd gone; rmdir ../gone; R plan; R validate; R sandbox show; R init")
    assert ended.code == 1
    assert ended.err.count("Error: ") == ended.err.count("the current folder") == 4
    ended = shell(f"mkdir gone; cd gone; rmdir ../gone; R init {workspace}/new && R schema plan")
    assert ended.code == 0


def test_run_leaves_the_streams_as_they_were() -> None:
    before = sys.stdout, sys.stderr
    assert run(["--version"]) == 0
    assert (sys.stdout, sys.stderr) == before
