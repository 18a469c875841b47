"""Every argument that takes a free value, given one that nobody means: a sentence and an exit code, never a bug."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import click
import pytest

from reconciler.cli.main import run
from reconciler.cli.numbers import LARGEST_ID, read_id
from tests.scenarios.commands.command_lines import Leaf, list_odd
from tests.support.partial_matrix import SEED, take_part
from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.slow

NUMBERS = (
    "",
    "-1",
    "0",
    "nan",
    "-inf",
    "1e400",
    "1e5000000000",
    "9" * 19,
    "9" * 5000,
    "-" + "9" * 30,
    "\u0661",
    "\u00b2",
)
DURATIONS = ("9" * 30 + "d", "0s", "1w", "1e9")
TEXTS = (
    " ",
    "\udcff",
    "a\x1b[2J",
    "\U0001f984" * 100,
    "../..",
    "%s{}",
    "closes=" + "9" * 5000,
    "closes=\u00b2",
    "[",
    "a\nb",
)
# Exit codes that say what is the matter; 12 and 2 come from trades that are there and do not allow it.
EXPLAINED = (0, 1, 2, 12, 64)
LONGEST_S = 20
# Each value is tried with every third parameter only, and each path with every second: what reads them is shared.
VALUES, PATHS = list(list_odd(paths=False)), list(list_odd(paths=True))


@contextmanager
def _limited() -> Iterator[None]:
    """A command that does not end is interrupted, and its code of 130 fails the test."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _run(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Exit code and what was printed."""
    shown = io.StringIO()
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), shown, shown
    try:
        with chdir(folder), _limited():
            code = run(arguments)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return code, shown.getvalue()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an open trade and a saved plan."""
    folder = tmp_path_factory.mktemp("odd") / "workspace"
    folder.mkdir()
    (folder / "reconciler.yaml").write_text(CONFIG)
    (folder / "btc-dip.yaml").write_text(BTC_DIP)
    assert _run(["apply", "--auto-approve"], folder)[0] == 0
    assert _run(["sandbox", "price", "USDT_BTC", "59900"], folder)[0] == 0
    assert _run(["plan", "--out", "plan.json"], folder)[0] == 0
    return folder


def _name(leaf: Leaf, param: click.Parameter) -> str:
    return f"{leaf.name}-{param.name}"


def _values_for(param: click.Parameter) -> tuple[str, ...]:
    if isinstance(param.type, click.types.IntParamType | click.types.FloatParamType):
        return NUMBERS
    return NUMBERS + DURATIONS + TEXTS


@pytest.mark.parametrize("number", range(len(VALUES)), ids=[_name(*each) for each in VALUES])
def test_no_value_is_a_bug(template: Path, tmp_path: Path, number: int) -> None:
    leaf, param = VALUES[number]
    for value in take_part(_values_for(param), number, one_of=3):
        folder = tmp_path / "workspace"
        shutil.copytree(template, folder)
        code, shown = _run(leaf.spell(param, value), folder)
        shutil.rmtree(folder)
        assert code in EXPLAINED, (value[:40], SEED, shown[-500:])
        assert "Traceback" not in shown
        assert "\x1b" not in shown
        assert code == 0 or shown


def _make_odd(folder: Path) -> dict[str, str]:
    """Paths that nobody can use, by what is odd about them.

    All that could be written is below the folder: a test must not harm the machine, whatever the program does.
    """
    made = folder / "odd"
    made.mkdir()
    (made / "loop").symlink_to("loop")
    (made / "dangling").symlink_to("nowhere")
    (made / "utf16").write_bytes(BTC_DIP.encode("utf-16"))
    (made / "bytes").write_bytes(bytes(range(256)) * 20)
    (made / "nothing").write_bytes(b"")
    (made / "deep.json").write_text("[" * 5000)
    if os.geteuid() == 0:
        os.mknod(made / "device", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    with chdir(made), socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
    return {
        "empty": "",
        "blank": " ",
        "missing": "odd/missing/deeper",
        "below a file": "btc-dip.yaml/x",
        "long": "a" * 300,
        "deep": "a/" * 3000 + "a",
        "folder": "odd",
        "not writable": "/proc/self/fdinfo",
        "memory": "/proc/self/mem",
        "no text": os.fsdecode(b"\xff"),
        **{each.name: f"odd/{each.name}" for each in sorted(made.iterdir())},
    }


@pytest.mark.parametrize("number", range(len(PATHS)), ids=[_name(*each) for each in PATHS])
def test_no_path_is_a_bug(template: Path, tmp_path: Path, number: int) -> None:
    leaf, param = PATHS[number]
    for kind in take_part(_make_odd(tmp_path), number, one_of=2):
        folder = tmp_path / "workspace"
        shutil.copytree(template, folder)
        code, shown = _run(leaf.spell(param, _make_odd(folder)[kind]), folder)
        shutil.rmtree(folder)
        assert code in EXPLAINED, (kind, SEED, shown[-500:])
        assert "Traceback" not in shown
        assert code == 0 or shown, kind
        assert code == 64 or kind not in ("empty", "loop", "long", "deep", "no text"), kind


def test_ids_are_numbers_that_a_database_takes() -> None:
    assert [read_id(text) for text in ("1", "007", str(LARGEST_ID))] == [1, 7, LARGEST_ID]
    for text in ("", "-1", "+1", "1.0", "\u00b2", "\u0661", str(LARGEST_ID + 1), "9" * 5000, " 1"):
        assert read_id(text) is None


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "arguments",
    [
        ("trade", "close", "--all", "--account", "\u00b2", "--auto-approve"),
        ("trade", "cancel", "--all", "--account", "9" * 5000, "--auto-approve"),
        ("trade", "close-step", "btc-dip", "9" * 5000, "--auto-approve"),
        ("trade", "cancel-step", "btc-dip", "\u0661", "--auto-approve"),
        ("trade", "show", "--id", "9" * 40),
        ("import", "--all", "--account", "9" * 40),
        ("apply", "--acknowledge", "closes=" + "9" * 5000, "--auto-approve"),
        ("plan", "--target", ""),
        ("import", "--all", "--pair", ""),
        ("trade", "cancel", "--all", "--pair", "", "--auto-approve"),
        ("trade", "cancel", "--all", "--account", "", "--auto-approve"),
        ("apply", "--trade", "", "--auto-approve"),
        ("apply", "--lock-timeout", "inf", "--auto-approve"),
        ("drift", "--watch", "9" * 30 + "d"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_what_cannot_be_meant_is_a_usage_error(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert (done.code, done.out) == (64, "")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("settle", "-1"),
        ("settle", "1e400"),
        ("settle", "0.5"),
        ("settle", "9" * 5000),
        ("requests_per_minute", "0"),
        ("requests_per_minute", "9" * 30),
        ("requests_per_minute", ".nan"),
        ("accounts", "{main: " + "9" * 30 + "}"),
        ("accounts", "{main: 1.5}"),
    ],
)
def test_numbers_of_the_configuration_are_within_what_can_be_meant(
    cli: Cli, workspace: Path, place: str, value: str
) -> None:
    other = "" if place == "accounts" else "accounts: {main: 1}, "
    config = f"version: 1\nworkspace: test\ntargets:\n  live: {{kind: api, mode: paper, {other}{place}: {value}}}\n"
    (workspace / "reconciler.yaml").write_text(config)
    for command in ("validate", "plan"):
        done = cli(command)
        assert done.code == 1
        assert "reconciler.yaml:4:" in done.out + done.err


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "9" * 10, "9" * 5000, ".inf"])
def test_a_generation_is_within_what_can_be_meant(cli: Cli, workspace: Path, value: str) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + f"    generation: {value}\n")
    assert cli("validate").code == 1
    assert "generation" in cli("plan").err


@pytest.mark.parametrize("value", ["9" * 30, "9" * 61, "1e50", "-" + "9" * 30, "0.5", ".inf", "9" * 5000])
@pytest.mark.parametrize(
    "place",
    [
        "leverage: {{enabled: true, type: isolated, value: {}}}",
        "account: {}",
        "account_id: {}",
        "note: {{price: {}}}",
    ],
)
def test_numbers_of_a_plan_file_are_no_bug(cli: Cli, workspace: Path, place: str, value: str) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + f"    {place.format(value)}\n")
    for command in (["validate"], ["plan"], ["apply", "--auto-approve"]):
        done = cli(*command)
        assert done.code in (0, 1)
        assert done.code == 0 or "btc-dip" in done.out + done.err


@pytest.mark.parametrize("value", ["9" * 30, "1e-50", "1e50", "9" * 5000])
@pytest.mark.parametrize("old", ["units: 0.01", "price: 60000", "price: 63000", "price: 58500", "volume: 50"])
def test_amounts_of_a_plan_file_are_no_bug(cli: Cli, workspace: Path, old: str, value: str) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace(old, f"{old.partition(':')[0]}: {value}", 1))
    for command in (["validate"], ["plan"], ["apply", "--auto-approve"], ["status"], ["drift"]):
        assert cli(*command).code in (*EXPLAINED, 13)
