"""Standard streams that are closed, full or gone: the run is what it would be, and its exit code says so."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import pytest

from reconciler.cli.main import run
from reconciler.cli.printer import Printer
from tests.scenarios.commands.command_lines import Leaf, list_leaves
from tests.support import manual_edits
from tests.support.partial_matrix import take_part
from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.slow

FULL = f"Error: standard output cannot be written: {os.strerror(errno.ENOSPC)}\n"
LEAVES = [leaf for leaf in list_leaves() if leaf.path != ("demo",)]
LOST = ("missing", "full", "gone")


class _Failing(io.StringIO):
    """A stream that takes some characters and then no more."""

    def __init__(self, number: int, takes: int = 0) -> None:
        super().__init__()
        self._number = number
        self._left = takes

    def write(self, text: str) -> int:
        self._left -= len(text)
        if self._left < 0:
            raise OSError(self._number, os.strerror(self._number))
        return super().write(text)


def _closed() -> TextIO:
    stream = io.StringIO()
    stream.close()
    return stream


# What may be the matter with a stream that is written to.
STATES: dict[str, Callable[[], TextIO | None]] = {
    "missing": lambda: None,
    "closed": _closed,
    "full": lambda: _Failing(errno.ENOSPC),
    "gone": lambda: _Failing(errno.EPIPE),
    "broken": lambda: _Failing(errno.EIO, takes=5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a command left behind.

    Attributes:
        code: Its exit code.
        out: What standard output took.
        err: What standard error took.
        world: What the sandbox holds afterwards.
    """

    code: int
    out: str
    err: str
    world: str = ""


