"""Every command once, as a program of its own: with the dependencies that are installed, the lowest ones included."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reconciler.cli.main import root

pytestmark = pytest.mark.slow

PROGRAM = Path(sys.executable).with_name("reconciler")
SECOND_PLAN = """\
version: 1
account: main
trades:
  eth-dip:
    pair: USDT_ETH
    position: {type: buy, order_type: limit, units: 0.1, price: 1000}
    take_profit: [{order_type: limit, price: 5000, volume: 100}]
    stop_loss: {order_type: market, conditional: {price: 900}}
"""
CANDLES = "time,open,high,low,close\n2026-01-01T00:00:00Z,60100,60200,60050,60150\n"
BY_HAND = "--auto-approve"

# One story in one workspace. Each command ends well; those in REFUSED have nothing to do in it and say so.
STORY = [
    "init",
    "sandbox price USDT_BTC 61000",
    "validate",
    "fmt",
    "plan --out plan.json",
    "show plan.json",
    f"apply plan.json {BY_HAND}",
    "status",
    "drift",
    "plan --format json",
    "schema plan",
    "trade show btc-dip",
    f"trade note btc-dip 'in place' {BY_HAND}",
    f"trade process btc-dip {BY_HAND}",
    f"trade start btc-dip {BY_HAND}",
    f"trade add-funds btc-dip --units 0.005 --market {BY_HAND}",
    f"trade reduce-funds btc-dip --units 0.002 --market {BY_HAND}",
    "trade trades btc-dip",
    f"trade close-step btc-dip 1 {BY_HAND}",
    "sandbox show",
    "sandbox price USDT_ETH 3000",
    "sandbox advance 90s",
    "sandbox replay candles.csv",
    "sandbox fault kinds",
    "sandbox fault add server_error --method GET",
    "sandbox fault list",
    "sandbox fault clear",
    "import --all --stdout",
    f"trade close btc-dip {BY_HAND}",
    f"trade cancel eth-dip {BY_HAND}",
    "journal show",
    "journal export",
    "freeze --reason maintenance --until 1h",
    "unfreeze --reason over",
    "unlock",
    "sandbox act open USDT_BTC 0.01 --price 50000 --stop 40000 --note mine",
    "sandbox act drag-stop 30000003 41000",
    "sandbox act note 30000003 yours",
    "sandbox act cancel 30000003",
    "sandbox act open USDT_BTC 0.01 --note mine",
    "sandbox act close 30000004",
    "sandbox set pending_reads clock",
    "sandbox schedule fill_on_cancel 40",
    "accounts",
    "sandbox reset",
    "demo",
]
REFUSED = [
    "trade cancel-step btc-dip 9 --auto-approve",
    "journal resolve 1 --as applied",
    "sandbox fill 1 0.004",
]
SERVED = "sandbox serve --port 0"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("every-command")
    (folder / "candles.csv").write_text(CANDLES)
    (folder / "eth-dip.yaml").write_text(SECOND_PLAN)
    return folder


def start(workspace: Path, line: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    # Python's own warnings would show in a terminal; here they are errors, as in all tests.
    environment |= {"PYTHONWARNINGS": "error", "NO_COLOR": "1"}
    return subprocess.Popen(
        [PROGRAM, *shlex.split(line)],
        cwd=workspace,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def names_of(group: click.Command, context: click.Context) -> Iterator[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        yield ()
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        for rest in names_of(command, context):
            yield (name, *rest)


def test_every_command_is_run_here() -> None:
    lines = [tuple(shlex.split(line)) for line in [*STORY, *REFUSED, SERVED]]
    for name in names_of(root, click.Context(root)):
        assert any(line[: len(name)] == name for line in lines), " ".join(name)


def test_every_command_ends_well_as_a_program(workspace: Path) -> None:
    for line in STORY:
        with start(workspace, line) as process:
            out, err = process.communicate(timeout=60)
        assert process.returncode == 0, f"{line}\n{out}\n{err}"


@pytest.mark.parametrize("line", REFUSED)
def test_a_command_with_nothing_to_do_says_so_as_a_program(tmp_path: Path, line: str) -> None:
    start(tmp_path, "init").communicate(timeout=60)
    process = start(tmp_path, line)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (1, 12, 64), err
    assert err.startswith("Error: ")
    assert "Traceback" not in err


def test_the_sandbox_is_served_until_it_is_interrupted(tmp_path: Path) -> None:
    start(tmp_path, "init").communicate(timeout=60)
    with start(tmp_path, SERVED) as process:
        assert process.stdout is not None
        assert "Serving" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)
