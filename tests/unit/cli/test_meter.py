"""Tests of reconciler/cli/meter.py."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest

from reconciler.cli.meter import LINE_PERIOD_S, Meter, Shown, can_draw
from reconciler.cli.printer import Printer
from reconciler.clock import ManualClock, SystemClock
from reconciler.progress import Task
from tests.support.pseudo_terminal import open_terminal

START = datetime(2026, 1, 1, tzinfo=UTC)
DRAWN = re.compile(r"\r(?:\x1b\[\d+A)?\x1b\[J([^\r]*)")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def meter(clock: ManualClock) -> Meter:
    return Meter(Printer(), clock, ticks=False)


@pytest.fixture(autouse=True)
def terminal_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_shows_bar_share_rate_and_time_left(meter: Meter, clock: ManualClock) -> None:
    with open_terminal() as terminal:
        with meter.show(Task.APPLYING, 40) as advance:
            advance(10)
            clock.sleep(20)
            meter.tick()
        assert DRAWN.findall(terminal.read()) == [
            "Applying [#######                       ] 10/40  25%, 0.5/s, 1 min 0 s left",
            "",
        ]


def test_what_is_done_at_once_shows_nothing(meter: Meter, clock: ManualClock) -> None:
    with open_terminal() as terminal:
        with meter.show(Task.PLANNING, 40):
            clock.sleep(0.4)
            meter.tick()
        assert terminal.read() == ""


@pytest.mark.parametrize("columns", [10, 20, 24, 30, 40, 60, 79, 80, 120, 300])
def test_a_bar_is_never_as_long_as_its_line(columns: int, meter: Meter, clock: ManualClock) -> None:
    with open_terminal() as terminal:
        terminal.resize(columns)
        for total in (40, None):
            with meter.show(Task.HISTORY, total) as advance:
                advance(12)
                clock.sleep(4000)
                meter.tick()
        drawn = DRAWN.findall(terminal.read())
        assert len(drawn) == 4
        assert all(len(each) < columns for each in drawn)


def test_a_bar_that_a_narrower_window_has_broken_is_erased_whole(meter: Meter, clock: ManualClock) -> None:
    with open_terminal() as terminal:
        with meter.show(Task.HISTORY, 40) as advance:
            advance(12)
            clock.sleep(10)
            meter.tick()
            assert len(DRAWN.findall(terminal.read())[0]) > 50
            terminal.resize(25)
            meter.tick()
            written = terminal.read()
        assert written.startswith("\r\x1b[3A\x1b[J")
        assert DRAWN.findall(written)[0] == "12/40  30%"


def test_a_text_takes_the_place_of_the_bar(clock: ManualClock) -> None:
    with open_terminal() as terminal:
        printer = Printer()
        meter = Meter(printer, clock, ticks=False)
        printer.make_room = meter.make_room
        with meter.show(Task.APPLYING, 2) as advance:
            advance(1)
            clock.sleep(1)
            meter.tick()
            terminal.read()
            printer.print_message("[1/2] done")
            assert terminal.read() == "\r\x1b[J[1/2] done\r\n"
            meter.tick()
            assert "Applying [" in terminal.read()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_without_a_cursor_gets_a_line_every_ten_seconds_and_no_control(
    term: str, meter: Meter, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_terminal() as terminal:
        monkeypatch.setenv("TERM", term)
        with meter.show(Task.REPLAYING, 4000) as advance:
            for _ in range(25):
                advance(100)
                clock.sleep(1)
                meter.tick()
        assert terminal.read().splitlines() == [
            "Replaying: 1000 of 4000 candles (25%), 100/s, 30 s left",
            "Replaying: 2000 of 4000 candles (50%), 100/s, 20 s left",
        ]


def test_elsewhere_a_line_comes_every_ten_seconds_on_standard_error_alone(
    meter: Meter, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with meter.show(Task.HISTORY) as advance:
        advance(1200)
        clock.sleep(LINE_PERIOD_S - 1)
        meter.tick()
        assert capsys.readouterr() == ("", "")
        clock.sleep(1)
        meter.tick()
        meter.tick()
    assert capsys.readouterr() == ("", "Reading history: 1200 trades, 120/s, 10 s\n")


def test_a_task_that_stands_still_shows_that_too(
    meter: Meter, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with meter.show(Task.IMPORTING, 7):
        clock.sleep(65)
        meter.tick()
    assert capsys.readouterr().err == "Importing: 0 of 7 trades (0%), 1 min 5 s\n"


def test_it_says_whether_a_task_is_shown(meter: Meter) -> None:
    seen = [meter.is_showing]
    with meter.show(Task.PLANNING):
        seen.append(meter.is_showing)
    assert [*seen, meter.is_showing] == [False, True, False]


def test_the_innermost_task_is_shown(meter: Meter, clock: ManualClock, capsys: pytest.CaptureFixture[str]) -> None:
    with meter.show(Task.APPLYING, 3), meter.show(Task.HISTORY):
        clock.sleep(10)
        meter.tick()
    assert capsys.readouterr().err.startswith("Reading history: ")


def test_slow_and_long_tasks_have_rates_and_times_that_can_be_read() -> None:
    shown = Shown(task=Task.PRICES, total=1000, began_at=0.0, done=10)
    assert shown.describe(600.0) == "Reading prices: 10 of 1000 pairs (1%), 1.0/min, 16 h 30 min left"
    assert Shown(task=Task.PRICES, total=0, began_at=0.0).describe(1.0, 60).endswith("0/0 100%")


def test_the_bar_is_drawn_without_being_asked_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_terminal() as terminal:
        monkeypatch.setenv("NO_COLOR", "1")
        meter = Meter(Printer(), SystemClock())
        seen, began_s = "", time.monotonic()
        with meter.show(Task.PLANNING, 2) as advance:
            advance(1)
            while not DRAWN.search(seen) and time.monotonic() - began_s < 30:
                seen += terminal.read()
        drawn = DRAWN.findall(seen + terminal.read())
        assert "Planning [###############               ] 1/2  50%" in drawn[0]
        assert drawn[-1] == ""


def test_only_a_terminal_with_a_cursor_can_show_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_terminal() as terminal:
        assert can_draw(terminal.stream)
        monkeypatch.delenv("TERM")
        assert not can_draw(terminal.stream)
        assert not can_draw(None)