class Copies:
    """Runs commands, each in a copy of a workspace in which a trade is open and its stop differs from the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template"
        self._template.mkdir()
        (self._template / "reconciler.yaml").write_text(CONFIG)
        (self._template / "btc-dip.yaml").write_text(BTC_DIP)
        (self._template / "candles.csv").write_text("time,open,high,low,close\n2026-01-01T00:00:00Z,1,1,1,1\n")
        with chdir(self._template):
            assert _run(["apply", "--auto-approve"]).code == 0
            assert _run(["sandbox", "price", "USDT_BTC", "59900"]).code == 0
            (self._template / "btc-dip.yaml").write_text(BTC_DIP.replace("58500", "58600"))
            assert _run(["plan", "--out", "plan.json"]).code == 0

    def run(self, arguments: Sequence[str], **streams: TextIO | None) -> Ended:
        """Run a command in a new copy, with some streams in the place of sound ones."""
        folder = self._folder / "copy"
        shutil.copytree(self._template, folder)
        try:
            with chdir(folder):
                ended = _run(arguments, **streams)
                world = _run(["sandbox", "show"]).out + _run(["trade", "show", "btc-dip", "--format", "json"]).out
                return replace(ended, world=world)
        finally:
            shutil.rmtree(folder)


def _run(arguments: Sequence[str], **streams: TextIO | None) -> Ended:
    used = {"stdin": io.StringIO(), "stdout": io.StringIO(), "stderr": io.StringIO(), **streams}
    before = {name: getattr(sys, name) for name in used}
    try:
        for name, stream in used.items():
            setattr(sys, name, stream)
        code = run(list(arguments))
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)
    # A freeze says since when it is in force, and a plan when its prices were seen: another moment in each run.
    out = re.sub(r"since \S+Z|[0-9-]{10} [0-9:]{8} UTC", "then", _read(used["stdout"]))
    return Ended(code=code, out=out, err=_read(used["stderr"]))


def _read(stream: TextIO | None) -> str:
    return stream.getvalue() if isinstance(stream, io.StringIO) and not stream.closed else ""


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    return Copies(tmp_path_factory.mktemp("streams"))


@pytest.fixture(scope="module")
def sound(copies: Copies) -> dict[str, Ended]:
    """What each command does where all streams are sound."""
    return {leaf.name: copies.run(leaf.spell()) for leaf in LEAVES}


def _expect(leaf: Leaf, state: str, sound: Ended) -> int:
    """A command whose output is all that it does has failed where that could not be written."""
    is_lost = state in ("full", "broken") and bool(sound.out)
    return 1 if is_lost and not leaf.can_approve and sound.code in (0, 2) else sound.code


def _name(each: Leaf | str) -> str:
    return each.name if isinstance(each, Leaf) else each


def _combine(offset: int) -> list[tuple[Leaf, str]]:
    """Every command that acts with every loss, and of the others, which all print alike, each with one in turn."""
    return [
        (leaf, state)
        for number, leaf in enumerate(LEAVES)
        for state in (LOST if leaf.can_approve else take_part(LOST, number + offset, one_of=len(LOST)))
    ]


@pytest.mark.parametrize(("leaf", "state"), _combine(0), ids=_name)
def test_without_standard_output_a_command_does_the_same(
    copies: Copies, sound: dict[str, Ended], leaf: Leaf, state: str
) -> None:
    ended = copies.run(leaf.spell(), stdout=STATES[state]())
    assert ended.code == _expect(leaf, state, sound[leaf.name])
    assert ended.world == sound[leaf.name].world
    assert "Internal error" not in ended.err
    if ended.code != sound[leaf.name].code:
        assert ended.err.startswith(sound[leaf.name].err)
        assert "Error: standard output cannot be written: " in ended.err


@pytest.mark.parametrize(("leaf", "state"), _combine(1), ids=_name)
def test_without_standard_error_a_command_does_and_prints_the_same(
    copies: Copies, sound: dict[str, Ended], leaf: Leaf, state: str
) -> None:
    ended = copies.run(leaf.spell(), stderr=STATES[state]())
    assert (ended.code, ended.world) == (sound[leaf.name].code, sound[leaf.name].world)
    assert ended.out == sound[leaf.name].out


@pytest.mark.parametrize("state", ["missing"])
@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.name)
def test_without_standard_input_nobody_is_asked(
    copies: Copies, sound: dict[str, Ended], leaf: Leaf, state: str
) -> None:
    ended = copies.run(leaf.spell(), stdin=STATES[state]())
    assert (ended.code, ended.world) == (sound[leaf.name].code, sound[leaf.name].world)
    unapproved = [word for word in leaf.spell() if word != "--auto-approve"]
    if leaf.can_approve and leaf.name != "import":
        ended = copies.run(unapproved, stdin=STATES[state]())
        assert (ended.code, ended.out) == (64, "")
        assert "there is no terminal: add --auto-approve" in ended.err


def test_the_outcome_of_an_apply_moves_to_the_other_stream(copies: Copies) -> None:
    for state in LOST:
        ended = copies.run(["apply", "--auto-approve"], stdout=STATES[state]())
        assert ended.code == 0
        assert "Plan: 0 to add, 1 to change, 0 to destroy." in ended.err
        assert "Apply complete! Trades: 0 added, 1 changed, 0 destroyed." in ended.err
        assert ("Warning: standard output cannot be written" in ended.err) == (state == "full")


@pytest.mark.usefixtures("workspace")
def test_an_import_that_only_prints_has_failed_where_it_could_not() -> None:
    manual_edits.open_trade(manual_edits.body(price="50000", stop="40000"))
    assert "price: 50000" in _run(["import", "--all", "--stdout"]).out
    ended = _run(["import", "--all", "--stdout"], stdout=STATES["full"]())
    assert (ended.code, ended.err.endswith(FULL)) == (1, True)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["apply", "--help"], ["trade"], ["--version"], ["plan", "--nonsense"]]
)
@pytest.mark.parametrize("state", STATES)
def test_what_is_printed_for_a_reader_needs_none(copies: Copies, arguments: list[str], state: str) -> None:
    sound = copies.run(arguments)
    assert sound.out or sound.err
    lost = copies.run(arguments, stdout=STATES[state]())
    assert lost.code == (1 if sound.out and state in ("full", "broken") else sound.code)
    assert copies.run(arguments, stderr=STATES[state]()).code == sound.code
    assert sys.stdout is not None


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_watch_ends_when_nobody_reads_it_any_more(copies: Copies, format_: str) -> None:
    watching = ["status", "--watch", "1s", "--format", format_]
    assert copies.run(watching, stdout=STATES["gone"]()).code == 0
    assert copies.run(watching, stdout=STATES["full"]()).code == 1


def test_a_watch_of_drift_that_nobody_reads_ends_with_what_is_active(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("apply", "--auto-approve").code == 0
    assert cli("sandbox", "schedule", "kill_stop", "suspended").code == 0
    assert cli("sandbox", "price", "USDT_BTC", "59900").code == 0
    monkeypatch.setattr(sys, "stdout", _Failing(errno.EPIPE))
    assert run(["drift", "--watch", "1s"]) == 2


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Unreadable(_Terminal):
    def readline(self, *_: object) -> str:  # type: ignore[override] # the stream of bytes below it has another result
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("stdin", [_Terminal(), _Unreadable(), _Terminal("no\n"), _Terminal("y\n")])
def test_no_answer_is_no_approval(copies: Copies, stdin: TextIO) -> None:
    before = copies.run(["plan"]).world
    ended = copies.run(["apply"], stdin=stdin)
    assert (ended.code, ended.world) == (1, before)
    assert ended.err.endswith("Enter a value: Cancelled. Nothing was sent.\n")


def test_an_answer_to_a_question_that_nobody_saw_is_no_approval(copies: Copies) -> None:
    before = copies.run(["plan"]).world
    for make_stream in STATES.values():
        ended = copies.run(["apply"], stdin=_Terminal("yes\n"), stderr=make_stream())
        assert (ended.code, ended.world) == (1, before)
    assert copies.run(["apply"], stdin=_Terminal("yes\n")).world != before


def test_what_an_encoding_does_not_have_is_escaped(copies: Copies) -> None:
    for encoding in ("ascii", "latin-1"):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
        assert (
            copies.run(["trade", "note", "btc-dip", "caf\u00e9 \U0001f984", "--auto-approve"], stdout=stream).code == 0
        )
        ended = copies.run(["validate", "caf\u00e9"], stderr=stream)
        assert ended.code in (0, 1, 64)


def test_the_same_warning_is_printed_once_in_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    told = io.StringIO()
    monkeypatch.setattr(sys, "stderr", told)
    printer = Printer()
    for _ in range(3):
        printer.print_warning("beware")
    assert told.getvalue() == "Warning: beware\n"
    printer.begin()
    printer.print_warning("beware")
    assert told.getvalue() == "Warning: beware\n" * 2


def test_a_stream_that_has_failed_is_not_written_to_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = _Failing(errno.EPIPE, takes=20)
    monkeypatch.setattr(sys, "stdout", stream)
    printer = Printer()
    printer.print_result("a short line")
    printer.print_result("a line that is too long")
    printer.print_result("short")
    assert stream.getvalue() == "a short line\n"
    assert (printer.has_reader, printer.find_fault()) == (False, "")


def _fill(*, is_blocking: bool) -> tuple[TextIO, int]:
    """A pipe that nobody reads, as a stream, and the number of its other end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, is_blocking)
    return os.fdopen(writing, "w"), reading


@pytest.mark.parametrize(("is_blocking", "is_acting"), [(True, True), (False, True), (False, False)])
def test_a_run_does_not_wait_without_end_for_a_reader_who_reads_nothing(
    monkeypatch: pytest.MonkeyPatch, is_blocking: bool, is_acting: bool
) -> None:
    stream, reading = _fill(is_blocking=is_blocking)
    told = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", told)
    printer = Printer(patience_s=0.2)
    printer.keeps_results = is_acting
    printer.print_result("x" * 200_000)
    printer.print_result("the outcome")
    assert (printer.has_reader, printer.find_fault()) == (False, "nobody reads it")
    assert ("the outcome" in told.getvalue()) == is_acting
    with os.fdopen(reading, "rb") as taken:
        stream.close()
        assert 4096 <= len(taken.read()) < 200_000
